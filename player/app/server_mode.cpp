#include "player/app/server_mode.hpp"

#include "content/base/random.hpp"
#include "player/app/late_service.hpp"
#include "player/app/network_sheet.hpp"
#include "player/app/new_process.hpp"
#include "player/app/stage_run.hpp"
#include "player/app/store_lock.hpp"
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
    if (options.print_network) {
        if (options.server.empty())
            return complain(2, "give --server URL or --config player.toml, so that the addresses are known (see --help)");
        std::fputs(network_sheet(options).c_str(), stdout);
        return 0;
    }
    if (options.store.empty())
        return complain(2, "give --store DIR, the folder for what has been fetched and shown (see --help)");
    if (options.print_key)
        return print_key(options, disk, random);
    if (options.server.empty())
        return complain(2, "give --server URL, the address of the central server (see --help)");

    auto run = StageRun::open(options, clock);
    if (!run)
        return complain(1, run.error().message);
    (void)disk.make_directories(options.store); // the service says what is wrong
    const auto lock = StoreLock::take(options.store);
    if (!lock && lock.error().category == Category::refused)
        return complain(1, lock.error().message);
    Options told = options;
    told.sound_trouble = [&run] { return run->sound_trouble(); };
    LateService service([&] { return ScreenService::open(told, clock, disk, random); });
    const auto played = run->play({service, {&service}, false, true,
                                   [&](Director& director) { service.started(director, run->stage().size()); },
                                   [&] { service.stop(); }});
    if (!played && run->wants_new_process())
        return begin_anew;
    return played ? 0 : complain(1, played.error().message);
}

} // namespace capsule
