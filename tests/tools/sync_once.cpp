// sync_once SOURCE STORE [ATTEMPTS]: brings a store up to date once, from a server's address or a folder, as STORE's device (key made when
// there is none), and prints what is in force. Exit code 0 when all that the source offers is in force.
#include "playlists/sync/device_key.hpp"
#include "playlists/sync/executor.hpp"
#include "playlists/sync/folder_source.hpp"
#include "playlists/sync/http_source.hpp"

#include <cstdlib>
#include <iostream>
#include <thread>

using namespace capsule;

namespace {

int fail(const Error& error) {
    std::cerr << "sync_once: " << error.message << "\n";
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3 && argc != 4) {
        std::cerr << "sync_once SOURCE STORE [ATTEMPTS]: SOURCE is http://HOST:PORT or a folder\n";
        return 2;
    }
    const std::string address = argv[1];
    const Path folder = argv[2];
    const int attempts = argc == 4 ? std::atoi(argv[3]) : 8;
    SystemDisk disk;
    SystemClock clock;
    SystemRandom random;
    const auto key = sync::load_or_make_device_key(disk, folder / "device.key", random);
    if (!key)
        return fail(key.error());
    const std::string device = key->public_key().device_id();
    std::cout << "device " << device << ", public key " << key->public_key().hex() << "\n";

    std::unique_ptr<sync::ReleaseSource> source;
    if (address.starts_with("http://") || address.starts_with("https://"))
        source = std::make_unique<sync::HttpSource>(address, http::Settings{});
    else
        source = std::make_unique<sync::FolderSource>(disk, address);
    Store store(disk, folder);
    sync::ActiveStore active(disk, folder);
    auto beginning = sync::begin(active, store, device);
    if (!beginning)
        return fail(beginning.error());
    for (const auto& problem : beginning->loaded.problems)
        std::cerr << "sync_once: " << problem << "\n";
    sync::EngineSettings settings;
    settings.device = device;
    sync::Engine engine(settings, random, std::move(beginning->loaded.active), std::move(beginning->held));
    sync::Executor executor(*source, active, store, clock);
    for (int attempt = 0; attempt < attempts && !engine.state().up_to_date; ++attempt) {
        if (attempt > 0)
            std::this_thread::sleep_for(std::max(Nanoseconds{0}, engine.next_deadline() - clock.monotonic()));
        sync::run_until_idle(engine, executor, clock);
        if (const auto state = engine.state(); state.problem.trouble != sync::Trouble::none)
            std::cerr << "sync_once: " << state.problem.detail << "\n";
    }
    for (const DocumentKind kind : all_document_kinds) {
        const auto& entry = engine.active().index.entry(kind);
        std::cout << to_string(kind) << " " << (entry ? std::to_string(entry->number) : "none") << "\n";
    }
    const auto screen = sync::screen_of(engine.active().release->fleet, device);
    std::cout << "screen " << (screen ? screen->text() : "none: enrol this device") << "\n";
    return engine.state().up_to_date ? 0 : 1;
}
