// The active release on disk: STORE/active.json, the one pointer, and the documents that it names. Reentrant.
//
//   active.json   {"format":1,"programme":{"number":42,"sha256":"…"},"fleet":{…},"now":{…}}   (a part is null until it was
//   received) documents/<sha256>.programme.json, …
//
// active.json is replaced by one durable write after everything that it names is durable: whatever happens in between, the
// release before or the new one is found whole. Documents of before stay until `keep_only`.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/sync/active_release.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::sync {

struct LoadedRelease {
    ActiveRelease active;
    // What was named but is missing, damaged or not understood: that part then counts as never received.
    std::vector<std::string> problems;
};

class ActiveStore {
public:
    // Keeps a reference to `disk`, which must outlive it.
    ActiveStore(Disk& disk, Path store) : m_disk(disk), m_store(std::move(store)) {}

    // Makes the folders, durably. Once before anything else.
    Result<void> prepare();
    // Never fails for damaged content: what can be read is in force.
    LoadedRelease load();

    // The document's text, if it is there with that length and digest; missing otherwise.
    Result<std::string> document(DocumentKind kind, const DocumentEntry& entry);
    // Writes it durably. Invalid when length or digest are not the entry's.
    Result<void> keep_document(DocumentKind kind, const DocumentEntry& entry, std::string_view text);
    // The switch. The documents must have been kept before.
    Result<void> activate(const ReleaseIndex& index);
    // Removes every other document, by name.
    Result<void> keep_only(const std::set<std::string>& names);

private:
    Path documents() const { return m_store / "documents"; }

    Disk& m_disk;
    Path m_store;
};

} // namespace capsule::sync
