#include "playlists/server/ledger/export.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <vector>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::size_t page_bytes = 4u << 20;

std::string line(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json journal_of(sqlite::Statement& row) {
    Json out = {{"device", row.text(0)},
                {"journal", row.text(1)},
                {"acked", row.integer(2)},
                {"highest_seen", row.integer(3)},
                {"first_received", to_rfc3339(instant_from_ms(row.integer(4)))},
                {"last_received", to_rfc3339(instant_from_ms(row.integer(5)))},
                {"last_digest", row.text(6)},
                {"public_key", row.is_null(7) ? Json(nullptr) : Json(row.text(7))},
                {"revoked", !row.is_null(8)},
                {"forks", row.integer(9)},
                {"dropped", nullptr}};
    if (!row.is_null(10))
        out["dropped"] = {
            {"last_seq", row.integer(10)}, {"last_digest", row.text(11)}, {"rows", row.integer(12)}, {"rule", row.text(13)}};
    return out;
}

// The rows that a batch brought, and those of its rows that are kept apart.
Result<std::vector<std::string>> rows_of(sqlite::Statement& select, std::int64_t journal, std::int64_t first, std::int64_t last,
                                         std::int64_t batch) {
    select.bind(1, journal);
    select.bind(2, first);
    select.bind(3, last);
    select.bind(4, batch);
    std::vector<std::string> out;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        out.push_back(select.text(0));
    }
    select.reset();
    return out;
}

} // namespace

