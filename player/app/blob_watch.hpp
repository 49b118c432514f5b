// Whether the files that this screen plays are what their names say: those of items that failed, and now and then each one in force,
// since a decoder forgives a flipped bit and shows it, and a digest does not. What is not is set aside and fetched anew.
// suspect, in_force: thread-safe, return at once. look: one thread, which may wait for the disk; on a slow card a file takes seconds.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/store/store.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <set>

namespace capsule {

class BlobWatch {
public:
    using Told = std::function<void(const Digest&)>;
    // STORE/blobs are read, STORE/set-aside is where a damaged file goes. `lost`: it is not in the store any more; `restored`: it is again.
    // Both are called by look().
    BlobWatch(const Clock& clock, Disk& disk, const Path& store, Told lost, Told restored);

    // All that may be played from now on.
    void in_force(std::set<Digest> files);
    // An item failed whose file this is.
    void suspect(const Digest& file);
    // To be called several times a second: reads the suspects through, and each minute one file in force. Returns soon once `stop` is raised.
    void look(const std::atomic<bool>& stop);

private:
    std::optional<Digest> next_in_force();
    void check(const Digest& file, const std::atomic<bool>& stop);

    const Clock& m_clock;
    Disk& m_disk;
    const Store m_blobs;
    const Path m_set_aside;
    const Told m_lost, m_restored;
    std::mutex m_mutex;
    std::set<Digest> m_in_force, m_suspects; // guarded
    std::set<Digest> m_awaited;              // lost, not here yet; look's thread, as are the next two
    std::optional<Nanoseconds> m_read_at;    // when a file in force was last read for no other reason
    Digest m_read;                           // that file
};

} // namespace capsule
