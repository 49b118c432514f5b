// A folder with a release's files: release/… and blobs/<sha256> or blobs/ab/<sha256>. A server's data folder is one, an export
// too. Thread-safe, see source.hpp.
#pragma once

#include "content/base/disk.hpp"
#include "playlists/sync/source.hpp"

namespace capsule::sync {

class FolderSource final : public ReleaseSource {
public:
    // Keeps a reference to `disk`, which must outlive it.
    FolderSource(Disk& disk, Path folder) : m_disk(disk), m_folder(std::move(folder)) {}

    std::string name() const override { return m_folder.string(); }
    Result<FetchedFile> file(const std::string& name, const std::string& etag, std::uint64_t most) override;
    Result<void> blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) override;

private:
    Disk& m_disk;
    const Path m_folder;
};

} // namespace capsule::sync
