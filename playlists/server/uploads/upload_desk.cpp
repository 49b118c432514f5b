#include "playlists/server/uploads/upload_desk.hpp"

#include "content/base/encoding.hpp"
#include "content/lib/openssl/message_digest.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

namespace capsule::server {

namespace {

constexpr std::string_view prefix = "tus-";

Error no_such(const std::string& id) {
    return {Category::missing, "there is no upload " + id + ": it was ended, or nobody continued it in time; start anew"};
}

std::uint64_t size_of(const Path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string in_megabytes(std::uint64_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; }

} // namespace

std::string_view uploads_schema() {
    return "CREATE TABLE uploads(id TEXT PRIMARY KEY, login TEXT NOT NULL, name TEXT NOT NULL, length INTEGER NOT NULL,"
           " created_ms INTEGER NOT NULL, touched_ms INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0) STRICT;"
           "CREATE INDEX uploads_by_login ON uploads(login);";
}

Result<PieceChecksum> parse_checksum(std::string_view header) {
    const std::size_t space = header.find(' ');
    PieceChecksum checksum{std::string(header.substr(0, space)), {}};
    const auto digest = space == std::string_view::npos ? std::nullopt : from_base64(header.substr(space + 1));
    if (!MessageDigest::of(checksum.algorithm) || !digest)
        return Error{Category::invalid, "Upload-Checksum: \"sha1\" or \"sha256\", a space and the digest in base64 are expected"};
    checksum.digest = *digest;
    return checksum;
}

// Who writes into an upload; shared by the sink and the desk, which tells an older one to stop when another takes over.
struct UploadDesk::Writing {
    std::mutex mutex;
    int descriptor = -1;
    bool ended = false;
    ~Writing() {
        if (descriptor >= 0)
            ::close(descriptor);
    }
};

class UploadDesk::Sink final : public BodySink {
public:
    Sink(std::shared_ptr<Writing> writing, std::string upload, std::uint64_t offset, const std::optional<PieceChecksum>& checksum)
        : id(std::move(upload)), m_writing(std::move(writing)), m_begin(offset), m_at(offset) {
        if (checksum) {
            m_expected = checksum->digest;
            m_digest = MessageDigest::of(checksum->algorithm);
        }
    }
    ~Sink() override {
        if (m_digest)
            take_back(); // a piece that is to be checked counts whole or not at all
    }

