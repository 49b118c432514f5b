#include "player/app/server_mode.hpp"

#include "content/base/random.hpp"
#include "player/app/new_process.hpp"
#include "player/app/screen_service.hpp"
#include "player/app/stage_run.hpp"
#include "playlists/sync/device_key.hpp"

#include <cstdio>

namespace capsule {

namespace {

int complain(int code, const std::string& text) {
    std::fprintf(stderr, "capsule-player: %s\n", text.c_str());
    return code;
}

int print_key(const Options& options, Disk& disk, Random& random) {
    if (const auto made = disk.make_directories(options.store); !made)
        return complain(1, made.error().message);
    const auto key = sync::load_or_make_device_key(disk, options.store / "device.key", random);
    if (!key)
        return complain(1, key.error().message);
    std::printf("%s\n", key->public_key().hex().c_str());
    return 0;
}

} // namespace

int run_server_mode(const Options& options) {
    const SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    if (options.store.empty())
        return complain(2, "give --store DIR, the folder for what has been fetched and shown (see --help)");
    if (options.print_key)
        return print_key(options, disk, random);
    if (options.server.empty())
        return complain(2, "give --server URL, the address of the central server (see --help)");

    auto run = StageRun::open(options, clock);
    if (!run)
        return complain(1, run.error().message);
    auto service = ScreenService::open(options, clock, disk, random);
    if (!service)
        return complain(1, service.error().message);
    ScreenService& screen = **service;
    const auto played = run->play({screen.source(), screen.listeners(), false, true,
                                   [&](Director& director) { screen.started(director, run->stage().size()); }, [&] { screen.stop(); }});
    if (!played && run->wants_new_process())
        return begin_anew;
    return played ? 0 : complain(1, played.error().message);
}

} // namespace capsule
