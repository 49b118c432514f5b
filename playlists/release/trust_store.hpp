// The trusted metadata on disk: root.json, timestamp.json, snapshot.json, targets.json, byte for byte as received, and optionally
// every root that was ever trusted, as root_history/N.root.json: a client falls back on those when root.json has rotted. Reentrant;
// one writer at a time.
//
// Each file is replaced by one durable write, and only when its bytes change. The order in which a client writes them (root first)
// makes every state in between a good one.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/release/metadata.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::tuf {

enum class RootHistory { none, kept };

class TrustStore {
public:
    // Keeps a reference to `disk`, which must outlive it.
    TrustStore(Disk& disk, Path folder, RootHistory history = RootHistory::kept)
        : m_disk(disk), m_folder(std::move(folder)), m_history(history) {}

    const Path& folder() const { return m_folder; }
    // Makes the folders; with a history, durably.
    Result<void> prepare();
    // Whether a root was ever trusted here: there is a root.json or a history. What cannot be looked at counts as there.
    bool has_root() const;
    // Empty when it is not there; errors are the disk's.
    Result<std::optional<std::string>> read(Role role) const;
    // Versions of the roots in the history, newest first.
    Result<std::vector<std::int64_t>> history() const;
    Result<std::string> read_from_history(std::int64_t version) const;
    // `version` names a root in the history.
    Result<void> write(Role role, std::int64_t version, std::string_view bytes);
    Result<void> remove(Role role);

private:
    Path path_of(Role role) const { return m_folder / (std::string(to_string(role)) + ".json"); }
    Path history_folder() const { return m_folder / "root_history"; }

    Disk& m_disk;
    Path m_folder;
    RootHistory m_history;
};

} // namespace capsule::tuf
