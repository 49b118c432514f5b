// Several sources as one, in order of preference: a local server, a mirror, a folder. Thread-safe, see source.hpp.
//
// Each request goes to the first source that is not resting. A source that does not answer, or answers with something else than a
// release, rests: 15 s, twice as long after each further failure, 10 min at most, with jitter; then it is tried again, so that a
// better source that comes back is used again. When all rest, the one that has rested longest is asked: one request is always made.
// A source whose metadata do not hold or are out of date, such as a mirror that stands still, rests likewise, from files only.
// A file that a source lacks is asked of the next; that source does not rest for it.
// Bytes taken from one source count with the next: a blob goes on where it stopped.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "playlists/sync/backoff.hpp"
#include "playlists/sync/source.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace capsule::sync {

class SourceList final : public ReleaseSource {
public:
    // At least one. `clock` and `random` outlive the list.
    SourceList(std::vector<std::unique_ptr<ReleaseSource>> sources, const Clock& clock, Random& random);

    // Of the source that last answered rightly.
    std::string name() const override;
    Result<FetchedFile> file(const std::string& name, const std::string& etag, std::uint64_t most) override;
    Result<void> blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) override;
    // Whoever sent bytes of that blob is passed over for it, until nobody else is left.
    void distrust(const BlobReference& blob) override;
    // Whoever sent the last file is asked for no file, but for blobs, while it rests from that.
    void judged(bool well) override;

private:
    struct Entry {
        std::unique_ptr<ReleaseSource> source;
        Backoff backoff{std::chrono::seconds(30), std::chrono::minutes(10)};
        Nanoseconds rests_until = Nanoseconds::min();
        Backoff doubts{std::chrono::seconds(30), std::chrono::minutes(10)};
        Nanoseconds doubted_until = Nanoseconds::min();
        Nanoseconds silent_until(bool for_files) const { return for_files ? std::max(rests_until, doubted_until) : rests_until; }
    };
    // In the order in which they are to be asked now.
    std::vector<std::size_t> order(bool for_files) const;
    void answered(std::size_t which);
    void failed(std::size_t which);

    const Clock& m_clock;
    Random& m_random;
    mutable std::mutex m_mutex; // guards all below but the sources themselves
    std::vector<Entry> m_entries;
    std::size_t m_last = 0;
    std::optional<std::size_t> m_last_file; // who gave it
    std::map<Digest, std::set<std::size_t>> m_senders, m_distrusted; // of blobs under way
};

} // namespace capsule::sync
