// Which blobs may go: those that nobody has wanted for a while. Passive: told the time (monotonic), asks for none.
// The grace period counts from the first step that saw the blob unwanted, and starts anew with the process: files' dates are no
// evidence on a screen whose clock is wrong, and waiting once more costs only space.
#pragma once

#include "content/base/clock.hpp"
#include "content/store/store.hpp"

#include <map>
#include <set>

namespace capsule {

struct Collected {
    std::size_t removed = 0;
    std::size_t waiting = 0; // unwanted, but within the grace period
    std::uint64_t bytes = 0; // freed
};

class GarbageCollector {
public:
    GarbageCollector(Store& store, Nanoseconds grace) : m_store(store), m_grace(grace) {}

    // Removes what is neither wanted nor on air and has not been for the grace period. What cannot be removed stays for the
    // next step; the first such error is returned after all others were tried.
    Result<Collected> step(const std::set<Digest>& wanted, const std::set<Digest>& on_air, Nanoseconds now);

private:
    Store& m_store;
    Nanoseconds m_grace;
    std::map<Digest, Nanoseconds> m_unwanted_since;
};

} // namespace capsule
