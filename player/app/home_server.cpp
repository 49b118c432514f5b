#include "player/app/home_server.hpp"

#include "content/base/log.hpp"
#include "content/lib/json/member.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/client/enrolment_ticket.hpp"
#include "playlists/release/trust_store.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

namespace {

struct Home {
    std::string server, public_url;
};

Path place(const Options& options) { return options.store / "server.json"; }

Result<Home> kept(const Options& options, Disk& disk) {
    CAPSULE_TRY(text, disk.read(place(options), 16u << 10));
    CAPSULE_TRY(json, json::parse_strict(text));
    Home home{json::text_in(json, "server"), json::text_in(json, "public_url")};
    if (!is_web_address(home.server))
        return Error{Category::invalid, place(options).string() + ": server: an address is expected"};
    return home;
}

} // namespace

std::vector<Path> stick_folders(const Options& options) {
    std::vector<Path> folders;
    for (const SourceOption& source : options.sync.sources)
        if (!is_web_address(source.address))
            folders.emplace_back(source.address);
    return folders;
}

Result<Options> with_home_server(const Options& options, Disk& disk) {
    if (!options.server.empty())
        return options;
    Result<Home> home = kept(options, disk);
    const auto trusts = tuf::TrustStore(disk, options.store / "trust").has_root();
    if (!home || !trusts) {
        std::vector<std::string> complaints;
        for (const Path& folder : stick_folders(options))
            if (const auto tickets = client::read_tickets(disk, folder, complaints); !tickets.empty()) {
                home = Home{tickets.front().server, tickets.front().public_url};
                CAPSULE_CHECK(disk.make_directories(options.store));
                CAPSULE_CHECK(write_durably(disk, place(options), nlohmann::json{{"server", home->server}, {"public_url", home->public_url}}.dump() + "\n"));
                log_info("enrolment", "the stick names server " + home->server);
                break;
            }
    }
    if (!home)
        return home.error().category == Category::missing
                   ? Error{Category::missing, "no server is known: give --server, or plug in a stick of enrolment (capsule enrol)"}
                   : home.error();
    Options complete = options;
    complete.server = home->server;
    if (complete.public_url.empty())
        complete.public_url = home->public_url;
    return complete;
}

} // namespace capsule
