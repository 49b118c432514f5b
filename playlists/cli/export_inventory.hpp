// What exports have brought into a folder, in its exported.json: what no release names any more can go, and nothing else can. Reentrant.
//
//   {"format":1,"blobs":["9f…",…],"files":["12.targets.json",…]}   files lie below release/
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/store/store.hpp"

#include <set>
#include <string>

namespace capsule::cli {

class ExportInventory {
public:
    // One that is not there or cannot be read is empty: a few files too many then stay. `disk` outlives it.
    static ExportInventory read(Disk& disk, const Path& folder);

    // Durably; to be called before they are written, so that what a cut leaves is known.
    Result<void> add(const std::set<Digest>& blobs, const std::set<std::string>& files);
    // Removes all others, and forgets them. The number of blobs that went.
    Result<std::size_t> keep_only(Store& store, const std::set<Digest>& blobs, const std::set<std::string>& files);

private:
    ExportInventory(Disk& disk, Path folder) : m_disk(disk), m_folder(std::move(folder)) {}
    Path path() const { return m_folder / "exported.json"; }
    Result<void> write() const;

    Disk& m_disk;
    const Path m_folder;
    std::set<Digest> m_blobs;
    std::set<std::string> m_files;
};

} // namespace capsule::cli
