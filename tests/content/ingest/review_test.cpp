#include "content/ingest/review.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace capsule;
using namespace capsule::ingest;
using namespace std::chrono_literals;

namespace {

std::string level(const std::vector<Finding>& findings, const std::string& check) {
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.check == check; });
    return found == findings.end() ? "none" : to_string(found->level);
}

CapsuleVersion video() {
    CapsuleVersion version;
    version.language = "fr";
    version.media.type = "video/mp4";
    version.duration = 30s;
    return version;
}

Measurement measured() {
    Measurement measurement;
    measurement.duration = 30s;
    measurement.bytes = 5'000'000;
    return measurement;
}

// One cue over that time, with so many characters.
std::vector<Finding> with_cue(Milliseconds time, std::size_t characters, std::size_t lines = 1) {
    std::string text(characters, 'e');
    for (std::size_t line = 1; line < lines; ++line)
        text += "\nx";
    char cue[80];
    std::snprintf(cue, sizeof cue, "WEBVTT\n\n00:01.000 --> 00:%02d.%03d\n", static_cast<int>(1 + time.count() / 1000), static_cast<int>(time.count() % 1000));
    return review_version(video(), {read_for_review("fr", true, cue + text + "\n")}, measured());
}

} // namespace

TEST_CASE("captions may have 12 characters for a second, 20 for two, 36 for three, 60 for four, and a fifth more") {
    const std::pair<Milliseconds, std::size_t> limits[] = {{1000ms, 14}, {2000ms, 24}, {3000ms, 43}, {4000ms, 72}, {1500ms, 19}, {6000ms, 108}};
    for (const auto& [time, most] : limits) {
        INFO(time.count());
        CHECK(level(with_cue(time, most), "captions-speed") == "pass");
        CHECK(level(with_cue(time, most + 1), "captions-speed") == "fail");
    }
    CHECK(level(review_version(video(), {read_for_review("fr", true, "WEBVTT\n\n00:01.000 --> 00:02.000\néèéèéèéèéèéèéè\n")}, measured()), "captions-speed") ==
          "pass"); // letters, not bytes
}

TEST_CASE("captions have at most two lines, and their times can be read") {
    CHECK(level(with_cue(4s, 10, 2), "captions-lines") == "pass");
    CHECK(level(with_cue(4s, 10, 3), "captions-lines") == "fail");
    const auto form = [](const char* text) { return level(review_version(video(), {read_for_review("fr", true, text)}, measured()), "captions"); };
    CHECK(form("WEBVTT\n\n00:01.000 --> 00:03.000\nBonjour\n") == "pass");
    CHECK(form("WEBVTT\n\n00:03.000 --> 00:01.000\nBonjour\n") == "fail");
    CHECK(form("WEBVTT\n\n00:01.000 --> 00:03.000\nBonjour\n\n00:xx --> 00:05.000\nencore\n") == "fail");
    CHECK(form("no captions at all") == "fail");
    CHECK(form("WEBVTT\n\n00:01.000 --> 00:03.000\nBonjour\n\n00:02.000 --> 00:05.000\nencore\n") == "warning"); // over each other
    CHECK(form("WEBVTT\n\n00:31.000 --> 00:33.000\nBonjour\n") == "warning");                                      // after the end
}

TEST_CASE("a transcript of what is in the picture is not held to reading speed") {
    const auto findings = review_version(video(), {read_for_review("fr", false, "WEBVTT\n\n00:01.000 --> 00:02.000\n" + std::string(90, 'a') + "\n")}, measured());
    CHECK(level(findings, "captions") == "pass");
    CHECK(level(findings, "captions-speed") == "none");
}

TEST_CASE("who speaks needs captions, and they cover the speech") {
    Measurement speaking = measured();
    speaking.has_sound = true;
    speaking.integrated_lufs = -23;
    speaking.speech = {{2s, 8s}, {10s, 20s}};
    CapsuleVersion version = video();
    CHECK(level(review_version(version, {}, measured()), "captions") == "pass"); // silent
    CHECK(level(review_version(version, {}, speaking), "captions") == "fail");
    version.sound = true;
    Measurement music = speaking;
    music.speech.clear();
    CHECK(level(review_version(version, {}, music), "captions") == "warning");
    const auto covered = [&](const char* text) {
        return level(review_version(version, {read_for_review("fr", true, text)}, speaking), "captions-coverage");
    };
    CHECK(covered("WEBVTT\n\n00:02.200 --> 00:08.000\nun\n\n00:10.000 --> 00:20.000\ndeux\n") == "pass");
    CHECK(covered("WEBVTT\n\n00:02.200 --> 00:08.000\nun\n\n00:10.000 --> 00:15.000\ndeux\n") == "warning");
    CHECK(covered("WEBVTT\n\n00:10.000 --> 00:20.000\ndeux\n") == "warning");
}

