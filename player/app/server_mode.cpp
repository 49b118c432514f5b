#include "player/app/server_mode.hpp"

#include "content/base/random.hpp"
#include "player/app/home_server.hpp"
#include "player/app/late_service.hpp"
#include "player/app/machine_identity.hpp"
#include "player/app/network_sheet.hpp"
#include "player/app/new_process.hpp"
#include "player/app/prepare_image.hpp"
#include "player/app/stage_run.hpp"
#include "player/app/store_lock.hpp"

#include <atomic>
#include <cstdio>
#include <memory>

namespace capsule {

namespace {

int complain(int code, const std::string& text) {
    std::fprintf(stderr, "capsule-player: %s\n", text.c_str());
    return code;
}

int print_key(const Options& options, Disk& disk, Random& random) {
    if (const auto made = disk.make_directories(options.store); !made)
        return complain(1, made.error().message);
    const auto lock = StoreLock::take(options.store);
    const bool in_use = !lock && lock.error().category == Category::refused; // whoever uses it has looked whose store it is
    const auto identity = in_use ? load_identity(disk, options.store, random)
                                 : load_identity_here(disk, options.store, random, read_machine_marks());
    if (!identity || !identity->trouble.empty())
        return complain(1, identity ? identity->trouble : identity.error().message);
    std::printf("%s\n", identity->key.public_key().hex().c_str());
    return 0;
}

int make_ready_for_image(const Options& options, Disk& disk) {
    const auto left = prepare_image(disk, options.store);
    if (!left)
        return complain(1, left.error().message);
    std::printf("%s is ready to be copied: this machine and each copy will ask for a screen\n", options.store.c_str());
    for (const std::string& name : *left)
        std::printf("left as it is: %s\n", name.c_str());
    return 0;
}

} // namespace

int run_server_mode(const Options& options) {
    // As long as the process: a thread that hangs in a store or a sound device is left behind with them.
    static const SystemClock clock;
    static SystemDisk disk;
    static SystemRandom random;
    if (options.print_network) {
        if (options.server.empty())
            return complain(2, "give --server URL or --config player.toml, so that the addresses are known (see --help)");
        std::fputs(network_sheet(options).c_str(), stdout);
        return 0;
    }
    if (options.store.empty())
        return complain(2, "give --store DIR, the folder for what has been fetched and shown (see --help)");
    if (options.prepare_image)
        return make_ready_for_image(options, disk);
    if (options.print_key)
        return print_key(options, disk, random);
    if (options.server.empty() && stick_folders(options).empty())
        return complain(2, "give --server URL, the address of the central server, or --source DIR, where a stick of enrolment will be (see --help)");

    auto run = StageRun::open(options, clock);
    if (!run)
        return complain(1, run.error().message);
    (void)disk.make_directories(options.store); // the service says what is wrong
    const auto lock = StoreLock::take(options.store);
    if (!lock && lock.error().category == Category::refused)
        return complain(1, lock.error().message);
    Options told = options;
    told.sound_trouble = run->sound_trouble();
    const auto homeless = std::make_shared<std::atomic<bool>>(false);
    LateService service(
        [told, homeless]() -> Result<std::unique_ptr<ScreenService>> {
            const auto complete = with_home_server(told, disk);
            *homeless = !complete && complete.error().category == Category::missing;
            if (!complete)
                return complete.error();
            return ScreenService::open(*complete, clock, disk, random);
        },
        [homeless] { return *homeless ? std::string("Pour démarrer cet écran, branchez sa clé d’enrôlement.") : std::string{}; });
    const auto played = run->play({service, {&service}, false, true,
                                   [&](Director& director) { service.started(director, run->stage().size()); },
                                   [&] { service.stop(); }});
    if (!played && run->wants_new_process())
        return begin_anew;
    return played ? 0 : complain(1, played.error().message);
}

} // namespace capsule
