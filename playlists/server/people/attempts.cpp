#include "playlists/server/people/attempts.hpp"

namespace capsule::server {

bool Attempts::admit(const std::string& who, std::size_t most) {
    const std::lock_guard lock(m_mutex);
    const Nanoseconds now = m_clock.monotonic();
    tidy_while_locked(now);
    auto& tries = m_tries[who];
    while (!tries.empty() && now - tries.front() >= span)
        tries.pop_front();
    if (tries.size() >= most)
        return false;
    tries.push_back(now);
    return true;
}

void Attempts::take_back(const std::string& who) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_tries.find(who);
    if (found != m_tries.end() && !found->second.empty())
        found->second.pop_back();
}

void Attempts::forgive(const std::string& who) {
    const std::lock_guard lock(m_mutex);
    m_tries.erase(who);
}

// Once a minute: what is remembered is never more than was tried in the last quarter of an hour.
void Attempts::tidy_while_locked(Nanoseconds now) {
    if (now - m_tidied < std::chrono::minutes(1))
        return;
    m_tidied = now;
    std::erase_if(m_tries, [&](const auto& entry) { return entry.second.empty() || now - entry.second.back() >= span; });
}

} // namespace capsule::server
