// The lists that people look at.
#include "playlists/server/fleet/fleet_register.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/server/database/records.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr Milliseconds silent_after = std::chrono::minutes(15);

struct LastWord {
    std::string device;
    std::optional<std::int64_t> heard_ms;
    Json state = Json::object();
};

// By screen, the device that serves it now: the one assigned last.
Result<std::map<std::string, LastWord>> last_words(sqlite::Database& database) {
    std::map<std::string, LastWord> words;
    CAPSULE_TRY(select, database.prepare("SELECT d.screen, d.id, s.heard_ms, s.state FROM devices d"
                                         " LEFT JOIN device_states s ON s.device=d.id WHERE d.revoked_ms IS NULL"
                                         " ORDER BY d.since_ms, d.id"));
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return words;
        LastWord word;
        word.device = select.text(1);
        if (!select.is_null(2)) {
            word.heard_ms = select.integer(2);
            if (auto state = json::parse_strict(select.text(3)); state && state->is_object())
                word.state = std::move(*state);
        }
        words[select.text(0)] = std::move(word);
    }
}

// The member when it has the type, else null: what a device says is shown, not trusted.
Json number_in(const Json& state, const char* key) {
    const auto found = state.find(key);
    return found != state.end() && found->is_number_integer() ? *found : Json();
}

Json text_in(const Json& state, const char* key) {
    const auto found = state.find(key);
    return found != state.end() && found->is_string() ? *found : Json();
}

} // namespace

Result<std::string> FleetRegister::sites(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare("SELECT id, record FROM sites ORDER BY id"));
    return records_as_object(select);
}

Result<std::string> FleetRegister::devices(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare("SELECT id, screen, since_ms, revoked_ms, public_key FROM devices ORDER BY id"));
    Json list = Json::array();
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return Json{{"devices", std::move(list)}}.dump();
        list.push_back({{"id", select.text(0)},
                        {"screen", select.text(1)},
                        {"since", to_rfc3339(instant_from_ms(select.integer(2)))},
                        {"revoked", select.is_null(3) ? Json() : Json(to_rfc3339(instant_from_ms(select.integer(3))))},
                        {"public_key", select.text(4)}});
    }
}

Result<std::map<ScreenId, std::int64_t>> FleetRegister::free_bytes(sqlite::Database& database) const {
    CAPSULE_TRY(words, last_words(database));
    std::map<ScreenId, std::int64_t> free;
    for (const auto& [id, word] : words)
        if (const Json bytes = number_in(word.state, "free_bytes"); !bytes.is_null())
            if (const auto screen = ScreenId::parse(id))
                free.emplace(*screen, bytes.get<std::int64_t>());
    return free;
}

Result<std::map<SiteId, Milliseconds>> FleetRegister::waiting_times(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare("SELECT id, record FROM sites"));
    std::map<SiteId, Milliseconds> waiting;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return waiting;
        CAPSULE_TRY(record, json::parse_strict(select.text(1)));
        const Json minutes = number_in(record, "waiting_minutes");
        if (const auto site = SiteId::parse(select.text(0)); site && !minutes.is_null())
            waiting.emplace(*site, std::chrono::minutes{minutes.get<std::int64_t>()});
    }
}

Result<std::string> FleetRegister::screens_overview(sqlite::Database& database,
                                                    const std::map<std::string, ScreenRows>& rows) const {
    CAPSULE_TRY(fleet, this->fleet(database));
    CAPSULE_TRY(words, last_words(database));
    const std::int64_t now = to_ms(m_clock.wall());
    Json list = Json::array();
    for (const auto& [id, screen] : fleet.screens) {
        const auto site = fleet.sites.find(screen.site);
        const auto word = words.find(id.text());
        const bool served = word != words.end();
        const Json state = served ? word->second.state : Json::object();
        const auto known_rows = rows.find(id.text());
        const ScreenRows of_screen = known_rows == rows.end() ? ScreenRows{} : known_rows->second;
        std::optional<std::int64_t> heard_ms = served ? word->second.heard_ms : std::nullopt;
        if (of_screen.last_received && (!heard_ms || to_ms(*of_screen.last_received) > *heard_ms))
            heard_ms = to_ms(*of_screen.last_received);
        const bool recent = served && heard_ms && now - *heard_ms <= silent_after.count();
        Json line = {{"id", id.text()},
                     {"name", screen.name},
                     {"code", screen.code},
                     {"site", screen.site.text()},
                     {"site_name", Json()},
                     {"type", Json()},
                     {"commune", Json()},
                     {"ept", Json()},
                     {"device", served ? Json(word->second.device) : Json()},
                     {"state", !heard_ms ? "never" : recent ? "online" : "silent"},
                     {"last_seen", heard_ms ? Json(to_rfc3339(instant_from_ms(*heard_ms))) : Json()},
                     {"programme", number_in(state, "programme")},
                     {"fleet", number_in(state, "fleet")},
                     {"playing", text_in(state, "playing")},
                     {"reason", text_in(state, "reason")},
                     {"showings_today", of_screen.showings_today}};
        if (served && has_rival(word->second.device))
            line["reason"] = "Deux machines se servent de la même clé\u00a0: sur la copie, lancer capsule-player --prepare-image.";
        if (site != fleet.sites.end()) {
            line["site_name"] = site->second.name;
            line["type"] = site->second.type;
            line["commune"] = site->second.commune;
            line["ept"] = site->second.ept;
        }
        list.push_back(std::move(line));
    }
    return Json{{"screens", std::move(list)}}.dump();
}

} // namespace capsule::server
