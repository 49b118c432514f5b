#include "content/capsule/capsule.hpp"
#include "content/lib/json/strict.hpp"
#include "content/samples/build.hpp"
#include "content/samples/reel.hpp"
#include "content/store/store.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace capsule;
using namespace capsule::samples;
using namespace std::chrono_literals;

namespace {

std::string output_of(const std::string& command) {
    FILE* program = popen(command.c_str(), "r");
    REQUIRE(program != nullptr);
    std::string said;
    std::array<char, 1024> buffer{};
    while (fgets(buffer.data(), buffer.size(), program) != nullptr)
        said += buffer.data();
    pclose(program);
    return said;
}

Storyboard short_story() {
    Storyboard story;
    story.id = *CapsuleId::parse("essai");
    story.title = "Essai";
    story.language = "fr";
    story.theme = "mots-de-passe";
    story.axis = "axe2-capacitation";
    story.barrier = "protection-donnees";
    story.reading = "falc-inspire";
    story.audience = {"tous"};
    story.needs = {"conseiller"};
    story.duration = 1200ms;
    story.screens = {{0ms, 800ms, "Bonjour."}, {800ms, 1200ms, "Demandez à l’accueil."}};
    story.transcript = "WEBVTT\n\n00:00.000 --> 00:00.800\nBonjour.\n";
    return story;
}

Result<Capsule> record_in(const Path& root, const std::string& name) {
    SystemDisk disk;
    CAPSULE_TRY(text, disk.read(root / "capsules" / (name + ".json"), 1u << 20));
    CAPSULE_TRY(object, json::parse_strict(text));
    return capsule_from_json(*CapsuleId::parse(name), object);
}

} // namespace

TEST_CASE("thirteen storyboards ship, each with its transcript, its look and codes that exist") {
    const auto stories = shipped_storyboards();
    REQUIRE(stories);
    CHECK(stories->size() == 13);
    for (const auto& story : *stories) {
        INFO(story.id.text());
        CHECK(story.transcript.starts_with("WEBVTT"));
        CHECK(story.audience == std::vector<std::string>{"tous"});
        const auto staging = staging_of(story);
        CHECK(staging.pictograms.size() == story.screens.size());
        CHECK(std::find(staging.pictograms.begin(), staging.pictograms.end(), Pictogram::info) == staging.pictograms.end());
        CHECK_FALSE(staging.theme_label.empty());
    }
}

TEST_CASE("themes are named as the vocabulary names them") {
    SystemDisk disk;
    const auto text = disk.read(Path(CAPSULE_SHARED_DIR) / "data/vocabulaire.json", 1u << 20);
    if (!text) {
        WARN("skipped: " + text.error().message);
        return;
    }
    const auto vocabulary = json::parse_strict(*text);
    REQUIRE(vocabulary);
    const auto stories = shipped_storyboards();
    REQUIRE(stories);
    for (const auto& story : *stories) {
        const auto& themes = (*vocabulary)["theme"];
        const auto found = std::find_if(themes.begin(), themes.end(), [&](const auto& theme) { return theme["code"] == story.theme; });
        REQUIRE(found != themes.end());
        CHECK((*found)["label"].get<std::string>() == std::string(staging_of(story).theme_label));
    }
}

TEST_CASE("every message fits its box in type for three metres, and every text stands out from its ground") {
    const auto stories = shipped_storyboards();
    REQUIRE(stories);
    for (const auto& story : *stories) {
        INFO(story.id.text());
        for (const auto& screen : story.screens) {
            INFO(screen.text);
            const auto block = lay_out(screen.text, message_box().width, message_box().height, message_style("fr"));
            CHECK(block.fits);
            CHECK(block.style.size >= 96);
            CHECK(block.width <= message_box().width + 0.5);
            for (const auto& line : block.lines)
                CHECK(line.size() >= 5);
        }
        const auto staging = staging_of(story);
        for (const auto* palette : {&staging.calm, &staging.call})
            for (const Colour ground : {palette->ground, palette->ground_end, mix(palette->ground, palette->glow, palette->glow.alpha / 255.0)}) {
                CHECK(contrast(palette->text, {ground.red, ground.green, ground.blue, 255}) >= 7);
                CHECK(contrast(palette->soft, {ground.red, ground.green, ground.blue, 255}) >= 4.5);
            }
        CHECK(contrast(staging.calm.figure, staging.calm.disc) >= 3);
        CHECK(contrast(staging.call.figure, staging.call.disc) >= 3);
    }
}

