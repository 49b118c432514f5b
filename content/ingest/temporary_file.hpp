// A file without a name, on the store's disk: another program reaches it as /proc/self/fd/N, and nothing is left of it when this
// process ends. Reentrant.
#pragma once

#include "content/store/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace capsule::ingest {

class TemporaryFile {
public:
    static Result<TemporaryFile> make(const Store& store) {
        const Path path = store.new_temporary("ingest");
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return system_error(errno, "make", path);
        ::unlink(path.c_str());
        return TemporaryFile(fd);
    }
    TemporaryFile(TemporaryFile&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    TemporaryFile& operator=(TemporaryFile&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~TemporaryFile() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }
    // A path that opens it from inside this process.
    Path path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    explicit TemporaryFile(int fd) : m_fd(fd) {}
    int m_fd;
};

} // namespace capsule::ingest
