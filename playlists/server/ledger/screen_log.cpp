#include "playlists/server/ledger/screen_log.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_entries = 60;
constexpr int days_back = 8;

} // namespace

Result<std::string> screen_log(sqlite::Database& database, const std::string& screen, Instant now) {
    Json entries = Json::array();
    // Day by day, as the index has it: a screen's rows are found without reading the others'.
    CAPSULE_TRY(select, database.prepare("SELECT start_utc_ms, item, capsule, playlist, ending, shown_ms, due_ms FROM ledger_showing"
                                         " WHERE local_day=?1 AND screen=?2 ORDER BY start_utc_ms DESC LIMIT 60"));
    for (int back = 0; back < days_back && entries.size() < most_entries; ++back) {
        select.bind(1, local_hour("", now - std::chrono::hours{24 * back}).day);
        select.bind(2, std::string_view(screen));
        for (;;) {
            CAPSULE_TRY(row, select.step());
            if (!row || entries.size() == most_entries)
                break;
            entries.push_back({{"at", to_rfc3339(instant_from_ms(select.integer(0)))},
                               {"item", select.text(1)},
                               {"capsule", select.text(2).empty() ? Json() : Json(select.text(2))},
                               {"playlist", select.text(3)},
                               {"end", select.text(4)},
                               {"shown_ms", select.integer(5)},
                               {"due_ms", select.integer(6)}});
        }
        select.reset();
    }
    return Json{{"entries", std::move(entries)}}.dump();
}

} // namespace capsule::server
