// From a master and its capsule.toml to a record in the store.
#include "content/ingest/caption_file.hpp"
#include "content/ingest/ingest.hpp"
#include "tests/content/ingest/media.hpp"

#include <fstream>

using namespace capsule;
using ingest::ingest_capsule;

namespace {

ingest::Options quick() {
    ingest::Options options;
    options.preset = "superfast";
    return options;
}

struct Fixture : StoreFixture {
    Path master = make_clip(file("master.mp4"), {"-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=1", "-pix_fmt", "yuv420p"});
    Path write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name), std::ios::binary) << text;
        return file(name);
    }
    CapsuleId id = *CapsuleId::parse("essai");
};

const std::string vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour\n";

} // namespace

TEST_CASE("a capsule's record holds what the master and capsule.toml say, and its blobs are in the store") {
    Fixture f;
    f.write("fr.vtt", vtt);
    const Path toml = f.write("capsule.toml", "id = \"essai\"\ntitle = \"Un essai\"\ntheme = \"arnaques\"\naudience = [\"Tous publics\"]\n"
                                              "text_in_picture = true\nreview_by = 2027-01-01\n[[captions]]\nfile = \"fr.vtt\"\n"
                                              "[rights]\npersons = \"none\"\n");
    const auto made = ingest_capsule(f.master, toml, f.store, quick());
    INFO((made ? std::string() : made.error().message));
    REQUIRE(made);
    const auto record = ingest::read_record(f.store, f.id);
    REQUIRE(record);
    CHECK(*record == made->record);
    CHECK(record->capsule.theme == "arnaques");
    CHECK(record->rights.persons == "none");
    CHECK(record->review_by == "2027-01-01");
    REQUIRE(record->capsule.versions.size() == 1);
    const auto& version = record->capsule.versions[0];
    CHECK(version.width == 320);
    CHECK(version.duration == Milliseconds{1000});
    CHECK(version.text_in_picture);
    REQUIRE(version.captions.size() == 1);
    CHECK_FALSE(version.captions[0].drawn);
    CHECK(version.captions[0].language == "fr");
    CHECK(version.captions[0].blob.type == "text/vtt");
    CHECK(*f.store.read(version.captions[0].blob.sha256, 1000) == vtt);
    const auto blobs = blobs_of(record->capsule);
    CHECK(blobs.size() == 3);
    for (const auto& blob : blobs)
        CHECK(f.store.verify(blob.sha256)->bytes == blob.bytes);
    CHECK(ingest::list_records(f.store)->size() == 1);
}

