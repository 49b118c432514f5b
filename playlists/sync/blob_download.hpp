// One blob on its way: STORE/incoming/<sha256>.part, hashed as it comes. What is there after a cut or a restart is kept and
// continued. Thread-bound to the thread that downloads.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/capsule/capsule.hpp"
#include "content/store/store.hpp"
#include "playlists/sync/source.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace capsule::sync {

// What stays free on the disk beside all that is to be downloaded: the journal must be able to go on.
inline constexpr std::uint64_t reserved_bytes = 64u << 20;

class BlobDownload final : public BlobSink {
public:
    using Progress = std::function<void(std::uint64_t bytes_there)>;

    // `pause`, where there is one, outlives the download: once it is raised, run() gives up with refused, and what came is kept.
    BlobDownload(Store& store, BlobReference blob, Progress progress, const std::atomic<bool>* pause = nullptr);

    // Downloads what is missing from `source` and puts the blob into the store; well at once when it is there already.
    // No_space before anything is written, unless what is still to come of `planned` (this blob among them) and the reserve fit.
    // Invalid: the bytes were not the blob's; they are gone. After any other error what came is kept for the next attempt.
    Result<void> run(ReleaseSource& source, const std::vector<BlobReference>& planned);
    // Bytes that came from the source during run(), kept or not.
    std::uint64_t received() const { return m_received; }
    bool paused() const { return m_paused; }

    Result<void> begin(std::uint64_t offset) override;
    Result<void> take(std::string_view piece) override;

private:
    Result<void> read_part();
    // Of all these, less what earlier attempts left of each on the disk.
    std::uint64_t still_to_come(const std::vector<BlobReference>& planned) const;
    // What came is not the blob's.
    Result<void> throw_away(ReleaseSource& source);
    Result<void> adopt(ReleaseSource& source);

    Store& m_store;
    Disk& m_disk;
    const BlobReference m_blob;
    const Path m_path;
    Progress m_progress;
    const std::atomic<bool>* const m_pause;
    bool m_paused = false, m_overlong = false;
    Sha256 m_hash;
    std::uint64_t m_have = 0, m_received = 0;
    std::unique_ptr<WritableFile> m_file;
};

// The digest of a partial download's file name; empty when it is none.
std::optional<Digest> parse_part_name(std::string_view name);

} // namespace capsule::sync
