#include "content/base/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace capsule {

namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0)
            close(m_fd);
    }
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd;
};

class SystemFile final : public WritableFile {
public:
    SystemFile(Descriptor descriptor, Path path) : m_descriptor(std::move(descriptor)), m_path(std::move(path)) {}

    Result<void> append(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = write(m_descriptor.get(), bytes.data(), bytes.size());
            if (written < 0) {
                if (errno == EINTR)
                    continue;
                return system_error(errno, "write", m_path);
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Result<void> sync() override {
        if (fsync(m_descriptor.get()) != 0)
            return system_error(errno, "fsync", m_path);
        return {};
    }

private:
    Descriptor m_descriptor;
    Path m_path;
};

Result<std::unique_ptr<WritableFile>> open_for_writing(const Path& path, int flags, unsigned mode) {
    Descriptor descriptor(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, static_cast<mode_t>(mode)));
    if (!descriptor)
        return system_error(errno, "open", path);
    return std::unique_ptr<WritableFile>(std::make_unique<SystemFile>(std::move(descriptor), path));
}

} // namespace

Error system_error(int error_number, std::string_view what, const Path& path) {
    Category category = Category::io;
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        category = Category::missing;
        break;
    case ENOSPC:
    case EDQUOT:
        category = Category::no_space;
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        category = Category::refused;
        break;
    default:
        break;
    }
    return {category, "cannot " + std::string(what) + " " + path.string() + ": " + std::generic_category().message(error_number)};
}

Result<std::string> SystemDisk::read(const Path& path, std::uint64_t most) {
    Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor)
        return system_error(errno, "open", path);
    struct stat status {};
    if (fstat(descriptor.get(), &status) != 0)
        return system_error(errno, "stat", path);
    if (S_ISDIR(status.st_mode))
        return system_error(EISDIR, "read", path);
    std::string bytes;
    std::string buffer(65536, '\0');
    for (;;) {
        const ssize_t got = ::read(descriptor.get(), buffer.data(), buffer.size());
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return system_error(errno, "read", path);
        }
        if (got == 0)
            return bytes;
        if (bytes.size() + static_cast<std::uint64_t>(got) > most)
            return Error{Category::refused, path.string() + " is larger than " + std::to_string(most) + " bytes"};
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Result<std::string> Disk::read_part(const Path& path, std::uint64_t offset, std::size_t length) {
    CAPSULE_TRY(bytes, read(path, UINT64_MAX));
    return offset >= bytes.size() ? std::string() : bytes.substr(static_cast<std::size_t>(offset), length);
}

Result<std::string> SystemDisk::read_part(const Path& path, std::uint64_t offset, std::size_t length) {
    Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor)
        return system_error(errno, "open", path);
    std::string bytes(length, '\0');
    std::size_t filled = 0;
    while (filled < length) {
        const ssize_t got =
            pread(descriptor.get(), bytes.data() + filled, length - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return system_error(errno, "read", path);
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

Result<std::uint64_t> SystemDisk::size(const Path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0)
        return system_error(errno, "stat", path);
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return Error{Category::refused, path.string() + " is no file but a pipe, socket or device"};
    return static_cast<std::uint64_t>(status.st_size);
}

bool SystemDisk::exists(const Path& path) { return access(path.c_str(), F_OK) == 0; }

Result<std::unique_ptr<WritableFile>> SystemDisk::create(const Path& path, unsigned mode) { return open_for_writing(path, O_TRUNC, mode); }

Result<std::unique_ptr<WritableFile>> SystemDisk::append_to(const Path& path, unsigned mode) {
    return open_for_writing(path, O_APPEND, mode);
}

Result<void> SystemDisk::rename(const Path& from, const Path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0)
        return system_error(errno, "rename", from);
    return {};
}

Result<void> SystemDisk::remove(const Path& path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
        return system_error(errno, "remove", path);
    return {};
}

Result<void> SystemDisk::make_directories(const Path& path) {
    std::error_code code;
    std::filesystem::create_directories(path, code);
    if (code)
        return system_error(code.value(), "make folder", path);
    return {};
}

Result<void> SystemDisk::sync_directory(const Path& path) {
    Descriptor descriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor)
        return system_error(errno, "open", path);
    if (fsync(descriptor.get()) != 0)
        return system_error(errno, "fsync", path);
    return {};
}

Result<std::vector<std::string>> SystemDisk::list(const Path& path) {
    std::vector<std::string> names;
    std::error_code code;
    for (std::filesystem::directory_iterator it(path, code), end; !code && it != end; it.increment(code))
        names.push_back(it->path().filename().string());
    if (code && code != std::errc::no_such_file_or_directory)
        return system_error(code.value(), "list", path);
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::uint64_t> SystemDisk::free_bytes(const Path& path) {
    struct statvfs status {};
    if (statvfs(path.c_str(), &status) != 0)
        return system_error(errno, "statvfs", path);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Result<void> write_durably(Disk& disk, const Path& path, std::string_view bytes, unsigned mode) {
    Path temporary = path;
    temporary += ".part";
    {
        CAPSULE_TRY(file, disk.create(temporary, mode));
        Result<void> written = file->append(bytes);
        if (written)
            written = file->sync();
        if (!written) {
            (void)disk.remove(temporary);
            return written;
        }
    }
    CAPSULE_CHECK(disk.rename(temporary, path));
    return disk.sync_directory(path.parent_path().empty() ? Path(".") : path.parent_path());
}

} // namespace capsule
