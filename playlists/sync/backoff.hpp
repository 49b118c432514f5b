// When to try again: twice as long after each failure, up to a ceiling, with jitter so that a fleet does not come back at once.
// Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"

#include <algorithm>

namespace capsule::sync {

class Backoff {
public:
    Backoff(Nanoseconds first, Nanoseconds most) : m_first(first), m_most(most) {}

    // The wait after one more failure: between half and the whole of first · 2^failures.
    Nanoseconds failed(Random& random) {
        Nanoseconds whole = m_first;
        for (int i = 0; i < m_failures && whole < m_most; ++i)
            whole *= 2; // never far beyond m_most, so that it cannot overflow
        whole = std::min(whole, m_most);
        ++m_failures;
        return whole / 2 +
               Nanoseconds{static_cast<std::int64_t>(random.number() % static_cast<std::uint64_t>(whole.count() / 2 + 1))};
    }
    void succeeded() { m_failures = 0; }
    int failures() const { return m_failures; }

private:
    Nanoseconds m_first, m_most;
    int m_failures = 0;
};

} // namespace capsule::sync
