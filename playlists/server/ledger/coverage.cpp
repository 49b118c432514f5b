#include "playlists/server/ledger/coverage.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr std::int64_t day_s = 86'400, day_ms = day_s * 1000;
constexpr std::int64_t longest_off_ms = 400 * day_ms; // a longer one is a wrong clock rather than a switch

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

std::int64_t end_of(const ShownSpan& shown) {
    return shown.start_utc_ms + std::clamp<std::int64_t>(shown.shown_ms, 0, day_ms);
}

enum class Proves { nothing, shown, off };
Proves proves(std::string_view evidence) {
    if (evidence == "scheduled")
        return Proves::nothing;
    return evidence == "panel-off" ? Proves::off : Proves::shown;
}

} // namespace

void Coverage::spread(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms, bool off) {
    const std::int64_t from = floor_div(from_ms, 1000), until = floor_div(until_ms, 1000);
    if (screen.empty() || from_ms < 0 || from >= until || until_ms - from_ms > longest_off_ms)
        return;
    for (std::int64_t day = from / day_s; day * day_s < until; ++day) {
        Covered& covered = m_added[{screen, day}];
        (off ? covered.off : covered.proven)
            .add({std::max(from - day * day_s, std::int64_t{0}), std::min(until - day * day_s, day_s)});
    }
}

void Coverage::add(const ShownSpan& shown) {
    if (proves(shown.evidence) != Proves::nothing)
        spread(shown.screen, shown.start_utc_ms, end_of(shown), proves(shown.evidence) == Proves::off);
}

void Coverage::add_off(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms) {
    spread(screen, from_ms, until_ms, true);
}

void Coverage::made_anew(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms) {
    if (screen.empty() || from_ms < 0 || until_ms < from_ms || until_ms - from_ms > longest_off_ms)
        return;
    for (std::int64_t day = from_ms / day_ms; day * day_ms <= until_ms; ++day)
        m_anew.emplace(screen, day);
}

void Coverage::made_anew(const ShownSpan& shown) {
    made_anew(shown.screen, shown.start_utc_ms, end_of(shown));
}

Result<Covered> Coverage::from_booked(sqlite::Database& database, const std::string& screen, std::int64_t utc_day) {
    Coverage all;
    CAPSULE_TRY(showings,
                database.prepare("SELECT start_utc_ms, shown_ms, evidence FROM ledger_showing WHERE local_day=?1 AND screen=?2"));
    // A showing is as long as a day at most, and a place is at most 14 hours from UTC.
    for (std::int64_t day = utc_day - 2; day <= utc_day + 1; ++day) {
        showings.bind(1, local_hour("UTC", instant_from_ms(day * day_ms)).day);
        showings.bind(2, screen);
        for (;;) {
            CAPSULE_TRY(there, showings.step());
            if (!there)
                break;
            all.add({screen, showings.text(2), showings.integer(0), showings.integer(1)});
        }
        showings.reset();
    }
    CAPSULE_TRY(boots,
                database.prepare("SELECT off_from_ms, off_until_ms FROM ledger_boot WHERE off_screen=?1 AND off_until_ms>?2"
                                 " AND off_from_ms<?3"));
    boots.bind(1, screen);
    boots.bind(2, utc_day * day_ms);
    boots.bind(3, (utc_day + 1) * day_ms);
    for (;;) {
        CAPSULE_TRY(there, boots.step());
        if (!there)
            break;
        all.add_off(screen, boots.integer(0), boots.integer(1));
    }
    Covered out = std::move(all.m_added[{screen, utc_day}]);
    CAPSULE_TRY(dropped, database.prepare("SELECT proven, off FROM ledger_coverage_dropped WHERE screen=?1 AND utc_day=?2"));
    dropped.bind(1, screen);
    dropped.bind(2, utc_day);
    CAPSULE_TRY(there, dropped.step());
    if (there) {
        out.proven.add(Spans::decode(dropped.view(0)));
        out.off.add(Spans::decode(dropped.view(1)));
    }
    return out;
}

