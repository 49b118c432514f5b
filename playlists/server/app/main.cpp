// capsule-server: the central server.
#include "content/base/log.hpp"
#include "content/base/service_manager.hpp"
#include "content/ingest/cell.hpp"
#include "playlists/server/app/server.hpp"
#include "playlists/server/http/listen.hpp"
#include "playlists/server/http/server.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>

using namespace capsule;

namespace {

int fail(const std::string& message, int code = 1) {
    std::fprintf(stderr, "capsule-server: %s\n", message.c_str());
    return code;
}

Path default_console() {
    std::error_code failed;
    const Path program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return failed ? Path{} : program.parent_path().parent_path() / "share" / "capsule" / "console";
}

// The link by which the first account is made: into a file that only this user reads, or onto standard output. No file is left when
// there is an account.
Result<void> hand_over(const std::optional<std::string>& link, const Path& file, Disk& disk) {
    if (file.empty()) {
        if (link)
            std::printf("first account (works once): %s\n", link->c_str());
        return {};
    }
    CAPSULE_CHECK(disk.remove(file));
    if (!link)
        return {};
    CAPSULE_TRY(written, disk.create(file, 0600));
    CAPSULE_CHECK(written->append(*link + "\n"));
    return written->sync();
}

// Until SIGTERM or SIGINT. Whoever watches hears that the server is alive as long as its database answers.
void serve(const server::Server& server, const ServiceManager& manager) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    const Nanoseconds pause = manager.watchdog() ? *manager.watchdog() / 3 : Nanoseconds(std::chrono::hours(1));
    const timespec wait{static_cast<time_t>(pause.count() / 1'000'000'000), static_cast<long>(pause.count() % 1'000'000'000)};
    for (;;) {
        if (sigtimedwait(&signals, nullptr, &wait) >= 0)
            return;
        if (errno != EAGAIN || !manager.watchdog())
            continue;
        if (const auto well = server.check())
            manager.alive();
        else
            log_error("server", "the database does not answer: " + well.error().message);
    }
}

int run(const server::ServerSettings& settings, const Path& first_account_file) {
    SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    const ServiceManager manager;
    auto server = server::Server::start(settings, clock, disk, random);
    if (!server)
        return fail(server.error().message);
    const std::string url = "http://" + (*server)->address();
    std::printf("listening on %s\n", url.c_str());
    std::optional<std::string> link;
    if ((*server)->first_secret())
        link = (settings.public_url.empty() || first_account_file.empty() ? url : settings.public_url) + "/console#premier-compte=" +
               *(*server)->first_secret();
    if (const auto handed = hand_over(link, first_account_file, disk); !handed)
        return fail("--first-account-file: " + handed.error().message);
    std::fflush(stdout);
    manager.ready();
    if ((*server)->root_is_provisional())
        log_info("server", "the root key lies on this server: take it over with `capsule keys create` and `capsule keys sign`");

    serve(**server, manager);
    manager.stopping();
    (*server)->stop();
    return 0;
}

LogLevel parse_level(const std::string& text) {
    return text == "debug"     ? LogLevel::debug
           : text == "warning" ? LogLevel::warning
           : text == "error"   ? LogLevel::error
                               : LogLevel::info;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto cell = ingest::cell_main(argc, argv))
        return *cell;
    server::block_signals();
    CLI::App app{"The central server of Capsule: takes content and rows, publishes releases, tells what was shown.",
                 "capsule-server"};
    server::ServerSettings settings;
    settings.version = CAPSULE_VERSION;
    std::string first_account;
    std::string data, console, level = "info", timestamp_valid = "35d", metadata_valid = "365d";
    app.add_option("--data", data, "Folder of the server's data; made when it is not there")->required();
    app.add_option("--listen", settings.listen, "ADDRESS:PORT to listen on; port 0 takes a free one")->required();
    app.add_option("--public-url", settings.public_url,
                   "Address at which visitors' phones reach this server; without it scans are not measured");
    app.add_option("--console", console, "Folder of the web console (default: ../share/capsule/console beside the program)");
    app.add_option("--scans-per-minute", settings.scans_per_minute,
                   "Uses of one QR code in one minute that count; more are answered only")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--keep-rows", settings.keep_rows_days,
                   "Days after which a screen's rows are dropped; their sums stay, with a record (0: rows are kept for ever)")
        ->check(CLI::Range(0, 36'500))
        ->capture_default_str();
    app.add_option("--timestamp-valid-for", timestamp_valid, "How long screens believe that there is no news; renewed each day")
        ->capture_default_str();
    app.add_option("--metadata-valid-for", metadata_valid, "How long snapshot and targets are valid; renewed at half")->capture_default_str();
    app.add_option("--first-account-file", first_account,
                   "Write the link that makes the first account into this file (mode 0600) instead of printing it");
    app.add_option("--log-level", level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    app.set_version_flag("--version", std::string(CAPSULE_VERSION));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return app.exit(error);
        std::fprintf(stderr, "capsule-server: %s (see capsule-server --help)\n", error.what());
        return 2;
    }
    if (!server::ListeningSocket::is_address(settings.listen))
        return fail("--listen \"" + settings.listen + "\": write ADDRESS:PORT, for instance 127.0.0.1:8080", 2);
    set_log_level(parse_level(level));
    const auto timestamp = parse_duration(timestamp_valid), metadata = parse_duration(metadata_valid);
    if (!timestamp || *timestamp < std::chrono::minutes(10) || !metadata || *metadata < *timestamp)
        return fail("--timestamp-valid-for and --metadata-valid-for: write durations such as 35d and 365d, the first from 10min on and no "
                    "longer than the second",
                    2);
    settings.validity.timestamp = *timestamp;
    settings.validity.snapshot = settings.validity.targets = *metadata;
    settings.data = data;
    settings.console = console.empty() ? default_console() : Path(console);
    if (!settings.public_url.empty()) {
        auto url = server::check_public_url(settings.public_url);
        if (!url)
            return fail(url.error().message, 2);
        settings.public_url = *url;
        if (const std::string host = url->substr(url->find("://") + 3); host.size() > 21)
            log_warning("server",
                        "the public address " + host + " has more than 21 characters: QR codes become larger than 25 modules");
    }
    return run(settings, first_account);
}
