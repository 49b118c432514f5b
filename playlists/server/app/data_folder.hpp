// The server's folder on disk, made and locked. Thread-safe once open.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <utility>

namespace capsule::server {

class DataFolder {
public:
    // Makes what is missing, takes the lock and takes bodies that cannot be continued out of uploads/. Refused when another server has it, or for lack of permission.
    static Result<DataFolder> open(Disk& disk, const Path& root);
    DataFolder(DataFolder&& other) noexcept : m_root(std::move(other.m_root)), m_lock(std::exchange(other.m_lock, -1)) {}
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder(); // releases the lock

    Path database() const { return m_root / "server.db"; }
    Path release() const { return m_root / "release"; }
    Path keys() const { return m_root / "keys"; }
    Path uploads() const { return m_root / "uploads"; }

private:
    DataFolder(Path root, int lock) : m_root(std::move(root)), m_lock(lock) {}
    Path m_root;
    int m_lock;
};

} // namespace capsule::server
