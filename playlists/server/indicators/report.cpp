#include "playlists/server/indicators/report.hpp"

#include "content/capsule/vocabulary.hpp"
#include "playlists/server/indicators/bounded.hpp"
#include "playlists/server/indicators/communes.hpp"
#include "playlists/server/indicators/groups.hpp"
#include "playlists/server/ledger/local_hour.hpp"
#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/rollups.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace capsule::server {

namespace {

constexpr const char* months[] = {"janvier", "février", "mars",      "avril",   "mai",      "juin",
                                  "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};

std::string label_of(ReportBy by, const std::string& key, const Labels& labels) {
    std::string label;
    switch (by) {
    case ReportBy::capsule:
        label = labels.capsule_title(key);
        break;
    case ReportBy::theme:
        label = key.empty() ? "" : capsule::label(Vocabulary::theme, key);
        break;
    case ReportBy::site:
        label = labels.site_name(key);
        break;
    case ReportBy::commune:
        label = commune_name(key);
        break;
    case ReportBy::ept:
        label = ept_name(key);
        break;
    case ReportBy::day:
        return key.substr(8, 2) + "/" + key.substr(5, 2) + "/" + key.substr(0, 4);
    case ReportBy::month:
        return std::string(months[(std::stoul(key.substr(5, 2)) + 11) % 12]) + " " + key.substr(0, 4);
    case ReportBy::hour:
        return std::to_string(std::stoi(key)) + "\u00a0h";
    }
    if (label.empty())
        label = key.empty() ? "non renseigné" : key;
    return label;
}

void add(ReportFigures& to, const ReportFigures& figures) {
    to.showings += figures.showings;
    to.complete += figures.complete;
    to.shown_ms += figures.shown_ms;
    to.frames_due += figures.frames_due;
    to.frames_shown += figures.frames_shown;
    to.panel_off += figures.panel_off;
    to.scans += figures.scans;
    to.scheduled += figures.scheduled;
    to.panel_on += figures.panel_on;
}

// One row of numbers; parameters 1 and 2 are the first and the last day.
template <std::size_t N>
Result<std::array<std::int64_t, N>> numbers(sqlite::Database& database, std::int64_t from, std::int64_t to, const char* sql) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, from);
    select.bind(2, to);
    CAPSULE_TRY(there, select.step());
    std::array<std::int64_t, N> out{};
    for (std::size_t i = 0; there && i < N; ++i)
        out[i] = select.integer(static_cast<int>(i));
    return out;
}

// Below the highest number heard of; without those that are told lost, for they are counted with their gap.
Result<std::int64_t> rows_not_received(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT device, journal, acked, highest_seen FROM ledger_journal WHERE highest_seen>acked"));
    std::int64_t rows = 0;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return rows;
        const std::int64_t acked = select.integer(2), highest = select.integer(3);
        CAPSULE_TRY(lost, count_declared_lost(database, select.text(0), select.text(1), acked + 1, highest));
        rows += highest - acked - lost;
    }
}

Result<void> count_what_is_not_known(sqlite::Database& database, Report& out) {
    const std::int64_t from = out.query.from, to = out.query.to;
    CAPSULE_TRY(
        gaps,
        numbers<2>(database, from, to,
                   "SELECT COALESCE(SUM(CASE WHEN found<showings THEN showings-found ELSE 0 END),0),"
                   " COALESCE(SUM(CASE WHEN showings=0 THEN 1 ELSE 0 END),0) FROM (SELECT g.showings, (SELECT COUNT(*) FROM"
                   " ledger_found f WHERE f.gap_journal_id=g.journal_id AND f.gap_seq=g.seq) AS found FROM ledger_gap g"
                   " WHERE g.local_day BETWEEN ?1 AND ?2) AS gaps"));
    out.missing_rows = gaps[0];
    out.unknown_gaps = gaps[1];
    // A hole in a sequence has no date: it is told in every report until it is filled.
    CAPSULE_TRY(holes, rows_not_received(database));
    out.missing_rows += holes;
    CAPSULE_TRY(
        corrections,
        numbers<2>(database, from, to,
                   "SELECT COUNT(*), COALESCE(SUM(showings),0) FROM ledger_correction WHERE local_day BETWEEN ?1 AND ?2"));
    out.corrections = corrections[0];
    out.corrected_showings = corrections[1];
    CAPSULE_TRY(forks, numbers<1>(database, 0, 0, "SELECT COUNT(*) FROM ledger_fork WHERE ?1=?2"));
    out.forked_rows = forks[0];
    CAPSULE_TRY(refused, numbers<1>(database, from, to,
                                    "SELECT COALESCE(SUM(times),0) FROM ledger_refusal WHERE local_day BETWEEN ?1 AND ?2"));
    out.refused = refused[0];
    CAPSULE_TRY(dropped,
                numbers<1>(database, from, to,
                           "SELECT COALESCE(SUM(dropped_rows),0) FROM ledger_dropped WHERE first_day<=?2 AND last_day>=?1"));
    out.dropped_rows = dropped[0];
    CAPSULE_TRY(groups, bounded_showings(database));
    const Instant first = day_span("", from).first, end = day_span("", to).second;
    for (const BoundedShowings& group : groups) {
        if (group.not_after < first || (group.not_before && *group.not_before >= end))
            continue;
        out.bounded_showings += group.showings;
        out.bounded_shown_ms += group.shown_ms;
    }
    return {};
}

} // namespace

