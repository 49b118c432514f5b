#include "playlists/cli/enrol.hpp"

#include "content/base/disk.hpp"
#include "playlists/cli/files/sites_file.hpp"
#include "playlists/client/enrolment_ticket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace capsule::cli {

namespace {

// A place without a screen in the file gets one.
Screen first_screen(const Site& site) {
    Screen screen;
    screen.site = site.id;
    screen.id = ScreenId::parse(site.id.text().substr(0, 58) + "-ecran").value_or(ScreenId{});
    screen.name = "Écran";
    return screen;
}

Result<SitesFile> read_sites(const std::string& name) {
    SystemDisk disk;
    CAPSULE_TRY(text, disk.read(name, 16u << 20));
    CAPSULE_TRY(file, sites_from_csv(text, name));
    std::set<SiteId> with_screen;
    for (const Screen& screen : file.screens)
        with_screen.insert(screen.site);
    for (const Site& site : file.sites)
        if (!with_screen.contains(site.id))
            file.screens.push_back(first_screen(site));
    return file;
}

// What is known already stays as it is: people may have changed it since the file was written.
Result<void> register_what_is_new(client::ApiClient& api, const SitesFile& file, Terminal& terminal) {
    CAPSULE_TRY(sites, api.site_ids());
    CAPSULE_TRY(screens, api.screens());
    std::size_t added = 0;
    for (const Site& site : file.sites)
        if (std::find(sites.begin(), sites.end(), site.id.text()) == sites.end()) {
            CAPSULE_CHECK(api.put_site(site));
            ++added;
        }
    for (const Screen& screen : file.screens) {
        const auto known = std::find_if(screens.begin(), screens.end(), [&](const auto& status) { return status.id == screen.id.text(); });
        if (known == screens.end())
            CAPSULE_CHECK(api.put_screen(screen));
        else if (!known->device.empty())
            terminal.err << "screen " << known->id << " is served by device " << known->device << ": its token will do once that device is revoked\n";
    }
    if (added > 0)
        terminal.err << added << (added == 1 ? " new site\n" : " new sites\n");
    return {};
}

std::string leaflet(std::size_t screens, const std::string& expires) {
    return "Clé d’enrôlement Capsule\n\n"
           "Cette clé contient un jeton par écran (" +
           std::to_string(screens) + "), à usage unique, valable jusqu’au " + expires.substr(0, 10) +
           ".\n\n"
           "1. Nommez la clé CAPSULE (le nom du volume).\n"
           "2. Branchez-la sur un écran neuf, puis allumez-le. En une minute il affiche le nom de son lieu : notez-le sur l’appareil.\n"
           "3. Retirez la clé, passez au suivant : chaque écran prend le premier jeton qui n’a pas encore servi.\n\n"
           "Pour choisir quel écran ira où, ne laissez sur la clé que le fichier de ce lieu (dossier « enrolment »).\n"
           "Clé perdue ? Relancez la même commande : les jetons d’avant ne valent plus rien.\n";
}

} // namespace

Result<void> run_enrol(const EnrolOptions& options, Terminal& terminal) {
    const auto span = parse_duration(options.valid_for);
    if (!span || *span < std::chrono::minutes(1) || *span > std::chrono::hours(24 * 366))
        return Error{Category::invalid, "--valid-for " + options.valid_for + ": give a duration such as 30d, from 1min to 366d"};
    if (!options.server_for_screens.empty() && !options.server_for_screens.starts_with("https://") && !options.server_for_screens.starts_with("http://"))
        return Error{Category::invalid, "--server-for-screens " + options.server_for_screens + ": give an address such as https://ecrans.example.fr"};
    CAPSULE_TRY(file, read_sites(options.sites));
    for (const std::string& warning : file.warnings)
        terminal.err << warning << "\n";
    SystemDisk disk;
    const Path folder = client::ticket_folder(options.to);
    CAPSULE_CHECK(disk.make_directories(folder)); // a stick that cannot be written must not cost the former tokens
    CAPSULE_TRY(probe, disk.create(folder / ".essai", 0600));
    probe.reset();
    CAPSULE_CHECK(disk.remove(folder / ".essai"));

    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_CHECK(register_what_is_new(api, file, terminal));
    std::vector<ScreenId> screens;
    for (const Screen& screen : file.screens)
        screens.push_back(screen.id);
    CAPSULE_TRY(tokens, api.make_enrolment_tokens(screens, std::chrono::duration_cast<Milliseconds>(*span)));

    std::map<SiteId, std::string> site_names;
    for (const Site& site : file.sites)
        site_names[site.id] = site.name;
    nlohmann::ordered_json written = nlohmann::ordered_json::array();
    std::string expires;
    for (const auto& token : tokens) {
        const auto screen = std::find_if(file.screens.begin(), file.screens.end(), [&](const Screen& s) { return s.id.text() == token.screen; });
        if (screen == file.screens.end())
            return Error{Category::invalid, "the server made a token for screen \"" + token.screen + "\", which nobody asked for"};
        const client::EnrolmentTicket ticket{options.server_for_screens.empty() ? api.address() : options.server_for_screens, token.public_url, token.screen,
                                             site_names[screen->site] + " – " + screen->name, token.token,
                                             parse_rfc3339(token.expires_at).value_or(Instant{})};
        const Path path = folder / (token.screen + ".json");
        CAPSULE_CHECK(write_durably(disk, path, client::serialise(ticket), 0600));
        expires = token.expires_at;
        written.push_back({{"screen", token.screen}, {"site", screen->site.text()}, {"file", path.string()}, {"expires_at", token.expires_at}});
    }
    CAPSULE_CHECK(write_durably(disk, folder / "LISEZMOI.txt", leaflet(tokens.size(), expires), 0644));
    if (options.json)
        terminal.out << written.dump(2) << "\n";
    else
        terminal.out << tokens.size() << (tokens.size() == 1 ? " token" : " tokens") << " in " << folder.string() << ", each for one screen, once, until "
                     << expires << "\n";
    return {};
}

} // namespace capsule::cli
