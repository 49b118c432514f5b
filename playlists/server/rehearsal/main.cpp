// capsule-rehearsal: a server whose past is made up; see README.md of this folder.
#include "content/lib/json/strict.hpp"
#include "playlists/schedule/zone.hpp"
#include "playlists/server/app/server.hpp"
#include "playlists/server/http/server.hpp"
#include "playlists/server/indicators/example_data.hpp"
#include "playlists/server/ledger/local_hour.hpp"
#include "playlists/server/rehearsal/rehearsal.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>

using namespace capsule;

namespace {

constexpr const char* usage = "capsule-rehearsal --data DIR --listen ADDRESS:PORT --public-url URL --days N\n\n"
                              "A server on a new folder whose clock stands N days back (1 to 366). Prints its address and the link of the first\n"
                              "account; wants the name of a file with an administrator's token as a line on standard input, when something is\n"
                              "published; then plays these days on every screen, marked as example data, and ends.\n";

int fail(const std::string& message, int code = 1) {
    std::fprintf(stderr, "capsule-rehearsal: %s\n", message.c_str());
    return code;
}

Result<std::string> token_in(Disk& disk, const Path& file) {
    CAPSULE_TRY(text, disk.read(file, 64u << 10));
    CAPSULE_TRY(json, json::parse_strict(text));
    const auto token = json.is_object() ? json.find("token") : json.end();
    if (token == json.end() || !token->is_string())
        return Error{Category::invalid, file.string() + " holds no token"};
    return token->get<std::string>();
}

// Yesterday is the last day; midnight is Paris's.
Result<server::Rehearsed> run(const server::ServerSettings& settings, int days) {
    SystemDisk disk;
    SystemRandom random;
    const Zone zone("Europe/Paris");
    const LocalDay today = zone.day(SystemClock().wall()), first = today - std::chrono::days(days);
    server::SimulatedClock clock(zone.instant(first + std::chrono::hours(6)));
    if (disk.exists(settings.data / "server.db"))
        return Error{Category::refused, settings.data.string() + " is a server's folder already: a past is made up for a new one only"};
    CAPSULE_TRY(server, server::Server::start(settings, clock, disk, random));
    {
        CAPSULE_TRY(database, sqlite::Database::open(settings.data / "server.db"));
        const auto last = server::parse_day(to_text(today - std::chrono::days(1)));
        CAPSULE_CHECK(server::mark_example_data(database, *server::parse_day(to_text(first)), *last));
    }
    const std::string url = "http://" + server->address();
    std::printf("listening on %s\nfirst account (works once): %s/console#premier-compte=%s\n", url.c_str(), url.c_str(),
                server->first_secret().value_or("").c_str());
    std::fflush(stdout);
    std::string token_file;
    if (!std::getline(std::cin, token_file))
        return Error{Category::invalid, "no token's file was named on standard input"};
    CAPSULE_TRY(token, token_in(disk, token_file));
    return rehearse({url, token, settings.data, zone.instant(today)}, clock, disk, random);
}

} // namespace

int main(int argc, char** argv) {
    server::block_signals();
    server::ServerSettings settings;
    std::map<std::string, std::string> given{{"--data", ""}, {"--listen", "127.0.0.1:0"}, {"--public-url", ""}, {"--days", "28"}};
    for (int i = 1; i < argc; i += 2) {
        const auto option = given.find(argv[i]);
        if (std::string(argv[i]) == "--help") {
            std::fputs(usage, stdout);
            return 0;
        }
        if (option == given.end() || i + 1 == argc)
            return fail(std::string(argv[i]) + ": not known, or without a value (see --help)", 2);
        option->second = argv[i + 1];
    }
    const int days = std::atoi(given["--days"].c_str());
    if (given["--data"].empty() || days < 1 || days > 366)
        return fail("--data DIR and --days from 1 to 366 are wanted (see --help)", 2);
    settings.data = given["--data"];
    settings.listen = given["--listen"];
    settings.public_url = given["--public-url"];
    settings.scans_per_minute = 1000;
    const auto done = run(settings, days);
    if (!done)
        return fail(done.error().message);
    std::printf("%lld screens, %lld rows, %lld links opened\n", static_cast<long long>(done->screens), static_cast<long long>(done->rows),
                static_cast<long long>(done->links));
    return 0;
}
