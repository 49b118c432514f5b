#include "playlists/cli/fleet.hpp"

#include "playlists/cli/table.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

nlohmann::ordered_json or_null(const std::string& text) {
    return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}
nlohmann::ordered_json or_null(const std::optional<std::int64_t>& number) {
    return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json();
}

std::string state_in_french(const std::string& state) {
    return state == "online" ? "en ligne" : state == "silent" ? "muet" : state == "never" ? "jamais vu" : state;
}

} // namespace

Result<void> run_device_add(const DeviceOptions& options, Terminal& terminal) {
    const auto key = PublicKey::parse(options.key);
    if (!key)
        return Error{Category::invalid,
                     "--key needs the 64 hexadecimal digits that the player prints, not \"" + options.key + "\""};
    const auto screen = ScreenId::parse(options.screen);
    if (!screen)
        return Error{Category::invalid,
                     "--screen needs a screen's name (lower-case letters, digits, hyphens), not \"" + options.screen + "\""};
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_CHECK(api.put_device(*key, *screen));
    terminal.out << "device " << key->device_id() << " serves screen " << screen->text() << "\n";
    return {};
}

Result<void> run_device_enrol(const DeviceOptions& options, Terminal& terminal) {
    std::variant<ScreenId, client::ApiClient::NewScreen> chosen = client::ApiClient::NewScreen{options.site, options.name};
    if (!options.screen.empty()) {
        const auto screen = ScreenId::parse(options.screen);
        if (!screen || !options.site.empty() || !options.name.empty())
            return Error{Category::invalid, screen ? "--screen excludes --site and --name, which are for a new screen"
                                                   : "--screen needs a screen's name (lower-case letters, digits, hyphens), not \"" +
                                                         options.screen + "\""};
        chosen = *screen;
    } else if (options.site.empty() || options.name.empty()) {
        return Error{Category::invalid, "--screen says which screen it is to be; for a new one give --site and --name"};
    }
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(enrolled, api.enrol(options.code, chosen, options.replace));
    terminal.out << "device " << enrolled.device << " serves screen " << enrolled.screen << "\n";
    return {};
}

Result<void> run_device_list(const DeviceOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(devices, api.devices());
    if (options.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& device : devices)
            list.push_back({{"id", device.id},
                            {"screen", or_null(device.screen)},
                            {"since", or_null(device.since)},
                            {"revoked", device.revoked}});
        terminal.out << list.dump(2) << "\n";
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& device : devices)
        rows.push_back({device.id, device.screen, device.since, device.revoked ? "révoqué" : ""});
    terminal.out << table({{"Appareil"}, {"Écran"}, {"Depuis"}, {"État"}}, rows);
    return {};
}

Result<void> run_device_revoke(const DeviceOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_CHECK(api.revoke_device(options.device));
    terminal.out << "device " << options.device << " is revoked: the server refuses it from now on\n";
    return {};
}

Result<void> run_screens(const ScreensOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(screens, api.screens());
    if (options.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& screen : screens)
            list.push_back({{"id", screen.id},
                            {"name", screen.name},
                            {"code", screen.code},
                            {"site", screen.site},
                            {"site_name", screen.site_name},
                            {"commune", screen.commune},
                            {"ept", screen.ept},
                            {"device", or_null(screen.device)},
                            {"state", screen.state},
                            {"last_seen", or_null(screen.last_seen)},
                            {"programme", or_null(screen.programme)},
                            {"fleet", or_null(screen.fleet)},
                            {"playing", or_null(screen.playing)},
                            {"reason", or_null(screen.reason)},
                            {"showings_today", screen.showings_today}});
        terminal.out << list.dump(2) << "\n";
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& screen : screens)
        rows.push_back({screen.id, screen.site_name, screen.name, state_in_french(screen.state), screen.last_seen,
                        screen.programme ? std::to_string(*screen.programme) : "", screen.playing, grouped(screen.showings_today),
                        screen.reason});
    terminal.out << table({{"Écran"},
                           {"Lieu"},
                           {"Nom"},
                           {"État"},
                           {"Vu"},
                           {"Programme", Align::right},
                           {"À l’écran"},
                           {"Diffusions aujourd’hui", Align::right},
                           {"Motif"}},
                          rows);
    return {};
}

} // namespace capsule::cli
