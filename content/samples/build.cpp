#include "content/samples/build.hpp"

#include "content/capsule/capsule.hpp"
#include "content/lib/json/strict.hpp"
#include "content/samples/encoder.hpp"
#include "content/samples/reel.hpp"
#include "content/store/store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace capsule::samples {

namespace {

// To be raised whenever frames or records would come out differently: samples are then built anew.
constexpr int samples_version = 2;
constexpr std::uint64_t most_record_bytes = 1u << 20;
// Of the work for one sample: how much a frame of its video is, against drawing it and its thumbnail.
constexpr double drawing_part = 0.04;

std::string fingerprint(const Storyboard& story) {
    Sha256 hash;
    hash.add("samples " + std::to_string(samples_version) + "\n");
    const auto add = [&](const std::string& text) { hash.add(std::to_string(text.size()) + ":" + text + "\n"); };
    for (const auto& text : {story.id.text(), story.title, story.language, story.theme, story.axis, story.barrier, story.reading,
                             story.transcript, story.followed_by ? story.followed_by->text() : std::string()})
        add(text);
    for (const auto* list : {&story.audience, &story.needs}) {
        add(std::to_string(list->size()));
        for (const auto& entry : *list)
            add(entry);
    }
    for (const auto& screen : story.screens) {
        add(std::to_string(screen.start.count()) + "-" + std::to_string(screen.end.count()));
        add(screen.text);
    }
    return hash.finish().hex();
}

Path record_path(const Path& root, const CapsuleId& id) { return root / "capsules" / (id.text() + ".json"); }
Path fingerprint_path(const Path& root, const CapsuleId& id) { return root / "capsules" / (id.text() + ".sample"); }

// Whether the record is there, made from this storyboard by this version, with all its blobs.
bool is_built(const Store& store, const Storyboard& story) {
    Disk& disk = store.disk();
    const auto made_from = disk.read(fingerprint_path(store.root(), story.id), 128);
    if (!made_from || *made_from != fingerprint(story))
        return false;
    const auto text = disk.read(record_path(store.root(), story.id), most_record_bytes);
    if (!text)
        return false;
    const auto object = json::parse_strict(*text);
    if (!object)
        return false;
    const auto record = capsule_from_json(story.id, *object);
    if (!record)
        return false;
    return std::all_of(record->versions.begin(), record->versions.end(), [&](const CapsuleVersion& version) {
        const auto has = [&](const BlobReference& blob) { return store.has(blob.sha256, blob.bytes); };
        return has(version.media) && (!version.thumbnail || has(*version.thumbnail)) &&
               std::all_of(version.captions.begin(), version.captions.end(), [&](const CaptionTrack& track) { return has(track.blob); });
    });
}

BlobReference reference(const StoredBlob& blob, const char* type) { return {blob.digest, blob.bytes, type}; }

// A file in incoming/ that goes away with this object.
class Temporary {
public:
    Temporary(const Store& store, std::string_view purpose) : m_store(store), m_path(store.new_temporary(purpose)) {}
    ~Temporary() { (void)m_store.disk().remove(m_path); }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    const Path& path() const { return m_path; }

private:
    const Store& m_store;
    Path m_path;
};

Result<CapsuleVersion> build_version(Store& store, const Storyboard& story, const std::function<void(double)>& done) {
    Reel reel(story);
    done(drawing_part);
    const Temporary video(store, "sample-video"), thumbnail(store, "sample-thumbnail");

    CAPSULE_TRY(pipe, FramePipe::open(frame_size, frames_per_second, video_arguments(video.path())));
    for (int i = 0; i < reel.frames(); ++i) {
        CAPSULE_CHECK(pipe.write(reel.frame(i)));
        if (i % frames_per_second == 0)
            done(drawing_part + (1 - drawing_part) * i / reel.frames());
    }
    CAPSULE_CHECK(pipe.finish());
    CAPSULE_TRY(still, FramePipe::open(frame_size, frames_per_second, thumbnail_arguments(thumbnail.path())));
    CAPSULE_CHECK(still.write(reel.frame(0)));
    CAPSULE_CHECK(still.finish());

    CAPSULE_TRY(media, store.add_file(video.path()));
    CAPSULE_TRY(small, store.add_file(thumbnail.path()));
    CapsuleVersion version;
    version.language = story.language;
    version.media = reference(media, "video/mp4");
    version.duration = Milliseconds{reel.frames() * 1000 / frames_per_second};
    version.width = frame_size.width;
    version.height = frame_size.height;
    version.fps_numerator = frames_per_second;
    version.text_in_picture = true;
    version.thumbnail = reference(small, "image/webp");
    if (!story.transcript.empty()) {
        CAPSULE_TRY(transcript, store.add_bytes(story.transcript));
        // The words are in the picture already.
        version.captions.push_back({story.language, reference(transcript, "text/vtt"), false});
    }
    return version;
}

// What storyboards are followed by and is no storyboard: the card of places nearby, which the player draws.
Result<void> write_card(const Store& store, const CapsuleId& id) {
    Capsule card;
    card.id = id;
    card.kind = CapsuleKind::card;
    card.title["fr"] = "Près d’ici";
    card.theme = "aide-proximite";
    card.axis = "axe5-parcours-usager";
    card.audience = {"tous"};
    const std::string text = to_json(card).dump(1) + "\n";
    const Path path = record_path(store.root(), id);
    const auto there = store.disk().read(path, most_record_bytes);
    return there && *there == text ? Result<void>{} : write_durably(store.disk(), path, text);
}

Result<void> build_one(Store& store, const Storyboard& story, const std::function<void(double)>& done) {
    CAPSULE_TRY(version, build_version(store, story, done));
    Capsule capsule;
    capsule.id = story.id;
    capsule.title[story.language] = story.title;
    capsule.theme = story.theme;
    capsule.axis = story.axis;
    capsule.barrier = story.barrier;
    capsule.reading = story.reading;
    capsule.audience = story.audience;
    capsule.needs = story.needs;
    capsule.followed_by = story.followed_by;
    capsule.versions.push_back(version);

    // An old fingerprint must not vouch for a new record, nor a new one for an old record: the record comes last but one.
    Disk& disk = store.disk();
    CAPSULE_CHECK(disk.remove(fingerprint_path(store.root(), story.id)));
    CAPSULE_CHECK(write_durably(disk, record_path(store.root(), story.id), to_json(capsule).dump(1) + "\n"));
    return write_durably(disk, fingerprint_path(store.root(), story.id), fingerprint(story));
}

} // namespace

