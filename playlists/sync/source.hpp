// Where a release and its blobs come from: a server, a mirror, a folder. The layout is the same everywhere: release/NAME and
// blobs/SHA256. Nothing that a source says is believed: the caller checks length and digest.
//
// Thread-safe: metadata and blobs are fetched from two threads, so that an urgent message does not wait behind a film.
// Errors: missing (the source has no such file), timeout and io (try again later), refused (something else than a release
// answers, or stopped), invalid.
#pragma once

#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule::sync {

struct FetchedFile {
    bool changed = true;   // false: still as when `etag` was given; `bytes` is then empty
    std::string etag = {}; // empty when the source has none
    std::string bytes = {};
    bool overlong = false; // there are more bytes than were asked for at most: none of them are here
};

// Takes a blob's bytes in order.
class BlobSink {
public:
    virtual ~BlobSink() = default;
    // Once before the first piece: the offset that the source really starts from, either the one asked for or 0.
    virtual Result<void> begin(std::uint64_t offset) = 0;
    virtual Result<void> take(std::string_view piece) = 0;
};

class ReleaseSource {
public:
    virtual ~ReleaseSource() = default;
    // For messages: "http://192.168.1.5:8080", "/media/stick".
    virtual std::string name() const = 0;
    // The file release/`name`; of one that has more than `most` bytes no more is read than shows that. With an `etag` of before, an
    // unchanged file need not be sent again.
    virtual Result<FetchedFile> file(const std::string& name, const std::string& etag, std::uint64_t most) = 0;
    // The blob from `offset` on. After an error the pieces taken before it count. An answer that cannot be the blob, by its
    // length or kind, is refused before `sink` hears of it, so that what was there is not thrown away for it.
    virtual Result<void> blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) = 0;
    // All that came for the blob made up another digest, or was more than the blob has. A source that has a choice takes it elsewhere from now on.
    virtual void distrust(const BlobReference&) {}
    // Whether the signed metadata that came last hold and are in date. A source that has a choice asks for the next ones elsewhere.
    virtual void judged(bool) {}
};

} // namespace capsule::sync
