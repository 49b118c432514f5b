#include "content/ingest/ingest.hpp"

#include "content/ingest/caption_file.hpp"
#include "content/ingest/cell.hpp"
#include "content/ingest/child.hpp"
#include "content/ingest/temporary_file.hpp"
#include "content/ingest/work.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

namespace capsule::ingest {

namespace {

// The master as a descriptor that the child may open again by /proc/self/fd: in its name space it has this user's rights only,
// not root's, so a file of somebody else that only root could read is copied first.
Result<TemporaryFile> copy_of(int from, const Path& master, const Store& store) {
    CAPSULE_TRY(copy, TemporaryFile::make(store));
    std::string buffer(1u << 20, '\0');
    for (;;) {
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got == 0)
            return std::move(copy);
        if (got < 0)
            return system_error(errno, "read", master);
        for (ssize_t done = 0; done < got;) {
            const ssize_t written = ::write(copy.get(), buffer.data() + done, static_cast<std::size_t>(got - done));
            if (written < 0)
                return system_error(errno, "copy", master);
            done += written;
        }
    }
}

class Master {
public:
    static Result<Master> open(const Path& path, const Store& store) {
        Master master;
        master.m_fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a FIFO must not block us here
        if (master.m_fd < 0)
            return system_error(errno, "open", path);
        struct stat status {};
        if (fstat(master.m_fd, &status) != 0)
            return system_error(errno, "stat", path);
        if (!S_ISREG(status.st_mode))
            return Error{Category::refused, path.string() + " is not a regular file"};
        if (status.st_size == 0)
            return Error{Category::invalid, path.string() + " is empty"};
        if (status.st_uid != geteuid() && (status.st_mode & S_IROTH) == 0 && isolation_works()) {
            CAPSULE_TRY(copy, copy_of(master.m_fd, path, store));
            master.m_copy.emplace(std::move(copy));
        }
        return master;
    }
    Master(Master&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_copy(std::move(other.m_copy)) {}
    Master& operator=(Master&&) = delete;
    ~Master() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_copy ? m_copy->get() : m_fd; }

private:
    Master() = default;
    int m_fd = -1;
    std::optional<TemporaryFile> m_copy;
};

// Adds to the store; takes back what is new when the whole does not succeed.
class Additions {
public:
    explicit Additions(Store& store) : m_store(store) {}
    ~Additions() {
        for (const auto& digest : m_new)
            (void)m_store.remove(digest);
    }
    Additions(const Additions&) = delete;
    Additions& operator=(const Additions&) = delete;

    Result<BlobReference> file(const TemporaryFile& file, const std::string& type) {
        CAPSULE_TRY(before, m_store.list());
        return keep(m_store.add_descriptor(file.get()), before, type);
    }
    Result<BlobReference> bytes(std::string_view bytes, const std::string& type) {
        CAPSULE_TRY(before, m_store.list());
        return keep(m_store.add_bytes(bytes), before, type);
    }
    void commit() { m_new.clear(); }

private:
    Result<BlobReference> keep(Result<StoredBlob> stored, const std::vector<Digest>& before, const std::string& type) {
        if (!stored)
            return stored.error();
        if (!std::binary_search(before.begin(), before.end(), stored->digest))
            m_new.push_back(stored->digest);
        return BlobReference{stored->digest, stored->bytes, type};
    }
    Store& m_store;
    std::vector<Digest> m_new;
};

Result<std::vector<std::pair<CaptionHint, CaptionFile>>> read_captions(const MediaHints& hints) {
    std::vector<std::pair<CaptionHint, CaptionFile>> captions;
    for (const auto& hint : hints.captions) {
        CAPSULE_TRY(file, read_caption_file(hint.file));
        captions.emplace_back(hint, std::move(file));
    }
    return captions;
}

} // namespace

Result<Ingested> ingest_media(const Path& master, const MediaHints& hints, Store& store, const Options& options) {
    CAPSULE_TRY(captions, read_captions(hints)); // what fails quickly comes first
    CAPSULE_TRY(source, Master::open(master, store));
    CAPSULE_TRY(media, TemporaryFile::make(store));
    CAPSULE_TRY(thumbnail, TemporaryFile::make(store));
    const WorkOrder order{options.name.empty() ? master.string() : options.name, hints, options.preset, options.time};
    const Workpiece piece{source.get(), media.get(), thumbnail.get()};
    const Path& cell = options.cell.empty() ? cell_program() : options.cell;
    auto made = cell.empty() ? work(order, piece, {options.progress, options.stop, Isolation::where_possible})
                             : work_in_cell(cell, order, piece, options.progress, options.stop);
    if (!made && made.error().category == Category::no_space) // where the work is done nobody knows whose disk that is
        return Error{Category::no_space, order.name + ": the disk of the store " + store.root().string() + " is full: make room"};
    if (!made)
        return made.error();
    if (options.stop.stop_requested())
        return Error{Category::refused, order.name + ": stopped on request"};

    Ingested ingested{made->kind, made->version, made->measurement, made->warnings};
    for (const auto& caption : captions)
        if (!caption.second.note.empty())
            ingested.warnings.push_back(caption.second.note);
    CapsuleVersion& version = ingested.version;
    Additions additions(store);
    CAPSULE_TRY(media_blob, additions.file(media, version.media.type));
    version.media = media_blob;
    CAPSULE_TRY(thumbnail_blob, additions.file(thumbnail, "image/webp"));
    version.thumbnail = thumbnail_blob;
    for (const auto& [hint, file] : captions) {
        CAPSULE_TRY(blob, additions.bytes(file.bytes, file.type));
        version.captions.push_back({hint.language.empty() ? hints.language : hint.language, blob, hint.drawn});
    }
    for (const TextTrack& track : made->tracks) {
        CAPSULE_TRY(blob, additions.bytes(track.webvtt, "text/vtt"));
        version.captions.push_back({track.language, blob, track.drawn});
    }
    additions.commit();
    if (options.progress)
        options.progress(1.0);
    return ingested;
}

Result<IngestedCapsule> ingest_capsule(const Path& master, const Path& capsule_toml, Store& store, const Options& options) {
    CAPSULE_TRY(metadata, read_metadata(capsule_toml));
    auto before = read_record(store, metadata.capsule.id);
    if (!before && before.error().category != Category::missing)
        return before.error();
    CAPSULE_TRY(ingested, ingest_media(master, metadata.hints, store, options));
    IngestedCapsule result{{metadata.capsule, metadata.rights, metadata.review_by, {}}, ingested.version, ingested.measurement, ingested.warnings};
    Capsule& capsule = result.record.capsule;
    capsule.kind = ingested.kind;
    if (before && before->capsule.kind == capsule.kind) {
        capsule.code = before->capsule.code;
        for (const auto& version : before->capsule.versions)
            if (version.language != ingested.version.language) {
                capsule.versions.push_back(version);
                if (const auto known = before->measured.find(version.media.sha256); known != before->measured.end())
                    result.record.measured.insert(*known);
            }
        for (const auto& [language, title] : before->capsule.title)
            if (std::any_of(capsule.versions.begin(), capsule.versions.end(), [&](const auto& kept) { return kept.language == language; }))
                capsule.title.emplace(language, title);
    }
    capsule.versions.push_back(ingested.version);
    result.record.measured[ingested.version.media.sha256] = ingested.measurement;
    std::sort(capsule.versions.begin(), capsule.versions.end(),
              [](const auto& left, const auto& right) { return left.language < right.language; });
    CAPSULE_CHECK(write_record(store, result.record));
    return result;
}

} // namespace capsule::ingest