Result<void> build_storyboards(const Path& store_root, const std::vector<Storyboard>& stories, const Progress& progress) {
    SystemDisk disk;
    Store store(disk, store_root);
    CAPSULE_CHECK(store.prepare());
    CAPSULE_CHECK(disk.make_directories(store_root / "capsules"));
    std::vector<const Storyboard*> missing;
    double seconds = 0, built = 0;
    for (const auto& story : stories)
        if (!is_built(store, story)) {
            missing.push_back(&story);
            seconds += static_cast<double>(story.duration.count()) / 1000;
        }
    for (const Storyboard* story : missing) {
        const double length = static_cast<double>(story->duration.count()) / 1000;
        const auto done = [&](double part) {
            if (progress)
                progress("Capsule « " + story->title + " »", (built + part * length) / seconds);
        };
        if (auto result = build_one(store, *story, done); !result)
            return in_context("cannot build the sample " + story->id.text(), result.error());
        built += length;
    }
    for (const auto& story : stories)
        if (story.followed_by && story.followed_by->text() == "pres-dici")
            CAPSULE_CHECK(write_card(store, *story.followed_by));
    if (progress)
        progress("Capsules prêtes", 1);
    return {};
}

Result<void> build_samples(const Path& store_root, const Progress& progress, const std::set<CapsuleId>& only) {
    CAPSULE_TRY(stories, shipped_storyboards());
    if (!only.empty()) {
        for (const auto& id : only)
            if (std::none_of(stories.begin(), stories.end(), [&](const Storyboard& story) { return story.id == id; }))
                return Error{Category::missing, "there is no sample named " + id.text()};
        std::erase_if(stories, [&](const Storyboard& story) { return !only.contains(story.id); });
    }
    return build_storyboards(store_root, stories, progress);
}

} // namespace capsule::samples
