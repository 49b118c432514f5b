#include "playlists/sync/source_list.hpp"

#include "content/base/log.hpp"

#include <algorithm>
#include <charconv>

namespace capsule::sync {

namespace {

constexpr std::size_t most_remembered = 1000;

// Whether it is the source that fails, rather than this one file.
bool source_is_at_fault(const Error& error) {
    return error.category == Category::timeout || error.category == Category::io || error.category == Category::refused;
}

// Remembers where the taker stands, and whether it was the taker who gave up.
class CountingSink final : public BlobSink {
public:
    CountingSink(BlobSink& sink, std::uint64_t offset) : m_sink(sink), m_at(offset) {}
    Result<void> begin(std::uint64_t offset) override {
        m_at = offset;
        return keep(m_sink.begin(offset));
    }
    Result<void> take(std::string_view piece) override {
        auto taken = keep(m_sink.take(piece));
        if (taken)
            m_at += piece.size();
        // More than there can be is refused, and yet it is this source that sent it.
        m_took = m_took || taken || taken.error().category == Category::invalid;
        return taken;
    }
    std::uint64_t at() const { return m_at; }
    bool took() const { return m_took; } // of this source
    bool gave_up() const { return m_gave_up; }

private:
    Result<void> keep(Result<void> result) {
        m_gave_up = m_gave_up || !result;
        return result;
    }
    BlobSink& m_sink;
    std::uint64_t m_at;
    bool m_took = false, m_gave_up = false;
};

} // namespace

SourceList::SourceList(std::vector<std::unique_ptr<ReleaseSource>> sources, const Clock& clock, Random& random)
    : m_clock(clock), m_random(random) {
    for (auto& source : sources)
        m_entries.push_back({std::move(source)});
}

std::string SourceList::name() const {
    const std::lock_guard lock(m_mutex);
    return m_entries[m_last].source->name();
}

std::vector<std::size_t> SourceList::order(bool for_files) const {
    const Nanoseconds now = m_clock.monotonic();
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].silent_until(for_files) <= now)
            order.push_back(i);
    if (order.empty())
        order.push_back(static_cast<std::size_t>(
            std::min_element(m_entries.begin(), m_entries.end(),
                             [for_files](const Entry& a, const Entry& b) { return a.silent_until(for_files) < b.silent_until(for_files); }) -
            m_entries.begin()));
    return order;
}

void SourceList::answered(std::size_t which) {
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_entries[which];
    entry.backoff.succeeded();
    entry.rests_until = Nanoseconds::min();
    if (m_last != which) {
        m_last = which;
        log_info("sync", "from now on from " + entry.source->name());
    }
}

void SourceList::failed(std::size_t which) {
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_entries[which];
    entry.rests_until = m_clock.monotonic() + entry.backoff.failed(m_random);
}

Result<FetchedFile> SourceList::file(const std::string& name, const std::string& etag, std::uint64_t most) {
    std::vector<std::size_t> asked;
    {
        const std::lock_guard lock(m_mutex);
        asked = order(true);
    }
    // An ETag means something only to the source that gave it: "1 abc" is source 1's "abc".
    std::size_t giver = m_entries.size();
    const auto [end, code] = std::from_chars(etag.data(), etag.data() + etag.size(), giver);
    const bool readable = code == std::errc{} && end != etag.data() + etag.size() && *end == ' ';
    std::optional<Result<FetchedFile>> first; // that is of no use
    for (const std::size_t which : asked) {
        const bool own = readable && giver == which;
        auto file = m_entries[which].source->file(name, own ? std::string(end + 1, etag.data() + etag.size()) : std::string{}, most);
        if (file && !file->overlong) {
            answered(which);
            {
                const std::lock_guard lock(m_mutex);
                m_last_file = which;
            }
            if (!file->etag.empty())
                file->etag = std::to_string(which) + ' ' + file->etag;
            return file;
        }
        if (file || source_is_at_fault(file.error()))
            failed(which);
        if (!first)
            first = std::move(file);
    }
    return *first;
}

Result<void> SourceList::blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) {
    std::vector<std::size_t> asked;
    {
        const std::lock_guard lock(m_mutex);
        asked = order(false);
        const auto& distrusted = m_distrusted[blob.sha256];
        if (distrusted.size() >= m_entries.size())
            m_distrusted.erase(blob.sha256); // nobody is left: from the beginning again
        else if (std::any_of(asked.begin(), asked.end(), [&](std::size_t which) { return !distrusted.contains(which); }))
            std::erase_if(asked, [&](std::size_t which) { return distrusted.contains(which); });
        if (const auto it = m_distrusted.find(blob.sha256); it != m_distrusted.end() && it->second.empty())
            m_distrusted.erase(it);
    }
    std::optional<Error> first;
    for (const std::size_t which : asked) {
        CountingSink counting(sink, offset);
        const auto done = m_entries[which].source->blob(blob, offset, counting);
        offset = counting.at();
        if (counting.took()) {
            const std::lock_guard lock(m_mutex);
            if (m_senders.size() > most_remembered)
                m_senders.clear();
            m_senders[blob.sha256].insert(which);
        }
        if (done && offset >= blob.bytes) {
            answered(which);
            return {};
        }
        if (counting.gave_up())
            return done; // the disk's fault, or somebody wants to stop: no other source would change that
        const Error error = done ? Error{Category::io, m_entries[which].source->name() + " ended too early"} : done.error();
        if (source_is_at_fault(error))
            failed(which);
        if (!first)
            first = error;
    }
    return *first;
}

void SourceList::distrust(const BlobReference& blob) {
    const std::lock_guard lock(m_mutex);
    m_distrusted[blob.sha256].merge(m_senders[blob.sha256]);
    m_senders.erase(blob.sha256);
}

void SourceList::judged(bool well) {
    const std::lock_guard lock(m_mutex);
    if (!m_last_file)
        return;
    Entry& entry = m_entries[*m_last_file];
    if (well)
        entry.doubts.succeeded();
    else
        entry.doubted_until = m_clock.monotonic() + entry.doubts.failed(m_random);
}

} // namespace capsule::sync