    Result<void> take(std::string_view bytes) override {
        const std::lock_guard lock(m_writing->mutex);
        if (m_writing->ended)
            return Error{Category::refused, "this upload was ended or is continued by another request"};
        if (m_digest)
            m_digest->add(bytes);
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(m_writing->descriptor, bytes.data(), bytes.size(), static_cast<off_t>(m_at));
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return system_error(errno, "write", "upload " + id);
            m_at += static_cast<std::uint64_t>(written);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    // False: the piece is not what its checksum says.
    Result<bool> finish() {
        if (m_digest && m_digest->finish() != m_expected)
            return false; // taken back by the destructor
        m_digest.reset();
        const std::lock_guard lock(m_writing->mutex);
        if (m_writing->ended)
            return Error{Category::refused, "this upload was ended or is continued by another request"};
        if (::fsync(m_writing->descriptor) != 0)
            return system_error(errno, "write", "upload " + id);
        return true;
    }

    const std::string id;

private:
    void take_back() {
        const std::lock_guard lock(m_writing->mutex);
        if (!m_writing->ended)
            (void)!::ftruncate(m_writing->descriptor, static_cast<off_t>(m_begin));
    }
    std::shared_ptr<Writing> m_writing;
    const std::uint64_t m_begin;
    std::uint64_t m_at;
    std::optional<MessageDigest> m_digest;
    std::string m_expected;
};

UploadDesk::UploadDesk(const Clock& clock, Random& random, Disk& disk, Path folder, UploadLimits limits)
    : m_clock(clock), m_random(random), m_disk(disk), m_folder(std::move(folder)), m_limits(limits) {}
UploadDesk::~UploadDesk() = default;

Path UploadDesk::path_of(const std::string& id) const { return m_folder / (std::string(prefix) + id); }

Result<void> UploadDesk::check_quota(sqlite::Database& database, const std::string& login, std::uint64_t length) const {
    CAPSULE_TRY(select, database.prepare("SELECT id, login, length FROM uploads"));
    std::uint64_t of_person = 0, still_to_come = 0;
    std::int64_t count = 0;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            break;
        const auto whole = static_cast<std::uint64_t>(select.integer(2));
        still_to_come += whole - std::min(whole, size_of(path_of(select.text(0))));
        if (select.text(1) != login)
            continue;
        of_person += whole;
        ++count;
    }
    if (count >= m_limits.uploads_of_person)
        return Error{Category::refused, "you have " + std::to_string(count) + " uploads that are not done with: finish or end one first"};
    if (of_person + length > m_limits.of_person)
        return Error{Category::refused, "your uploads under way may have " + in_megabytes(m_limits.of_person) +
                                            " together, and have " + in_megabytes(of_person) + " already: finish or end one first"};
    CAPSULE_TRY(free, m_disk.free_bytes(m_folder));
    if (free < m_limits.free_bytes + still_to_come + length)
        return Error{Category::no_space, "the server's disk has no room for " + in_megabytes(length) + " more"};
    return {};
}

Result<Upload> UploadDesk::create(sqlite::Database& database, const std::string& login, const std::string& name, std::uint64_t length) {
    if (length == 0)
        return Error{Category::invalid, "the file is empty"};
    if (length > m_limits.each)
        return Error{Category::invalid, "a file may have at most " + in_megabytes(m_limits.each) + ", this one has " + in_megabytes(length)};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_CHECK(check_quota(database, login, length));
    const Instant now = m_clock.wall();
    Upload upload{m_random.hex(16), login, name, length, 0, now + m_limits.idle};
    CAPSULE_TRY(insert, database.prepare("INSERT INTO uploads(id, login, name, length, created_ms, touched_ms)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?5)"));
    insert.bind(1, std::string_view(upload.id));
    insert.bind(2, std::string_view(login));
    insert.bind(3, std::string_view(name));
    insert.bind(4, static_cast<std::int64_t>(length));
    insert.bind(5, to_ms(now));
    CAPSULE_CHECK(insert.run());
    const int file = ::open(path_of(upload.id).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return system_error(errno, "make", path_of(upload.id));
    ::close(file);
    CAPSULE_CHECK(m_disk.sync_directory(m_folder));
    CAPSULE_CHECK(transaction.commit());
    return upload;
}

Result<Upload> UploadDesk::get(sqlite::Database& database, const std::string& login, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare("SELECT name, length, touched_ms FROM uploads WHERE id=?1 AND login=?2"));
    select.bind(1, std::string_view(id));
    select.bind(2, std::string_view(login));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return no_such(id);
    const auto length = static_cast<std::uint64_t>(select.integer(1));
    return Upload{id,     login, select.text(0), length, std::min(length, size_of(path_of(id))),
                  instant_from_ms(select.integer(2)) + m_limits.idle};
}

void UploadDesk::end_writing(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_writing.find(id);
    if (found == m_writing.end())
        return;
    if (const auto writing = found->second.lock()) {
        const std::lock_guard their_lock(writing->mutex);
        writing->ended = true;
    }
    m_writing.erase(found);
}

Result<void> UploadDesk::remove(sqlite::Database& database, const std::string& login, const std::string& id) {
    CAPSULE_TRY(select, database.prepare("SELECT held FROM uploads WHERE id=?1 AND login=?2"));
    select.bind(1, std::string_view(id));
    select.bind(2, std::string_view(login));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return no_such(id);
    if (select.integer(0) != 0)
        return Error{Category::refused, "this upload is being prepared: cancel its job first"};
    return discard(database, id);
}

Result<void> UploadDesk::discard(sqlite::Database& database, const std::string& id) {
    end_writing(id);
    CAPSULE_TRY(statement, database.prepare("DELETE FROM uploads WHERE id=?1"));
    statement.bind(1, std::string_view(id));
    CAPSULE_CHECK(statement.run());
    return m_disk.remove(path_of(id));
}

Result<std::unique_ptr<BodySink>> UploadDesk::continue_at(sqlite::Database& database, const std::string& login, const std::string& id,
                                                          std::uint64_t offset, const std::optional<PieceChecksum>& checksum) {
    CAPSULE_TRY(known, get(database, login, id));
    end_writing(id); // from here on nobody else changes the file
    auto writing = std::make_shared<Writing>();
    writing->descriptor = ::open(path_of(id).c_str(), O_WRONLY | O_CLOEXEC);
    if (writing->descriptor < 0)
        return errno == ENOENT ? no_such(id) : system_error(errno, "open", path_of(id));
    const std::uint64_t at = size_of(path_of(id));
    if (at != offset)
        return Error{Category::refused, "the upload stands at " + std::to_string(at) + ", not at " + std::to_string(offset) +
                                            ": ask for its offset (HEAD) and go on from there"};
    if (at > known.length)
        return Error{Category::bug, "upload " + id + " is longer than announced"};
    const std::lock_guard lock(m_mutex);
    m_writing[id] = writing;
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(std::move(writing), id, offset, checksum));
}

Result<std::uint64_t> UploadDesk::finish(sqlite::Database& database, BodySink& sink) {
    auto& ours = static_cast<Sink&>(sink);
    CAPSULE_TRY(good, ours.finish());
    if (!good)
        return Error{Category::invalid, "the piece's checksum is another: send it again"};
    CAPSULE_TRY(update, database.prepare("UPDATE uploads SET touched_ms=?2 WHERE id=?1"));
    update.bind(1, std::string_view(ours.id));
    update.bind(2, to_ms(m_clock.wall()));
    CAPSULE_CHECK(update.run());
    return size_of(path_of(ours.id));
}

Result<Upload> UploadDesk::hold(sqlite::Database& database, const std::string& login, const std::string& id) {
    CAPSULE_TRY(upload, get(database, login, id));
    if (!upload.complete())
        return Error{Category::refused, "the upload is not complete: " + std::to_string(upload.offset) + " of " +
                                            std::to_string(upload.length) + " bytes have come"};
    CAPSULE_TRY(update, database.prepare("UPDATE uploads SET held=1 WHERE id=?1 AND held=0"));
    update.bind(1, std::string_view(id));
    CAPSULE_CHECK(update.run());
    if (database.changes() == 0)
        return Error{Category::refused, "this upload is being prepared already"};
    return upload;
}

Result<void> UploadDesk::sweep(sqlite::Database& database) {
    std::set<std::string> known;
    std::vector<std::string> stale;
    {
        CAPSULE_TRY(select, database.prepare("SELECT id, held=0 AND touched_ms < ?1 FROM uploads"));
        select.bind(1, to_ms(m_clock.wall() - m_limits.idle));
        for (;;) {
            CAPSULE_TRY(row, select.step());
            if (!row)
                break;
            known.insert(select.text(0));
            if (select.integer(1) != 0)
                stale.push_back(select.text(0));
        }
    }
    for (const std::string& id : stale)
        CAPSULE_CHECK(discard(database, id));
    CAPSULE_TRY(names, m_disk.list(m_folder));
    for (const std::string& name : names)
        if (name.starts_with(prefix) && !known.contains(name.substr(prefix.size())))
            CAPSULE_CHECK(m_disk.remove(m_folder / name));
    return {};
}

} // namespace capsule::server
