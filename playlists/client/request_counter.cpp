#include "playlists/client/request_counter.hpp"

#include <charconv>

namespace capsule::client {

Result<void> RequestCounter::load_while_locked() {
    const auto text = m_disk.read(m_path, 64);
    if (!text && text.error().category != Category::missing)
        return text.error();
    if (text) {
        const char* end = text->data() + text->size();
        const auto [stop, code] = std::from_chars(text->data(), end, m_ceiling);
        if (code != std::errc{} || m_ceiling == 0 || (stop != end && *stop != '\n'))
            return Error{Category::invalid, m_path.string() + " does not hold a number: restore it, or enrol this machine anew"};
    }
    m_next = m_ceiling;
    m_loaded = true;
    return {};
}

Result<void> RequestCounter::go_on_above(std::uint64_t counted) {
    const std::lock_guard lock(m_mutex);
    if (!m_loaded)
        CAPSULE_CHECK(load_while_locked());
    if (counted < m_next)
        return {};
    if (counted >= most)
        return Error{Category::invalid, "the server says that this machine has sent " + std::to_string(counted) + " requests: that cannot be"};
    CAPSULE_CHECK(write_durably(m_disk, m_path, std::to_string(counted + 1 + step) + "\n", 0600));
    m_next = counted + 1;
    m_ceiling = m_next + step;
    return {};
}

Result<std::uint64_t> RequestCounter::next() {
    const std::lock_guard lock(m_mutex);
    if (!m_loaded)
        CAPSULE_CHECK(load_while_locked());
    if (m_next >= m_ceiling) {
        CAPSULE_CHECK(write_durably(m_disk, m_path, std::to_string(m_next + step) + "\n", 0600));
        m_ceiling = m_next + step;
    }
    return m_next++;
}

} // namespace capsule::client