TEST_CASE("a reel says something on its first frame and on its last, and turns to the call in between") {
    Reel reel(short_story());
    REQUIRE(reel.frames() == 30);
    const auto mean = [&](int frame) {
        const auto& luma = reel.frame(frame).y;
        double sum = 0;
        for (const auto value : luma)
            sum += value;
        return sum / static_cast<double>(luma.size());
    };
    const auto brightest = [&](int frame) { return *std::max_element(reel.frame(frame).y.begin(), reel.frame(frame).y.end()); };
    CHECK(brightest(0) > 225); // white words on a dark ground
    CHECK(mean(0) < 90);
    CHECK(mean(29) > 150);     // dark words on a light one
    CHECK(reel.frame_at(799ms) == 19);
    CHECK(reel.frame_at(1h) == 29);
    // Any order gives the same picture.
    const auto before = reel.frame(7).y;
    (void)reel.frame(25);
    CHECK(reel.frame(7).y == before);
}

TEST_CASE("wrong storyboards are refused with their name") {
    for (const char* text : {R"([{"id":"a b"}])", R"([{"id":"a","titre":"A","langue":"fr","theme":"t","duree_s":5,"ecrans":[]}])",
                             R"([{"id":"a","titre":"A","langue":"fr","theme":"t","duree_s":5,"ecrans":[{"debut_s":1,"fin_s":5,"texte":"x"}]}])",
                             R"([{"id":"a","titre":"A","langue":"fr","theme":"t","duree_s":6,"ecrans":[{"debut_s":0,"fin_s":5,"texte":"x"}]}])",
                             R"({})", "["})
        CHECK(parse_storyboards(text).error().category == Category::invalid);
}

TEST_CASE("a storyboard becomes a video of the house profile with its record, once") {
    TemporaryFolder folder;
    std::vector<double> parts;
    const auto progress = [&](const std::string&, double part) { parts.push_back(part); };
    const auto built = build_storyboards(folder.path(), {short_story()}, progress);
    INFO((built ? "" : built.error().message));
    REQUIRE(built);
    CHECK(std::is_sorted(parts.begin(), parts.end()));
    CHECK(parts.back() == 1);

    const auto record = record_in(folder.path(), "essai");
    REQUIRE(record);
    CHECK(record->title.at("fr") == "Essai");
    CHECK(record->needs == std::vector<std::string>{"conseiller"});
    REQUIRE(record->versions.size() == 1);
    const auto& version = record->versions.front();
    CHECK(version.duration == 1200ms);
    CHECK(version.text_in_picture);
    CHECK_FALSE(version.sound);
    REQUIRE(version.captions.size() == 1);
    CHECK_FALSE(version.captions.front().drawn);
    SystemDisk disk;
    const Store store(disk, folder.path());
    CHECK(store.verify(version.media.sha256));
    CHECK(store.read(version.captions.front().blob.sha256, 1000).ok());
    REQUIRE(version.thumbnail);
    CHECK(store.read(version.thumbnail->sha256, 1u << 20)->substr(8, 4) == "WEBP");
    CHECK(disk.list(folder.path() / "incoming")->empty());

    const std::string video = store.path_of(version.media.sha256).string();
    const auto facts = output_of("ffprobe -v error -count_frames -show_entries stream=codec_name,profile,width,height,pix_fmt,r_frame_rate,"
                                 "color_space,nb_read_frames,codec_type -of default=nw=1 " + video + " 2>&1");
    for (const char* fact : {"codec_name=h264", "profile=High", "width=1920", "height=1080", "pix_fmt=yuv420p", "r_frame_rate=25/1",
                             "color_space=bt709", "nb_read_frames=30"})
        CHECK(facts.find(fact) != std::string::npos);
    CHECK(facts.find("audio") == std::string::npos);
    const auto head = disk.read(video, 64u << 20);
    REQUIRE(head);
    CHECK(head->find("moov") < head->find("mdat"));

    // Once more: nothing to do, nothing touched.
    const auto stamp = std::filesystem::last_write_time(folder.path() / "capsules/essai.json");
    parts.clear();
    REQUIRE(build_storyboards(folder.path(), {short_story()}, progress));
    CHECK(parts == std::vector<double>{1});
    CHECK(std::filesystem::last_write_time(folder.path() / "capsules/essai.json") == stamp);

    // A lost blob or another text, and it is built anew.
    std::filesystem::remove(video);
    parts.clear();
    REQUIRE(build_storyboards(folder.path(), {short_story()}, progress));
    CHECK(parts.size() > 1);
    CHECK(store.has(version.media.sha256));
    auto other = short_story();
    other.screens[0].text = "Bonsoir.";
    REQUIRE(build_storyboards(folder.path(), {other}, progress));
    CHECK(record_in(folder.path(), "essai")->versions.front().media.sha256 != version.media.sha256);
}

TEST_CASE("an id that no sample has is refused") {
    TemporaryFolder folder;
    CHECK(build_samples(folder.path(), {}, {*CapsuleId::parse("inconnu")}).error().category == Category::missing);
}

TEST_CASE("a store that cannot be written is one clear error") {
    const auto result = build_storyboards("/proc/none", {short_story()}, {});
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.find("/proc/none") != std::string::npos);
}
