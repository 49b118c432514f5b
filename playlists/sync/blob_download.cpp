#include "playlists/sync/blob_download.hpp"

#include <algorithm>

namespace capsule::sync {

namespace {
constexpr std::size_t piece_bytes = 1u << 20;
constexpr std::string_view part_suffix = ".part";

Path part_of(const Store& store, const Digest& sha256) {
    return store.incoming() / (sha256.hex() + std::string(part_suffix));
}

} // namespace

BlobDownload::BlobDownload(Store& store, BlobReference blob, Progress progress, const std::atomic<bool>* pause)
    : m_store(store), m_disk(store.disk()), m_blob(std::move(blob)),
      m_path(part_of(store, m_blob.sha256)), m_progress(std::move(progress)), m_pause(pause) {}

Result<void> BlobDownload::run(ReleaseSource& source, const std::vector<BlobReference>& planned) {
    if (m_store.has(m_blob.sha256, m_blob.bytes))
        return {};
    CAPSULE_CHECK(read_part());
    if (m_have < m_blob.bytes) {
        CAPSULE_TRY(free, m_disk.free_bytes(m_store.incoming()));
        const std::uint64_t still = still_to_come(planned);
        if (free < still + reserved_bytes)
            return Error{Category::no_space, "the disk of " + m_store.root().string() + " has " + std::to_string(free >> 20) +
                                                 " MiB free, but " + std::to_string((still + reserved_bytes) >> 20) +
                                                 " are needed: make room"};
        const auto sent = source.blob(m_blob, m_have, *this);
        if (m_overlong)
            CAPSULE_CHECK(throw_away(source)); // else each attempt would end there again
        CAPSULE_CHECK(sent);
        if (m_have < m_blob.bytes)
            return Error{Category::io, source.name() + " sent " + std::to_string(m_have) + " of the " +
                                           std::to_string(m_blob.bytes) + " bytes of " + m_blob.sha256.hex()};
    }
    return adopt(source);
}

std::uint64_t BlobDownload::still_to_come(const std::vector<BlobReference>& planned) const {
    std::uint64_t bytes = 0;
    for (const auto& blob : planned) {
        const auto there = m_disk.size(part_of(m_store, blob.sha256));
        bytes += blob.bytes - (there ? std::min(*there, blob.bytes) : 0);
    }
    return bytes;
}

Result<void> BlobDownload::read_part() {
    const auto size = m_disk.size(m_path);
    if (!size)
        return size.error().category == Category::missing ? Result<void>() : Result<void>(size.error());
    if (*size > m_blob.bytes)
        return m_disk.remove(m_path);
    while (m_have < *size) {
        CAPSULE_TRY(bytes, m_disk.read_part(m_path, m_have, piece_bytes));
        if (bytes.empty())
            break;
        m_hash.add(bytes);
        m_have += bytes.size();
    }
    return {};
}

Result<void> BlobDownload::begin(std::uint64_t offset) {
    if (offset == 0) {
        (void)m_hash.finish();
        m_have = 0;
        CAPSULE_TRY(file, m_disk.create(m_path, 0644));
        m_file = std::move(file);
        return {};
    }
    if (offset != m_have)
        return Error{Category::refused, "asked for byte " + std::to_string(m_have) + ", got byte " + std::to_string(offset)};
    CAPSULE_TRY(file, m_disk.append_to(m_path, 0644));
    m_file = std::move(file);
    return {};
}

Result<void> BlobDownload::take(std::string_view piece) {
    if (m_pause && *m_pause) {
        m_paused = true;
        return Error{Category::refused, "the hours for large downloads are over"};
    }
    m_received += piece.size();
    m_overlong = piece.size() > m_blob.bytes - m_have;
    if (m_overlong)
        return Error{Category::invalid,
                     "more than the " + std::to_string(m_blob.bytes) + " bytes of " + m_blob.sha256.hex() + " came"};
    CAPSULE_CHECK(m_file->append(piece));
    m_hash.add(piece);
    m_have += piece.size();
    if (m_progress)
        m_progress(m_have);
    return {};
}

Result<void> BlobDownload::throw_away(ReleaseSource& source) {
    m_file.reset();
    source.distrust(m_blob);
    return m_disk.remove(m_path);
}

Result<void> BlobDownload::adopt(ReleaseSource& source) {
    m_file.reset();
    if (const Digest digest = m_hash.finish(); digest != m_blob.sha256) {
        CAPSULE_CHECK(throw_away(source));
        return Error{Category::invalid, "what came for " + m_blob.sha256.hex() + " has the digest " + digest.hex()};
    }
    CAPSULE_TRY(stored, m_store.adopt(m_path, m_blob.sha256));
    (void)stored;
    return {};
}

std::optional<Digest> parse_part_name(std::string_view name) {
    if (!name.ends_with(part_suffix))
        return std::nullopt;
    return Digest::parse(name.substr(0, name.size() - part_suffix.size()));
}

} // namespace capsule::sync
