#include "content/store/store.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>

namespace capsule {

namespace {

constexpr std::size_t piece = 1u << 20;

// "add-123-4", "sample-video-123-4": PURPOSE-PROCESS-NUMBER of a process that is no more. Downloads (other names) are resumed, not
// removed.
bool is_leftover(const std::string& name) {
    const auto second = name.rfind('-');
    const auto first = second == std::string::npos || second == 0 ? std::string::npos : name.rfind('-', second - 1);
    if (first == std::string::npos || first == 0)
        return false;
    pid_t process = 0;
    const char* end = name.data() + second;
    const auto [stop, code] = std::from_chars(name.data() + first + 1, end, process);
    if (code != std::errc() || stop != end || process <= 0)
        return false;
    return process != getpid() && kill(process, 0) != 0 && errno == ESRCH;
}

} // namespace

Store::Store(Disk& disk, Path root) : m_disk(disk), m_root(std::move(root)) {}

Result<void> Store::prepare() {
    CAPSULE_CHECK(m_disk.make_directories(m_root / "blobs"));
    CAPSULE_CHECK(m_disk.make_directories(incoming()));
    CAPSULE_CHECK(m_disk.sync_directory(m_root));
    CAPSULE_TRY(names, m_disk.list(incoming()));
    for (const auto& name : names)
        if (is_leftover(name))
            CAPSULE_CHECK(m_disk.remove(incoming() / name));
    return {};
}

Path Store::new_temporary(std::string_view purpose) const {
    static std::atomic<std::uint64_t> number{0};
    return incoming() / (std::string(purpose) + "-" + std::to_string(getpid()) + "-" + std::to_string(++number));
}

Path Store::path_of(const Digest& digest) const {
    const std::string hex = digest.hex();
    return m_root / "blobs" / hex.substr(0, 2) / hex;
}

bool Store::has(const Digest& digest) const { return m_disk.exists(path_of(digest)); }

bool Store::has(const Digest& digest, std::uint64_t bytes) const {
    const auto size = m_disk.size(path_of(digest));
    return size && *size == bytes;
}

// Precondition: the temporary file's bytes are synced.
Result<void> Store::put(const Path& temporary, const Digest& digest) {
    const Path path = path_of(digest);
    const Path folder = path.parent_path();
    if (!m_disk.exists(folder))
        CAPSULE_CHECK(m_disk.make_directories(folder));
    // Also when it was there: whoever made it may have been cut off before this line.
    CAPSULE_CHECK(m_disk.sync_directory(folder.parent_path()));
    CAPSULE_CHECK(m_disk.rename(temporary, path));
    return m_disk.sync_directory(folder);
}

Result<StoredBlob> Store::add(const Source& source) {
    const Path temporary = new_temporary("add");
    Sha256 hash;
    StoredBlob blob;
    const auto write = [&]() -> Result<void> {
        CAPSULE_TRY(file, m_disk.create(temporary, 0644));
        for (;;) {
            CAPSULE_TRY(bytes, source());
            if (bytes.empty())
                return file->sync();
            hash.add(bytes);
            blob.bytes += bytes.size();
            CAPSULE_CHECK(file->append(bytes));
        }
    };
    Result<void> result = write();
    if (result) {
        blob.digest = hash.finish();
        if (!has(blob.digest, blob.bytes))
            result = put(temporary, blob.digest);
        else
            result = m_disk.sync_directory(path_of(blob.digest).parent_path()); // another may have renamed it a moment ago
    }
    (void)m_disk.remove(temporary); // gone already when it was renamed
    if (!result)
        return result.error();
    return blob;
}

Result<StoredBlob> Store::add_bytes(std::string_view bytes) {
    return add([bytes]() mutable -> Result<std::string> {
        const auto next = bytes.substr(0, piece);
        bytes.remove_prefix(next.size());
        return std::string(next);
    });
}

Result<StoredBlob> Store::add_descriptor(int descriptor) {
    if (lseek(descriptor, 0, SEEK_SET) < 0)
        return system_error(errno, "rewind", "the file to be stored");
    return add([descriptor]() -> Result<std::string> {
        std::string bytes(piece, '\0');
        ssize_t got = 0;
        do
            got = ::read(descriptor, bytes.data(), bytes.size());
        while (got < 0 && errno == EINTR);
        if (got < 0)
            return system_error(errno, "read", "the file to be stored");
        bytes.resize(static_cast<std::size_t>(got));
        return bytes;
    });
}

Result<StoredBlob> Store::add_file(const Path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return system_error(errno, "open", file);
    struct stat status {};
    Result<StoredBlob> result = Error{Category::refused, file.string() + " is not a regular file"};
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        result = add_descriptor(descriptor);
    close(descriptor);
    return result;
}

Result<StoredBlob> Store::digest_of(const Path& path, const std::atomic<bool>* stop) const {
    Sha256 hash;
    StoredBlob blob;
    for (;;) {
        if (stop && *stop)
            return Error{Category::timeout, path.string() + " was not read to its end"};
        CAPSULE_TRY(bytes, m_disk.read_part(path, blob.bytes, piece));
        if (bytes.empty())
            break;
        hash.add(bytes);
        blob.bytes += bytes.size();
    }
    blob.digest = hash.finish();
    return blob;
}

Result<StoredBlob> Store::adopt(const Path& temporary, const Digest& expected) {
    CAPSULE_TRY(blob, digest_of(temporary));
    if (blob.digest != expected) {
        CAPSULE_CHECK(m_disk.remove(temporary));
        return Error{Category::invalid, "what came for " + expected.hex() + " has the digest " + blob.digest.hex()};
    }
    {
        CAPSULE_TRY(file, m_disk.append_to(temporary, 0644));
        CAPSULE_CHECK(file->sync());
    }
    CAPSULE_CHECK(put(temporary, expected));
    return blob;
}

Result<StoredBlob> Store::verify(const Digest& digest, const std::atomic<bool>* stop) const {
    CAPSULE_TRY(blob, digest_of(path_of(digest), stop));
    if (blob.digest != digest)
        return Error{Category::invalid, path_of(digest).string() + " is damaged: its bytes are not those of its name"};
    return blob;
}

Result<std::string> Store::read(const Digest& digest, std::uint64_t most) const {
    CAPSULE_TRY(bytes, m_disk.read(path_of(digest), most));
    if (sha256(bytes) != digest)
        return Error{Category::invalid, path_of(digest).string() + " is damaged: its bytes are not those of its name"};
    return bytes;
}

Result<std::vector<Digest>> Store::list() const {
    std::vector<Digest> digests;
    CAPSULE_TRY(folders, m_disk.list(m_root / "blobs"));
    for (const auto& folder : folders) {
        if (folder.size() != 2)
            continue;
        CAPSULE_TRY(names, m_disk.list(m_root / "blobs" / folder));
        for (const auto& name : names)
            if (const auto digest = Digest::parse(name); digest && name.starts_with(folder))
                digests.push_back(*digest);
    }
    std::sort(digests.begin(), digests.end());
    return digests;
}

Result<void> Store::remove(const Digest& digest) { return m_disk.remove(path_of(digest)); }

} // namespace capsule
