// Writes a release into a folder: documents under the names of their digests, then index.json by one rename, which is the switch.
// Thread-safe. A reader of the folder sees the old release or the new one, whole, whatever happened in between.
//
// A document bears its number inside its text, so the caller asks for `next_number`, composes, and `replace` refuses a number
// that another writer has taken meanwhile.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/release/index.hpp"
#include "playlists/release/signed_release.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

class ReleaseWriter {
public:
    // How long a document that was replaced can still be fetched: longer than the slowest screen's download.
    static constexpr Milliseconds grace = std::chrono::hours(48);

    // Makes the folder when it is not there and reads what is in force. Invalid when index.json cannot be understood: it is then
    // left as it is, since starting anew would send numbers back and screens would refuse them.
    static Result<std::unique_ptr<ReleaseWriter>> open(Disk& disk, const Path& folder, const Clock& clock);

    // From now on each change is signed too, what is in force at once. `signer` outlives the writer.
    Result<void> sign_with(tuf::SignedRelease& signer);

    ReleaseIndex index() const;
    std::int64_t next_number(DocumentKind kind) const;
    // The text in force; missing when none was ever published.
    Result<std::string> current(DocumentKind kind) const;

    // Puts `text` (which says `number` inside) in force. Refused when `number` is not the next one. On any other failure the old
    // release stays in force; but when only the signature fails, the new one is written, and goes out when it is signed later.
    Result<DocumentEntry> replace(DocumentKind kind, std::int64_t number, std::string_view text);

private:
    struct Retired {
        std::string name;
        std::int64_t since_ms = 0;
    };

    ReleaseWriter(Disk& disk, Path folder, const Clock& clock) : m_disk(disk), m_folder(std::move(folder)), m_clock(clock) {}
    Result<void> read_retired();
    Result<void> write_retired_while_locked();
    void sweep_while_locked();
    void write_patch_while_locked(DocumentKind kind, const DocumentEntry& before, const DocumentEntry& after, std::string_view text);

    Disk& m_disk;
    const Path m_folder;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    tuf::SignedRelease* m_signer = nullptr;
    ReleaseIndex m_index;
    std::vector<Retired> m_retired; // kept in retired.json, so that a restart does not forget to tidy up
};

} // namespace capsule
