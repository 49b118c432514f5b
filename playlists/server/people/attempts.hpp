// How often somebody may try, by whatever stands for the somebody. In memory only: what people type by mistake into the wrong field is
// written nowhere. Thread-safe.
#pragma once

#include "content/base/clock.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace capsule::server {

class Attempts {
public:
    static constexpr Milliseconds span = std::chrono::minutes(15);

    explicit Attempts(const Clock& clock) : m_clock(clock) {}

    // False: there were `most` in the span already. True: this one is counted, before anything is looked at, so that trying in parallel
    // gains nothing.
    bool admit(const std::string& who, std::size_t most);
    // The last one counted was none after all.
    void take_back(const std::string& who);
    // All are forgotten: it was the right one.
    void forgive(const std::string& who);

private:
    void tidy_while_locked(Nanoseconds now);

    const Clock& m_clock;
    std::mutex m_mutex;
    std::map<std::string, std::deque<Nanoseconds>> m_tries;
    Nanoseconds m_tidied{0};
};

} // namespace capsule::server
