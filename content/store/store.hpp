// A content-addressed store: files named by the SHA-256 of what is in them, written once.
// Thread-safe: distinct files have distinct names, and all state is on the disk. Several processes may use one store.
//
// Under the root: `blobs/ab/<sha256>` (complete ones only) and `incoming/` (what is being written; may be lost at any moment).
// A blob is there whole or not at all, whatever happened in between: temporary file → write → fsync → rename → fsync of the
// folder. Errors are the disk's (missing, no_space, io, refused); after a failed call the blob is absent or whole, and its
// temporary file is gone.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct StoredBlob {
    Digest digest;
    std::uint64_t bytes = 0;
    bool operator==(const StoredBlob&) const = default;
};

class Store {
public:
    // The next piece of what is to be stored; empty at the end.
    using Source = std::function<Result<std::string>()>;

    // Keeps a reference to `disk`, which must outlive it.
    Store(Disk& disk, Path root);

    // Makes the folders, durably, and removes what dead processes left in incoming/. Call once before anything else.
    Result<void> prepare();

    // Storing what is there already is well, and writes nothing new in its place.
    Result<StoredBlob> add_bytes(std::string_view bytes);
    // A regular file outside the store, copied. Refused when it is no regular file.
    Result<StoredBlob> add_file(const Path& file);
    // From the start of an open regular file; its position moves.
    Result<StoredBlob> add_descriptor(int descriptor);
    Result<StoredBlob> add(const Source& source);

    // Takes a complete download, which must lie in incoming(), into the store by renaming it. Invalid when its digest is
    // another: it is removed then, so that the download starts anew.
    Result<StoredBlob> adopt(const Path& temporary, const Digest& expected);

    // Whether the blob is there with that many bytes. Its content is not read: see verify.
    bool has(const Digest& digest, std::uint64_t bytes) const;
    bool has(const Digest& digest) const;
    Path path_of(const Digest& digest) const;
    // Reads it all: missing when it is not there, invalid when its bytes are not its name's. Timeout soon after `stop` is raised: on a
    // slow card it takes seconds.
    Result<StoredBlob> verify(const Digest& digest, const std::atomic<bool>* stop = nullptr) const;
    // Its bytes, verified. Refused beyond `most`.
    Result<std::string> read(const Digest& digest, std::uint64_t most) const;
    // All of them, sorted; files that are no blobs are passed over.
    Result<std::vector<Digest>> list() const;
    // Well also when it was not there.
    Result<void> remove(const Digest& digest);

    const Path& root() const { return m_root; }
    Path incoming() const { return m_root / "incoming"; }
    // A name in incoming() that nobody else uses: "<purpose>-<process>-<number>".
    Path new_temporary(std::string_view purpose) const;
    Disk& disk() const { return m_disk; }

private:
    Result<StoredBlob> digest_of(const Path& path, const std::atomic<bool>* stop = nullptr) const;
    Result<void> put(const Path& temporary, const Digest& digest);

    Disk& m_disk;
    Path m_root;
};

} // namespace capsule
