// Keeps a second player away from a store: two would fetch into the same files, count the same requests and share one journal.
// Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <utility>

namespace capsule {

class StoreLock {
public:
    // Held until the object goes, or the process ends in whatever way. A folder that cannot be written (full, read-only) is taken
    // without a lock, which is logged. Errors: refused when another process holds it; no such folder.
    static Result<StoreLock> take(const Path& store);
    StoreLock(StoreLock&& other) noexcept : m_file(std::exchange(other.m_file, -1)) {}
    StoreLock& operator=(StoreLock&&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int file) : m_file(file) {}
    int m_file = -1;
};

} // namespace capsule
