// A real disk of which one call that only looks fails: the nth, counted from arm(). Looking is read, read_part, size, exists, list.
#pragma once

#include "content/base/disk.hpp"

namespace capsule {

class UnreadableDisk final : public Disk {
public:
    // 0: the next one. What exists() is asked then "is not there", as access(2) would have it.
    void arm(int nth) {
        m_left = nth;
        m_armed = true;
        m_struck = false;
    }
    void disarm() { m_armed = false; }
    // Whether the call that was to fail has come.
    bool struck() const { return m_struck; }

    Result<std::string> read(const Path& path, std::uint64_t most) override {
        return strikes() ? broken("read", path) : m_disk.read(path, most);
    }
    Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length) override {
        return strikes() ? broken("read", path) : m_disk.read_part(path, offset, length);
    }
    Result<std::uint64_t> size(const Path& path) override {
        return strikes() ? Result<std::uint64_t>(broken("stat", path)) : m_disk.size(path);
    }
    bool exists(const Path& path) override { return !strikes() && m_disk.exists(path); }
    Result<std::vector<std::string>> list(const Path& path) override {
        return strikes() ? Result<std::vector<std::string>>(broken("list", path)) : m_disk.list(path);
    }
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override { return m_disk.create(path, mode); }
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override { return m_disk.append_to(path, mode); }
    Result<void> rename(const Path& from, const Path& to) override { return m_disk.rename(from, to); }
    Result<void> remove(const Path& path) override { return m_disk.remove(path); }
    Result<void> make_directories(const Path& path) override { return m_disk.make_directories(path); }
    Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
    Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

private:
    bool strikes() {
        const bool now = m_armed && m_left-- == 0;
        m_struck = m_struck || now;
        return now;
    }
    static Error broken(const char* what, const Path& path) { return system_error(5, what, path); } // EIO

    SystemDisk m_disk;
    int m_left = 0;
    bool m_armed = false, m_struck = false;
};

} // namespace capsule