TEST_CASE("another language is added, the same one replaced") {
    Fixture f;
    REQUIRE(ingest_capsule(f.master, f.write("fr.toml", "id = \"essai\"\ntitle = \"Un essai\"\n"), f.store, quick()));
    const Path other = make_clip(f.file("ar.mp4"), {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-pix_fmt", "yuv420p"});
    REQUIRE(ingest_capsule(other, f.write("ar.toml", "id = \"essai\"\nlanguage = \"ar\"\ntitle = { fr = \"Un essai\", ar = \"تجربة\" }\n"), f.store,
                           quick()));
    auto record = ingest::read_record(f.store, f.id);
    REQUIRE(record->capsule.versions.size() == 2);
    CHECK(record->capsule.versions[0].language == "ar");
    REQUIRE(ingest_capsule(other, f.write("fr.toml", "id = \"essai\"\ntitle = \"Un autre titre\"\n"), f.store, quick()));
    record = ingest::read_record(f.store, f.id);
    REQUIRE(record->capsule.versions.size() == 2);
    CHECK(record->capsule.versions[0].media == record->capsule.versions[1].media);
    CHECK(record->capsule.title.at("fr") == "Un autre titre");
    CHECK(record->capsule.title.contains("ar"));
}

TEST_CASE("what is wrong in capsule.toml or its captions is told before any work, and no record is written") {
    Fixture f;
    const auto refused = [&](const std::string& toml) {
        const auto made = ingest_capsule(f.master, f.write("capsule.toml", toml), f.store, quick());
        REQUIRE_FALSE(made.ok());
        CHECK(ingest::list_records(f.store)->empty());
        CHECK(f.store.list()->empty());
        return made.error().message;
    };
    const std::string least = "id = \"essai\"\ntitle = \"Un essai\"\n";
    CHECK(refused(least + "theem = \"arnaques\"").find("capsule.toml:3: theem") != std::string::npos);
    CHECK(refused(least + "[[captions]]\nfile = \"none.vtt\"").find("none.vtt") != std::string::npos);
    f.write("damaged.srt", "1\n00:00:00,000 --> 00:00:01,000\nété \xE9\n");
    CHECK(refused(least + "[[captions]]\nfile = \"damaged.srt\"").find("UTF-8") != std::string::npos);
    CHECK(refused(least + "kind = \"image\"").find("is a video") != std::string::npos);
    CHECK(ingest_capsule(f.master, f.file("absent.toml"), f.store, quick()).error().category == Category::missing);
}

TEST_CASE("caption files are told apart, and brought to UTF-8") {
    using ingest::caption_file_from;
    const std::string srt = "1\n00:00:00,000 --> 00:00:01,000\nété\n";
    CHECK(caption_file_from(vtt, "a")->type == "text/vtt");
    CHECK(caption_file_from(srt, "a")->type == "application/x-subrip");
    CHECK(caption_file_from("\xEF\xBB\xBF" + vtt, "a")->bytes == vtt);
    std::string utf16 = "\xFF\xFE";
    for (const char c : vtt)
        utf16 += {c, '\0'};
    CHECK(caption_file_from(utf16, "a")->bytes == vtt);
    CHECK(caption_file_from(std::string("\xFE\xFF\0-\0-\0>\x01\x3A\xD8\x3D\xDE\x00", 14), "a")->bytes == "-->ĺ😀");
    CHECK(caption_file_from(utf16.substr(2), "a")->bytes == vtt);
    CHECK_FALSE(caption_file_from(utf16 + "x", "a").ok());
    const auto latin = caption_file_from("1\n00:00:00,000 --> 00:00:01,000\n\xE9t\xE9\n", "a.srt");
    REQUIRE(latin);
    CHECK(latin->bytes == srt);
    CHECK(latin->note.find("Windows-1252") != std::string::npos);
    CHECK_FALSE(caption_file_from("WEBVTT\n", "a").ok()); // no cue
    CHECK_FALSE(caption_file_from("a letter", "a").ok());
    CHECK_FALSE(caption_file_from(std::string("-->\0", 4), "a").ok());
}

TEST_CASE("text inside the master becomes captions, unless a file says the same better") {
    Fixture f;
    f.write("fr.srt", "1\n00:00:00,200 --> 00:00:00,800\nDéjà <i>là</i>\n");
    f.write("ar.srt", "1\n00:00:00,200 --> 00:00:00,800\nمرحبا 12\n");
    const Path master = make_clip(f.file("texts.mkv"), {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-i", f.file("fr.srt").string(), "-i",
                                                        f.file("ar.srt").string(), "-i", f.file("ar.srt").string(), "-map", "0", "-map", "1", "-map", "2",
                                                        "-map", "3", "-c:v", "mpeg4", "-c:s", "subrip", "-metadata:s:s:0", "language=und",
                                                        "-metadata:s:s:1", "language=ara", "-metadata:s:s:2", "language=ara"});
    const auto both = ingest::ingest_media(master, {}, f.store, quick());
    REQUIRE(both);
    REQUIRE(both->version.captions.size() == 2);
    CHECK(both->version.captions[0].language == "fr");
    CHECK(both->version.captions[0].drawn);
    CHECK(both->version.captions[0].blob.type == "text/vtt");
    CHECK(*f.disk.read(f.store.path_of(both->version.captions[0].blob.sha256), 1000) == "WEBVTT\n\n00:00:00.200 --> 00:00:00.800\nDéjà là\n");
    CHECK(both->version.captions[1].language == "ar");

    MediaHints hints;
    hints.captions.push_back({"fr", f.write("mieux.vtt", vtt), true});
    const auto one = ingest::ingest_media(master, hints, f.store, quick());
    REQUIRE(one);
    REQUIRE(one->version.captions.size() == 2);
    CHECK(*f.disk.read(f.store.path_of(one->version.captions[0].blob.sha256), 1000) == vtt);
    CHECK(one->version.captions[1].language == "ar");
}

TEST_CASE("the shared folder's captions are taken") {
    const Path folder = Path(CAPSULE_SHARED_DIR) / "media/subtitle";
    if (!std::filesystem::exists(folder)) {
        WARN("skipped: " << folder << " is not here");
        return;
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto file = ingest::read_caption_file(entry.path());
        INFO(entry.path().string() << (file ? std::string() : file.error().message));
        REQUIRE(file);
        CHECK((file->type == "text/vtt") == (entry.path().extension() == ".vtt"));
    }
}

TEST_CASE("a damaged record is told, not overwritten") {
    Fixture f;
    std::filesystem::create_directories(f.store.root() / "capsules");
    std::ofstream(ingest::record_path(f.store, f.id)) << "{\"title\":3}";
    const auto made = ingest_capsule(f.master, f.write("capsule.toml", "id = \"essai\"\ntitle = \"Un essai\"\n"), f.store, quick());
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().message.find("essai.json") != std::string::npos);
}