Result<std::string> export_journals(sqlite::Database& database, const ExportFilter& filter) {
    CAPSULE_TRY(
        select,
        database.prepare(
            "SELECT j.device, j.journal, j.acked, j.highest_seen, j.first_received_ms, j.last_received_ms, j.last_digest,"
            " d.public_key, d.revoked_ms, (SELECT COUNT(*) FROM ledger_fork f WHERE f.journal_id=j.id),"
            " x.last_seq, x.last_digest, (SELECT SUM(dropped_rows) FROM ledger_dropped s WHERE s.journal_id=j.id), x.rule"
            " FROM ledger_journal j LEFT JOIN devices d ON d.id=j.device"
            " LEFT JOIN ledger_dropped x ON x.id=(SELECT MAX(id) FROM ledger_dropped m WHERE m.journal_id=j.id)"
            " WHERE (?1='' OR j.device=?1) AND (?2='' OR j.device IN (SELECT device FROM device_assignments WHERE screen=?2))"
            " ORDER BY j.device, j.id"));
    select.bind(1, filter.device);
    select.bind(2, filter.screen);
    Json out = {{"journals", Json::array()}, {"refusals", Json::array()}};
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        out["journals"].push_back(journal_of(select));
    }
    CAPSULE_TRY(refused,
                database.prepare("SELECT device, kind, local_day, times, last_ms, last_reason FROM ledger_refusal"
                                 " WHERE (?1='' OR device=?1) AND (?2='' OR device IN (SELECT device FROM device_assignments"
                                 " WHERE screen=?2)) ORDER BY local_day DESC, device, kind LIMIT 1000"));
    refused.bind(1, filter.device);
    refused.bind(2, filter.screen);
    for (;;) {
        CAPSULE_TRY(there, refused.step());
        if (!there)
            break;
        out["refusals"].push_back({{"device", refused.text(0).empty() ? Json(nullptr) : Json(refused.text(0))},
                                   {"kind", refused.text(1)},
                                   {"day", day_text(refused.integer(2))},
                                   {"times", refused.integer(3)},
                                   {"last", to_rfc3339(instant_from_ms(refused.integer(4)))},
                                   {"reason", refused.text(5)}});
    }
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> export_batches(sqlite::Database& database, const std::string& device, const std::string& journal,
                                   std::int64_t after, std::optional<Instant> from, std::optional<Instant> until) {
    CAPSULE_TRY(find, database.prepare("SELECT id FROM ledger_journal WHERE device=?1 AND journal=?2"));
    find.bind(1, device);
    find.bind(2, journal);
    CAPSULE_TRY(known, find.step());
    if (!known)
        return Error{Category::missing, "there is no journal " + journal + " of device " + device};
    const std::int64_t id = find.integer(0);
    CAPSULE_TRY(
        batches,
        database.prepare("SELECT id, first_seq, last_seq, received_ms, content_digest, counter, signature_input, signature,"
                         " EXISTS(SELECT 1 FROM ledger_found f JOIN ledger_row r ON r.journal_id=f.journal_id AND r.seq=f.seq"
                         " WHERE f.journal_id=?1 AND f.seq>=first_seq AND f.seq<=last_seq AND r.batch_id=ledger_batch.id"
                         " AND EXISTS(SELECT 1 FROM ledger_row a WHERE a.journal_id=?1 AND a.seq>f.seq AND a.batch_id<r.batch_id))"
                         " FROM ledger_batch WHERE journal_id=?1 AND id>?2 AND received_ms>=?3 AND received_ms<?4 ORDER BY id"));
    batches.bind(1, id);
    batches.bind(2, after);
    batches.bind(3, from ? to_ms(*from) : std::numeric_limits<std::int64_t>::min());
    batches.bind(4, until ? to_ms(*until) : std::numeric_limits<std::int64_t>::max());
    CAPSULE_TRY(rows,
                database.prepare(
                    "SELECT bytes FROM ledger_row WHERE journal_id=?1 AND seq>=?2 AND seq<=?3 AND batch_id=?4 ORDER BY seq"));
    CAPSULE_TRY(forks,
                database.prepare(
                    "SELECT bytes FROM ledger_fork WHERE journal_id=?1 AND seq>=?2 AND seq<=?3 AND batch_id=?4 ORDER BY seq"));
    std::string out;
    for (;;) {
        CAPSULE_TRY(there, batches.step());
        if (!there)
            break;
        const std::int64_t batch = batches.integer(0), first = batches.integer(1), last = batches.integer(2);
        CAPSULE_TRY(kept, rows_of(rows, id, first, last, batch));
        CAPSULE_TRY(apart, rows_of(forks, id, first, last, batch));
        const bool late = batches.integer(8) != 0;
        out += line({{"export", "batch"},
                     {"late", late},
                     {"first_seq", first},
                     {"last_seq", last},
                     {"received", to_rfc3339(instant_from_ms(batches.integer(3)))},
                     {"content_digest", batches.text(4)},
                     {"counter", batches.text(5)},
                     {"signature_input", batches.text(6)},
                     {"signature", batches.text(7)},
                     {"rows", kept.size()},
                     {"forks", apart.size()}});
        for (const auto* lines : {&kept, &apart})
            for (const std::string& bytes : *lines)
                out += bytes + "\n";
        if (out.size() > page_bytes)
            return out + line({{"export", "more"}, {"after", batch}});
    }
    return out + line({{"export", "end-of-journal"}});
}

Result<std::string> list_corrections(sqlite::Database& database, std::int64_t from, std::int64_t to, std::int64_t most) {
    CAPSULE_TRY(select, database.prepare(
                            "SELECT made_ms, cause, device, screen, site, local_day, local_hour, showing_rows, showings, shown_ms"
                            " FROM ledger_correction WHERE local_day BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT ?3"));
    select.bind(1, from);
    select.bind(2, to);
    select.bind(3, most + 1);
    Json out = {{"corrections", Json::array()}, {"more", false}};
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        if (out["corrections"].size() == static_cast<std::size_t>(most)) {
            out["more"] = true;
            break;
        }
        out["corrections"].push_back({{"made", to_rfc3339(instant_from_ms(select.integer(0)))},
                                      {"cause", select.text(1)},
                                      {"device", select.text(2)},
                                      {"screen", select.text(3)},
                                      {"site", select.text(4)},
                                      {"day", day_text(select.integer(5))},
                                      {"hour", select.integer(6)},
                                      {"rows", select.integer(7)},
                                      {"showings", select.integer(8)},
                                      {"shown_ms", select.integer(9)}});
    }
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace capsule::server
