#include "content/store/garbage.hpp"

namespace capsule {

Result<Collected> GarbageCollector::step(const std::set<Digest>& wanted, const std::set<Digest>& on_air, Nanoseconds now) {
    CAPSULE_TRY(digests, m_store.list());
    Collected collected;
    Result<void> outcome;
    std::map<Digest, Nanoseconds> still_unwanted;
    for (const auto& digest : digests) {
        if (wanted.contains(digest) || on_air.contains(digest))
            continue;
        const auto known = m_unwanted_since.find(digest);
        const Nanoseconds since = known == m_unwanted_since.end() ? now : known->second;
        if (now - since >= m_grace) {
            const auto bytes = m_store.disk().size(m_store.path_of(digest));
            if (auto removed = m_store.remove(digest); removed) {
                ++collected.removed;
                collected.bytes += bytes ? *bytes : 0;
                continue;
            } else if (outcome) {
                outcome = removed;
            }
        }
        still_unwanted.emplace(digest, since);
        ++collected.waiting;
    }
    m_unwanted_since = std::move(still_unwanted);
    if (!outcome)
        return outcome.error();
    return collected;
}

} // namespace capsule