namespace {

// One of the two tables of coverage, record by record.
class Records {
public:
    static Result<Records> open(sqlite::Database& database, const std::string& table, const std::string& period) {
        const std::string where = " WHERE screen=?1 AND " + period + "=?2";
        CAPSULE_TRY(select, database.prepare("SELECT proven, off FROM " + table + where));
        CAPSULE_TRY(upsert, database.prepare("INSERT INTO " + table + "(screen," + period +
                                             ",proven,off) VALUES(?1,?2,?3,?4) ON CONFLICT(screen," + period +
                                             ") DO UPDATE SET proven=excluded.proven, off=excluded.off"));
        CAPSULE_TRY(remove, database.prepare("DELETE FROM " + table + where));
        return Records(std::move(select), std::move(upsert), std::move(remove));
    }
    Result<Covered> read(const std::string& screen, std::int64_t period) {
        m_select.bind(1, screen);
        m_select.bind(2, period);
        CAPSULE_TRY(there, m_select.step());
        Covered out;
        if (there)
            out = {Spans::decode(m_select.view(0)), Spans::decode(m_select.view(1))};
        m_select.reset();
        return out;
    }
    Result<void> write(const std::string& screen, std::int64_t period, const Covered& covered) {
        const bool none = covered.proven.empty() && covered.off.empty();
        sqlite::Statement& statement = none ? m_remove : m_upsert;
        statement.bind(1, screen);
        statement.bind(2, period);
        if (!none) {
            statement.bind_blob(3, covered.proven.encode());
            statement.bind_blob(4, covered.off.encode());
        }
        return statement.run();
    }

private:
    Records(sqlite::Statement select, sqlite::Statement upsert, sqlite::Statement remove)
        : m_select(std::move(select)), m_upsert(std::move(upsert)), m_remove(std::move(remove)) {}
    sqlite::Statement m_select, m_upsert, m_remove;
};

} // namespace

Result<void> Coverage::write_dropped(sqlite::Database& database) {
    CAPSULE_TRY(records, Records::open(database, "ledger_coverage_dropped", "utc_day"));
    for (const auto& [day, added] : m_added) {
        CAPSULE_TRY(covered, records.read(day.first, day.second));
        covered.proven.add(added.proven);
        covered.off.add(added.off);
        CAPSULE_CHECK(records.write(day.first, day.second, covered));
    }
    m_added.clear();
    return {};
}

Result<void> Coverage::add_dropped(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT screen, utc_day, proven, off FROM ledger_coverage_dropped"));
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return {};
        Covered& covered = m_added[{select.text(0), select.integer(1)}];
        covered.proven.add(Spans::decode(select.view(2)));
        covered.off.add(Spans::decode(select.view(3)));
    }
}

Result<void> Coverage::write(sqlite::Database& database) {
    if (m_added.empty() && m_anew.empty())
        return {};
    std::map<Day, std::map<std::int64_t, Covered>> blocks; // by screen and block, then by day: what is to be added
    for (auto& [day, added] : m_added)
        if (!m_anew.contains(day))
            blocks[{day.first, floor_div(day.second, coverage_block_days)}].emplace(day.second, std::move(added));
    for (const Day& day : m_anew) {
        CAPSULE_TRY(covered, from_booked(database, day.first, day.second));
        blocks[{day.first, floor_div(day.second, coverage_block_days)}].emplace(day.second, std::move(covered));
    }
    CAPSULE_TRY(records, Records::open(database, "ledger_coverage", "utc_block"));
    for (const auto& [block, days] : blocks) {
        CAPSULE_TRY(covered, records.read(block.first, block.second));
        for (const auto& [day, added] : days) {
            const std::int64_t start = (day - block.second * coverage_block_days) * day_s;
            if (m_anew.contains({block.first, day})) {
                const Spans whole({{start, start + day_s}});
                covered.proven = covered.proven.minus(whole);
                covered.off = covered.off.minus(whole);
            }
            covered.proven.add(added.proven.moved(start));
            covered.off.add(added.off.moved(start));
        }
        CAPSULE_CHECK(records.write(block.first, block.second, covered));
    }
    m_added.clear();
    m_anew.clear();
    return {};
}

} // namespace capsule::server
