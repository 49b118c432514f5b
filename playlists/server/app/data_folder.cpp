#include "playlists/server/app/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace capsule::server {

DataFolder::~DataFolder() {
    if (m_lock >= 0)
        ::close(m_lock);
}

Result<DataFolder> DataFolder::open(Disk& disk, const Path& root) {
    for (const char* name : {"release", "blobs", "keys", "uploads"})
        CAPSULE_CHECK(disk.make_directories(root / name));
    if (::chmod((root / "keys").c_str(), 0700) != 0)
        return system_error(errno, "protect", root / "keys");
    const Path lock_file = root / "server.lock";
    const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return system_error(errno, "open", lock_file);
    DataFolder folder(root, lock);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
        return Error{Category::refused,
                     root.string() + " is in use by another capsule-server: stop that one or choose another --data"};
    // Only this user may read the database: it holds digests of passwords.
    const int database = ::open(folder.database().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (database < 0)
        return system_error(errno, "open", folder.database());
    ::close(database);
    CAPSULE_TRY(left, disk.list(folder.uploads()));
    for (const std::string& name : left)
        if (!name.starts_with("tus-")) // these go on
            CAPSULE_CHECK(disk.remove(folder.uploads() / name));
    return folder;
}

} // namespace capsule::server
