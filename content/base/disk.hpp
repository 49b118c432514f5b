// What durable storage needs of a file system, as an interface: the real one, and in tests one that loses power.
// Thread-safe. Errors: missing, no_space, io, refused (permissions); messages name the path.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

using Path = std::filesystem::path;

// A file being written. Closing without sync() promises nothing.
class WritableFile {
public:
    virtual ~WritableFile() = default;
    virtual Result<void> append(std::string_view bytes) = 0;
    // When it returns well, what was appended survives a power cut (the name needs sync_directory too).
    virtual Result<void> sync() = 0;
};

class Disk {
public:
    virtual ~Disk() = default;
    // The whole file; refused beyond `most` bytes.
    virtual Result<std::string> read(const Path& path, std::uint64_t most) = 0;
    // At most `length` bytes from `offset` on, for files too large to hold; empty at or beyond the end.
    // Unless overridden it reads the whole file each time.
    virtual Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length);
    virtual Result<std::uint64_t> size(const Path& path) = 0; // refused for pipes, sockets and devices: opening one may wait for ever
    virtual bool exists(const Path& path) = 0;
    // Makes it anew, emptying what is there; mode as for open(2), less the umask.
    virtual Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) = 0;
    // Continues at its end; makes it if it is not there.
    virtual Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) = 0;
    virtual Result<void> rename(const Path& from, const Path& to) = 0;
    // Well also when it was not there.
    virtual Result<void> remove(const Path& path) = 0;
    // Makes the folder and those above it.
    virtual Result<void> make_directories(const Path& path) = 0;
    virtual Result<void> sync_directory(const Path& path) = 0;
    // Names (not paths) inside a folder, sorted; empty when the folder is not there.
    virtual Result<std::vector<std::string>> list(const Path& path) = 0;
    // Bytes that this user may still write.
    virtual Result<std::uint64_t> free_bytes(const Path& path) = 0;
};

class SystemDisk final : public Disk {
public:
    Result<std::string> read(const Path& path, std::uint64_t most) override;
    Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length) override;
    Result<std::uint64_t> size(const Path& path) override;
    bool exists(const Path& path) override;
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override;
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override;
    Result<void> rename(const Path& from, const Path& to) override;
    Result<void> remove(const Path& path) override;
    Result<void> make_directories(const Path& path) override;
    Result<void> sync_directory(const Path& path) override;
    Result<std::vector<std::string>> list(const Path& path) override;
    Result<std::uint64_t> free_bytes(const Path& path) override;
};

// Replaces `path` whole: temporary file beside it, write, fsync, rename, fsync of the folder. Afterwards the file has either its
// old or its new content, whatever happened in between. The folder must be there.
Result<void> write_durably(Disk& disk, const Path& path, std::string_view bytes, unsigned mode = 0644);

// The Error for a failed system call on `path`; `what` is a verb ("open", "write").
Error system_error(int error_number, std::string_view what, const Path& path);

} // namespace capsule
