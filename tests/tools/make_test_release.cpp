// make_test_release FOLDER KEYFILE NUMBER CAPSULES BYTES [MEDIA…]: writes a small release as a source's folder, for the device whose
// key KEYFILE holds: programme, fleet and now all of that number, CAPSULES capsules of BYTES noise each (capsule i is the same in every
// release), and one for each file of MEDIA.
#include "playlists/sync/device_key.hpp"
#include "tests/playlists/sync/test_release.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace capsule;

int main(int argc, char** argv) {
    if (argc < 6) {
        std::cerr << "make_test_release FOLDER KEYFILE NUMBER CAPSULES BYTES [MEDIA…]\n";
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    SystemDisk disk;
    SystemRandom random;
    const auto key = sync::load_or_make_device_key(disk, argv[2], random);
    if (!key) {
        std::cerr << "make_test_release: " << key.error().message << "\n";
        return 1;
    }
    TestRelease release;
    const std::string device = key->public_key().device_id();
    release.release.fleet.devices.clear();
    release.release.fleet.devices[device] = {device, *ScreenId::parse("hall"), instant_from_ms(1'795'000'000'000)};
    for (int i = 0; i < std::atoi(argv[4]); ++i)
        release.add_capsule("capsule-" + std::to_string(i), noise(static_cast<std::size_t>(std::atoll(argv[5])), static_cast<std::uint64_t>(i)));
    for (int i = 6; i < argc; ++i) {
        std::ifstream in(argv[i], std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        release.add_capsule("film-" + std::to_string(i - 6), bytes.str());
    }
    release.release.programme.number = release.release.fleet.number = release.release.now.number = std::atoll(argv[3]);
    release.seal();
    write_files(folder, release.files(std::int64_t{release.release.programme.number}));
    return 0;
}
