#include "playlists/sync/folder_source.hpp"

#include "content/base/digest.hpp"

namespace capsule::sync {

namespace {
constexpr std::size_t piece_bytes = 1u << 20;
} // namespace

Result<FetchedFile> FolderSource::file(const std::string& name, const std::string& etag, std::uint64_t most) {
    if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.'))
        return Error{Category::refused, "\"" + name + "\" is no file of a release"};
    const Path path = m_folder / "release" / name;
    CAPSULE_TRY(size, m_disk.size(path));
    if (size > most)
        return FetchedFile{.overlong = true};
    CAPSULE_TRY(bytes, m_disk.read(path, most));
    const std::string now = sha256(bytes).hex();
    if (now == etag)
        return FetchedFile{false, etag, {}};
    return FetchedFile{true, now, std::move(bytes)};
}

Result<void> FolderSource::blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) {
    const std::string hex = blob.sha256.hex();
    Path path = m_folder / "blobs" / hex;
    if (!m_disk.exists(path))
        path = m_folder / "blobs" / hex.substr(0, 2) / hex;
    CAPSULE_TRY(size, m_disk.size(path));
    if (size != blob.bytes)
        return Error{Category::invalid,
                     path.string() + " has " + std::to_string(size) + " bytes instead of " + std::to_string(blob.bytes)};
    CAPSULE_CHECK(sink.begin(offset));
    for (std::uint64_t at = offset; at < size;) {
        CAPSULE_TRY(bytes, m_disk.read_part(path, at, piece_bytes));
        if (bytes.empty())
            break;
        CAPSULE_CHECK(sink.take(bytes));
        at += bytes.size();
    }
    return {};
}

} // namespace capsule::sync
