#include "playlists/server/http/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace capsule::server {

Result<Spool> Spool::create(const Path& file) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return system_error(errno, "make", file);
    return Spool(descriptor, file);
}

Spool::Spool(Spool&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::exchange(other.m_path, {})), m_bytes(other.m_bytes),
      m_hash(std::move(other.m_hash)) {}

Spool::~Spool() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove(m_path, ignored);
}

Result<void> Spool::append(std::string_view bytes) {
    m_hash.add(bytes);
    m_bytes += bytes.size();
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return system_error(errno, "write", m_path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

SpooledFile Spool::finish() {
    ::close(std::exchange(m_descriptor, -1));
    return SpooledFile(std::exchange(m_path, {}), m_bytes, m_hash.finish());
}

} // namespace capsule::server
