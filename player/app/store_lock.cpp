#include "player/app/store_lock.hpp"

#include "content/base/log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace capsule {

Result<StoreLock> StoreLock::take(const Path& store) {
    const Path path = store / "player.lock";
    StoreLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.m_file < 0) {
        if (errno == ENOTDIR || errno == ENOENT || errno == EISDIR)
            return system_error(errno, "open", path);
        log_warning("store", system_error(errno, "open", path).message + "; going on without the lock");
        return lock; // where nothing can be written, two players spoil nothing
    }
    if (::flock(lock.m_file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? Error{Category::refused, store.string() + " is in use by another capsule-player: stop that one, or choose another --store"}
                   : system_error(errno, "lock", path);
    return lock;
}

StoreLock::~StoreLock() {
    if (m_file >= 0)
        ::close(m_file);
}

} // namespace capsule
