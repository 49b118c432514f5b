#include "content/ingest/ingest.hpp"

#include "content/ingest/caption_file.hpp"
#include "content/ingest/child.hpp"
#include "content/ingest/loudness.hpp"
#include "content/ingest/probe.hpp"
#include "content/ingest/profile.hpp"
#include "content/ingest/temporary_file.hpp"
#include "content/ingest/text_track.hpp"
#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavformat/avformat.h>
}

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

namespace capsule::ingest {

namespace {

constexpr Milliseconds image_duration = std::chrono::seconds(10);

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

// Reads `-progress` lines; tells the part done, if the whole is known.
class ProgressReader {
public:
    ProgressReader(const std::function<void(double)>& tell, Milliseconds whole) : m_tell(tell), m_whole(whole) {}
    void operator()(std::string_view bytes) {
        m_line += bytes;
        for (auto end = m_line.find('\n'); end != std::string::npos; end = m_line.find('\n')) {
            take(std::string_view(m_line).substr(0, end));
            m_line.erase(0, end + 1);
        }
        if (m_line.size() > 4096)
            m_line.clear();
    }

private:
    void take(std::string_view line) {
        constexpr std::string_view key = "out_time_us=";
        std::int64_t us = 0;
        if (!m_tell || m_whole.count() <= 0 || !line.starts_with(key) ||
            std::from_chars(line.data() + key.size(), line.data() + line.size(), us).ec != std::errc())
            return;
        // The last twentieth is for what follows.
        const double part = std::clamp(static_cast<double>(us) / 1000.0 / static_cast<double>(m_whole.count()), 0.0, 1.0) * 0.95;
        if (part > m_told)
            m_tell(m_told = part);
    }
    const std::function<void(double)>& m_tell;
    Milliseconds m_whole;
    std::string m_line;
    double m_told = 0;
};

Error failed(const Path& master, const Store& store, const ChildOutcome& outcome) {
    const std::string reason = first_reason(outcome.errors);
    const bool full = reason.find("No space left") != std::string::npos || outcome.errors.find("No space left") != std::string::npos;
    if (full)
        return {Category::no_space, master.string() + ": the disk of the store " + store.root().string() + " is full: make room"};
    return {Category::invalid,
            master.string() + ": ffmpeg cannot convert it: " +
                (!reason.empty() ? reason : "it ended with code " + std::to_string(outcome.exit_code))};
}

Result<TemporaryFile> normalise(const Path& master, const Probe& probe, const Store& store, const Options& options) {
    CAPSULE_TRY(source, Master::open(master, store));
    CAPSULE_TRY(output, TemporaryFile::make(store));
    ChildCommand command;
    command.arguments = probe.kind == CapsuleKind::image ? image_arguments(probe) : video_arguments(probe, options.preset);
    command.descriptors = {source.get(), output.get()};
    command.limits.time = options.time;
    command.stop = options.stop;
    ProgressReader progress(options.progress, probe.duration);
    command.on_output = [&](std::string_view bytes) { progress(bytes); };
    auto outcome = run_child(command);
    if (!outcome)
        return in_context(master.string(), outcome.error());
    if (!outcome->good())
        return failed(master, store, *outcome);
    return std::move(output);
}

// What was really made, which is what the record says.
Result<CapsuleVersion> describe(const TemporaryFile& made, const Path& master, const Probe& probe, const MediaHints& hints) {
    auto input = ffmpeg::Input::open(made.path());
    const AVStream* video = input ? input->first_video() : nullptr;
    if (!video || video->codecpar->width <= 0)
        return Error{Category::invalid, master.string() + ": nothing that can be shown came out of it"};
    CapsuleVersion version;
    version.language = hints.language;
    version.text_in_picture = hints.text_in_picture;
    version.width = video->codecpar->width;
    version.height = video->codecpar->height;
    if (probe.kind == CapsuleKind::image) {
        version.media.type = image_type(probe);
        version.duration = hints.duration.value_or(image_duration);
        return version;
    }
    version.media.type = "video/mp4";
    version.fps_numerator = probe.rate.numerator;
    version.fps_denominator = probe.rate.denominator;
    if (video->nb_frames <= 0)
        return Error{Category::invalid, master.string() + ": no picture came out of it"};
    const std::int64_t rate = probe.rate.numerator;
    version.duration = Milliseconds{std::max<std::int64_t>(1, (video->nb_frames * 1000 * probe.rate.denominator + rate / 2) / rate)};
    if (probe.audio >= 0) {
        CAPSULE_TRY(loudness, measure_loudness(made.path()));
        version.sound = !loudness.silent;
        version.gain_mdb = house_gain_mdb(loudness);
    }
    return version;
}

// The first picture that is not black, looked for from a tenth of the way on.
Result<TemporaryFile> make_thumbnail(const TemporaryFile& made, const CapsuleVersion& version, CapsuleKind kind, const Path& master,
                                     const Store& store, const Options& options) {
    constexpr double darkest = 24; // mean luma, 16 is black
    std::optional<TemporaryFile> best;
    double best_luma = -1;
    for (const int percent : {10, 20, 30, 50, 70, 90, 0}) {
        CAPSULE_TRY(picture, TemporaryFile::make(store));
        std::string printed;
        ChildCommand command;
        command.arguments = thumbnail_arguments(kind, version.duration * percent / 100);
        command.descriptors = {made.get(), picture.get()};
        command.limits.time = std::chrono::minutes(2);
        command.stop = options.stop;
        command.on_output = [&](std::string_view bytes) { printed.append(bytes.substr(0, 4096)); };
        auto outcome = run_child(command);
        if (!outcome)
            return in_context(master.string(), outcome.error());
        struct stat status {};
        const auto at = printed.find("YAVG=");
        if (!outcome->good() || fstat(picture.get(), &status) != 0 || status.st_size == 0) {
            if (percent == 0 && !best)
                return in_context("thumbnail", failed(master, store, *outcome));
            continue;
        }
        const double luma = at == std::string::npos ? 255 : std::strtod(printed.c_str() + at + 5, nullptr);
        if (luma > best_luma) {
            best_luma = luma;
            best.emplace(std::move(picture));
        }
        if (luma > darkest || kind == CapsuleKind::image)
            break;
    }
    return std::move(*best);
}

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

void warn_of_damage(Ingested& ingested, const Probe& probe) {
    const double whole = static_cast<double>(probe.duration.count()), made = static_cast<double>(ingested.version.duration.count());
    if (ingested.kind == CapsuleKind::video && whole > 0 && made < whole * 0.9 - 500)
        ingested.warnings.push_back("its picture lasts " + std::to_string(ingested.version.duration.count()) + " ms where the file says " +
                                    std::to_string(probe.duration.count()) + " ms: it may be cut off or damaged");
}

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
    CAPSULE_TRY(found, probe(master));
    if (hints.kind && *hints.kind != found.kind)
        return Error{Category::refused, master.string() + " is " + (found.kind == CapsuleKind::image ? "an image" : "a video") +
                                            ", but the metadata says kind = \"" +
                                            (*hints.kind == CapsuleKind::image ? "image" : "video") + "\""};
    Ingested ingested;
    ingested.kind = found.kind;
    ingested.warnings = found.warnings;
    if (hints.duration && found.kind == CapsuleKind::video)
        ingested.warnings.emplace_back("duration is for images: this video keeps its own");
    for (const auto& caption : captions)
        if (!caption.second.note.empty())
            ingested.warnings.push_back(caption.second.note);
    const auto tracks = found.kind == CapsuleKind::video ? text_tracks(master, hints, ingested.warnings) : std::vector<TextTrack>{};
    CAPSULE_TRY(made, normalise(master, found, store, options));
    CAPSULE_TRY(version, describe(made, master, found, hints));
    CAPSULE_TRY(thumbnail, make_thumbnail(made, version, found.kind, master, store, options));
    if (options.stop.stop_requested())
        return Error{Category::refused, master.string() + ": stopped on request"};