Result<Report> report(sqlite::Database& database, const ReportQuery& query, const Labels& labels, Instant now) {
    if (query.from > query.to)
        return Error{Category::invalid, "the report's first day " + day_text(query.from) + " is after its last " + day_text(query.to)};
    if (query.by.all().empty())
        return Error{Category::invalid, "the report does not say by what"};
    Report out;
    out.query = query;
    out.generated_at = now;
    // One moment for all figures.
    CAPSULE_CHECK(database.execute("BEGIN"));
    struct End {
        sqlite::Database& database;
        ~End() { (void)database.execute("ROLLBACK"); }
    } const end{database};

    Groups groups(query.by, labels, query.scans_measured);
    CAPSULE_CHECK(read_sums(database, query.from, query.to, query.by, query.source, groups));
    if (groups.too_many())
        return Error{Category::invalid, "the report would have more than " + std::to_string(Groups::most_rows) +
                                            " rows: ask for a shorter period, or by less at once"};
    out.received_rows = groups.received_rows();
    CAPSULE_TRY(screens, count_screens(database, query.from, query.to, query.source));
    out.screens = screens;
    CAPSULE_CHECK(count_what_is_not_known(database, out));
    CAPSULE_TRY(opening, opening_time(database, labels.expected_screens(), query.from, query.to, now));
    out.opening = opening;

    std::vector<std::unordered_map<std::string, std::string>> known(query.by.all().size()); // labels of keys, by dimension
    for (Groups::Row& counted : groups.rows()) {
        add(out.total, counted.figures);
        ReportRow row{std::move(counted.keys), {}, counted.figures};
        row.labels.reserve(row.keys.size());
        for (std::size_t i = 0; i < row.keys.size(); ++i) {
            const auto [label, fresh] = known[i].try_emplace(row.keys[i]);
            if (fresh)
                label->second = label_of(query.by.all()[i], row.keys[i], labels);
            row.labels.push_back(label->second);
        }
        out.rows.push_back(std::move(row));
    }
    if (!query.by.in_time())
        std::stable_sort(out.rows.begin(), out.rows.end(),
                         [](const ReportRow& a, const ReportRow& b) { return a.figures.showings > b.figures.showings; });
    return out;
}

Result<std::map<std::string, ScreenToday>> screens_today(sqlite::Database& database, Instant now) {
    std::map<std::string, ScreenToday> out;
    CAPSULE_TRY(heard, database.prepare("SELECT screen, last_received_ms FROM ledger_screen"));
    for (;;) {
        CAPSULE_TRY(there, heard.step());
        if (!there)
            break;
        out[heard.text(0)].last_received = instant_from_ms(heard.integer(1));
    }
    const std::int64_t today = local_hour("", now).day;
    CAPSULE_TRY(counts, database.prepare("SELECT place, cells FROM ledger_sum WHERE grain=?1 AND period=?2"));
    counts.bind(1, static_cast<std::int64_t>(Grain::month_screen));
    counts.bind(2, today / 100);
    for (;;) {
        CAPSULE_TRY(there, counts.step());
        if (!there)
            return out;
        CellReader cells(counts.view(1));
        while (cells.next())
            if (cells.cell().key.day == today % 100)
                out[counts.text(0)].showings += cells.cell().sums.showings;
        if (!cells.whole())
            return unreadable_sums(static_cast<std::int64_t>(Grain::month_screen), today / 100, counts.view(0));
    }
}

} // namespace capsule::server