TEST_CASE("what was measured decides: flashes, black, frozen, silence, loudness, weight") {
    Measurement measurement = measured();
    const auto of = [&](const char* check) { return level(review_version(video(), {}, measurement), check); };
    for (const char* check : {"flashes-general", "flashes-red", "black", "frozen", "loudness", "weight"})
        CHECK(of(check) == "pass");
    measurement.flashes.general.changes = 4;
    CHECK(of("flashes-general") == "warning");
    measurement.flashes.general.changes = 8;
    CHECK(of("flashes-general") == "fail");
    measurement.flashes.red.changes = 7;
    CHECK(of("flashes-red") == "fail");
    measurement.black = {{1s, 1300ms}};
    CHECK(of("black") == "pass");
    measurement.black = {{1s, 2s}};
    CHECK(of("black") == "warning");
    measurement.black = {{1s, 4s}};
    CHECK(of("black") == "fail");
    measurement.frozen = {{0s, 12s}};
    CHECK(of("frozen") == "warning");
    measurement.has_sound = true;
    measurement.integrated_lufs = -23;
    CHECK(of("loudness") == "pass");
    measurement.integrated_lufs = -45;
    CHECK(of("loudness") == "warning");
    measurement.silent = {{0s, 10s}};
    CHECK(of("silence") == "warning");
    measurement.bytes = 150'000'000;
    CHECK(of("weight") == "warning");
    measurement.bytes = 600'000'000;
    CHECK(of("weight") == "fail");
    CHECK(level(review_version(video(), {}, {}), "measured") == "warning");
}

TEST_CASE("an image is looked at for contrast, not for flashes or captions") {
    CapsuleVersion version = video();
    version.media.type = "image/png";
    Measurement measurement = measured();
    measurement.kind = CapsuleKind::image;
    measurement.contrast = 3.0;
    const auto findings = review_version(version, {}, measurement);
    CHECK(level(findings, "contrast") == "warning");
    CHECK(level(findings, "flashes-general") == "none");
    CHECK(level(findings, "captions") == "none");
    measurement.contrast = 7.0;
    CHECK(level(review_version(version, {}, measurement), "contrast") == "pass");
}

TEST_CASE("rights, expiry and review date are looked at on a day") {
    Capsule capsule;
    Rights rights{"none", "none", "none", "", ""};
    const auto on = [&](const char* check, const std::string& review_by = "") { return level(review_record(capsule, rights, review_by, "2026-11-22"), check); };
    CHECK(on("rights") == "pass");
    CHECK(on("expiry") == "pass");
    rights.until = "2026-11-22"; // half-open
    CHECK(on("rights") == "fail");
    rights.until = "2026-11-23";
    CHECK(on("rights") == "pass");
    rights.music = "licence";
    CHECK(on("rights") == "fail");
    rights.proof = "armoire B";
    CHECK(on("rights") == "pass");
    rights.voice.clear();
    CHECK(on("rights") == "fail");
    capsule.valid_until = "2026-11-22";
    CHECK(on("expiry") == "warning");
    CHECK(on("review", "2026-11-23") == "pass");
    CHECK(on("review", "2026-11-22") == "warning");
}

TEST_CASE("a measurement is the same when it was written and read again, and what is none is refused") {
    Measurement measurement = measured();
    measurement.flashes = {{3, 7, 1500ms, 0.25}, {0, 0, 0ms, 0}};
    measurement.black = {{0ms, 500ms}};
    measurement.speech = {{1s, 2s}, {3s, 4s}};
    measurement.has_sound = true;
    measurement.integrated_lufs = -22.125;
    measurement.contrast = 4.5;
    const auto json = to_json(measurement);
    CHECK(*measurement_from_json(json) == measurement);
    CHECK(json.dump().find('.') == std::string::npos); // no fractions: they may stand in what is signed
    for (const char* text : {"[]", "{}", R"({"kind":"video","duration_ms":-1})", R"({"kind":"video"})"})
        CHECK_FALSE(measurement_from_json(nlohmann::json::parse(text)));
    auto backwards = json;
    backwards["black_ms"] = {{500, 100}};
    CHECK_FALSE(measurement_from_json(backwards));
}
