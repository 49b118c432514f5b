// check_store STORE: prints the numbers in force, and reads every file that they need. Exit code 0 when all is whole.
#include "content/store/store.hpp"
#include "playlists/sync/active_store.hpp"
#include "playlists/sync/device_key.hpp"

#include <iostream>

using namespace capsule;

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "check_store STORE\n";
        return 2;
    }
    SystemDisk disk;
    SystemRandom random;
    const Path folder = argv[1];
    const auto key = sync::load_or_make_device_key(disk, folder / "device.key", random);
    if (!key) {
        std::cerr << "check_store: " << key.error().message << "\n";
        return 1;
    }
    const auto loaded = sync::ActiveStore(disk, folder).load();
    for (const auto& problem : loaded.problems)
        std::cerr << "check_store: " << problem << "\n";
    bool whole = loaded.problems.empty();
    for (const DocumentKind kind : all_document_kinds) {
        const auto& entry = loaded.active.index.entry(kind);
        std::cout << to_string(kind) << " " << (entry ? entry->number : 0) << "\n";
    }
    const Store store(disk, folder);
    for (const auto& blob : sync::blobs_needed_on(*loaded.active.release, key->public_key().device_id()))
        if (const auto verified = store.verify(blob.sha256); !verified) {
            std::cerr << "check_store: " << verified.error().message << "\n";
            whole = false;
        }
    return whole ? 0 : 1;
}
