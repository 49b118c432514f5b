// Transfers of masters that can be cut and continued. Thread-safe; each call takes the caller's connection. Limits: README.md.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/http/request.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

// DDL, SQLite.
std::string_view uploads_schema();

struct UploadLimits {
    std::uint64_t each = 2ULL << 30;
    std::uint64_t of_person = 8ULL << 30;
    std::int64_t uploads_of_person = 20;
    std::uint64_t free_bytes = 512ULL << 20; // that stay on the disk
    Milliseconds idle = std::chrono::hours(7 * 24);
};

struct Upload {
    std::string id;    // 32 hexadecimal digits
    std::string login; // whose it is
    std::string name;  // of the file, as the client says; for people only
    std::uint64_t length = 0, offset = 0;
    Instant expires{};
    bool complete() const { return offset == length; }
};

// What a piece of a body should be, from Upload-Checksum.
struct PieceChecksum {
    std::string algorithm; // "sha1" or "sha256"
    std::string digest;    // the bytes
};
// "sha1 base64…". Invalid: another form, or an algorithm that is not known here.
Result<PieceChecksum> parse_checksum(std::string_view header);

class UploadDesk {
public:
    // `folder` must be there. Keeps references.
    UploadDesk(const Clock& clock, Random& random, Disk& disk, Path folder, UploadLimits limits = {});
    ~UploadDesk();

    // Refused: a quota. no_space: the disk. Invalid: no length, or too much of it.
    Result<Upload> create(sqlite::Database& database, const std::string& login, const std::string& name, std::uint64_t length);
    // Missing: there is none of that id, or it is somebody else's.
    Result<Upload> get(sqlite::Database& database, const std::string& login, const std::string& id) const;
    // Ends whatever still writes into it. Missing as above; refused while a job needs it.
    Result<void> remove(sqlite::Database& database, const std::string& login, const std::string& id);

    // Where the bytes from `offset` on go. Refused: the upload stands elsewhere. Whoever wrote into it before no longer can.
    Result<std::unique_ptr<BodySink>> continue_at(sqlite::Database& database, const std::string& login, const std::string& id,
                                                  std::uint64_t offset, const std::optional<PieceChecksum>& checksum);
    // The whole piece has been taken: makes it durable. The upload's offset after it. Invalid: its checksum is another, nothing of it is kept.
    Result<std::uint64_t> finish(sqlite::Database& database, BodySink& sink);

    Path path_of(const std::string& id) const;
    // For the queue of jobs, whatever the person: an upload in use stays.
    Result<Upload> hold(sqlite::Database& database, const std::string& login, const std::string& id);
    Result<void> discard(sqlite::Database& database, const std::string& id);
    // Drops what nobody continued in time, and files without a row.
    Result<void> sweep(sqlite::Database& database);

    const UploadLimits& limits() const { return m_limits; }

private:
    struct Writing;
    class Sink;
    Result<void> check_quota(sqlite::Database& database, const std::string& login, std::uint64_t length) const;
    void end_writing(const std::string& id);

    const Clock& m_clock;
    Random& m_random;
    Disk& m_disk;
    const Path m_folder;
    const UploadLimits m_limits;
    std::mutex m_mutex;
    std::map<std::string, std::weak_ptr<Writing>> m_writing; // the last who writes into each
};

} // namespace capsule::server