    Additions additions(store);
    CAPSULE_TRY(media_blob, additions.file(made, version.media.type));
    version.media = media_blob;
    CAPSULE_TRY(thumbnail_blob, additions.file(thumbnail, "image/webp"));
    version.thumbnail = thumbnail_blob;
    for (const auto& [hint, file] : captions) {
        CAPSULE_TRY(blob, additions.bytes(file.bytes, file.type));
        version.captions.push_back({hint.language.empty() ? hints.language : hint.language, blob, hint.drawn});
    }
    for (const TextTrack& track : tracks) {
        CAPSULE_TRY(blob, additions.bytes(track.webvtt, "text/vtt"));
        version.captions.push_back({track.language, blob, track.drawn});
    }
    additions.commit();
    ingested.version = std::move(version);
    warn_of_damage(ingested, found);
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
    IngestedCapsule result{{metadata.capsule, metadata.rights, metadata.review_by}, ingested.version, ingested.warnings};
    Capsule& capsule = result.record.capsule;
    capsule.kind = ingested.kind;
    if (before && before->capsule.kind == capsule.kind) {
        capsule.code = before->capsule.code;
        for (const auto& version : before->capsule.versions)
            if (version.language != ingested.version.language)
                capsule.versions.push_back(version);
        for (const auto& [language, title] : before->capsule.title)
            if (std::any_of(capsule.versions.begin(), capsule.versions.end(), [&](const auto& kept) { return kept.language == language; }))
                capsule.title.emplace(language, title);
    }
    capsule.versions.push_back(ingested.version);
    std::sort(capsule.versions.begin(), capsule.versions.end(),
              [](const auto& left, const auto& right) { return left.language < right.language; });
    CAPSULE_CHECK(write_record(store, result.record));
    return result;
}

} // namespace capsule::ingest
