#include "player/media/session.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <cmath>
#include <fstream>
#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

struct Decoded {
    std::vector<double> pictures; // milliseconds
    double end = 0;
    std::vector<std::pair<double, float>> sound; // of each sample's time the level, milliseconds
    // The first moment from `from` on at which the sound is louder than `level`.
    double onset(double from, float level) const {
        for (const auto& [time, sample] : sound)
            if (time >= from && std::fabs(sample) > level)
                return time;
        return -1;
    }
};

double milliseconds(Nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

// In the order in which the player's own reader would: the sound up to 600 ms ahead of the pictures.
Decoded decode(const Path& path) {
    SessionOptions options;
    options.sound = true;
    auto session = Session::open(path, options);
    REQUIRE(session.ok());
    Decoded result;
    double sound_until = 0;
    bool sound = true;
    for (;;) {
        auto frame = session->next_video();
        REQUIRE(frame.ok());
        if (!*frame)
            break;
        result.pictures.push_back(milliseconds((*frame)->pts));
        result.end = milliseconds((*frame)->pts + (*frame)->duration);
        while (sound && sound_until < result.end + 600) {
            const auto block = session->next_audio();
            sound = block.has_value();
            if (!block)
                break;
            double at = milliseconds(block->pts);
            for (std::size_t i = 0; i < block->samples.size(); i += 2, at += 1000.0 / audio_rate)
                result.sound.emplace_back(at, block->samples[i]);
            sound_until = at;
        }
    }
    return result;
}

// A tone that starts at that second of a clip which is silent before, and its pictures.
std::string beep_at(double second, double length) {
    return "-f lavfi -i \"sine=1000:d=" + std::to_string(length) + ":r=48000,volume=4,volume=0:enable='lt(t," +
           std::to_string(second) + ")'\" ";
}

} // namespace

TEST_CASE("each rate gives each frame its own time, from zero, in every container") {
    struct Rate {
        const char* name;
        double per_second;
    };
    const Rate rate = GENERATE(Rate{"24", 24}, Rate{"25", 25}, Rate{"30000/1001", 30000.0 / 1001}, Rate{"30", 30}, Rate{"50", 50},
                               Rate{"60", 60});
    const TemporaryFolder folder;
    for (const char* name : {"a.mp4", "a.mkv", "a.ts"}) {
        const Path clip = folder.path() / name;
        const std::string codec = std::string(name) == "a.ts" ? "-c:v mpeg2video -bf 2" : "-c:v mpeg4 -bf 2";
        REQUIRE(test::make_clip(clip, std::string("testsrc2=s=64x48:d=1:r=") + rate.name, codec));
        const Decoded got = decode(clip);
        INFO(name << " at " << rate.name);
        REQUIRE(got.pictures.size() == static_cast<std::size_t>(std::ceil(rate.per_second - 0.001)));
        for (std::size_t i = 0; i < got.pictures.size(); ++i)
            CHECK(got.pictures[i] == Approx(static_cast<double>(i) * 1000 / rate.per_second).margin(1.01)); // Matroska: milliseconds
        CHECK(got.end == Approx(static_cast<double>(got.pictures.size()) * 1000 / rate.per_second).margin(2.5));
    }
}

TEST_CASE("a variable rate is played as it was recorded") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "vfr.mp4";
    // Of every ten frames at 25 a second, the first, the second and the sixth.
    const char* const some = "-vf \"select='eq(mod(n,10),0)+eq(mod(n,10),1)+eq(mod(n,10),5)'\" -fps_mode vfr -c:v mpeg4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:d=2:r=25", some));
    const Decoded got = decode(clip);
    REQUIRE(got.pictures.size() == 15);
    for (std::size_t i = 0; i < 15; ++i) {
        const double frame = static_cast<double>(i / 3) * 10 + (i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 5);
        CHECK(got.pictures[i] == Approx(frame * 40).margin(1));
    }
}

TEST_CASE("timestamps that start late move pictures and sound alike") {
    const TemporaryFolder folder;
    for (const char* name : {"late.ts", "late.mkv", "late.mp4"}) {
        const Path clip = folder.path() / name;
        REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:d=1:r=25", beep_at(0.5, 1) + "-c:v mpeg2video -c:a mp2 -output_ts_offset 10"));
        const Decoded got = decode(clip);
        INFO(name);
        CHECK(got.pictures.size() == 25);
        CHECK(got.pictures.front() == 0);
        CHECK(got.onset(0, 0.05F) == Approx(500).margin(30)); // MP2 smears by its window, and its coder delays by half a frame
    }
}

TEST_CASE("an edit list that begins in the middle of a group of pictures shows what it says, with its sound") {
    const TemporaryFolder folder;
    const Path whole = folder.path() / "whole.mp4", cut = folder.path() / "cut.mp4";
    REQUIRE(test::make_clip(whole, "testsrc2=s=64x48:d=3:r=25", beep_at(2, 3) + "-c:v mpeg4 -g 100 -c:a aac"));
    REQUIRE(std::system(("ffmpeg -nostdin -v error -y -ss 1 -i '" + whole.string() + "' -c copy '" + cut.string() + "'").c_str()) == 0);
    const Decoded got = decode(cut);
    // Everything from the key frame on is in the file; the list says that it begins a second later.
    CHECK(got.pictures.size() >= 50);
    CHECK(got.pictures.size() <= 51);
    CHECK(got.pictures.front() == 0);
    CHECK(got.onset(0, 0.05F) == Approx(1000).margin(25));
}

TEST_CASE("recordings for broadcast that were put one behind the other play on, with their sound in step") {
    const TemporaryFolder folder;
    const Path one = folder.path() / "one.ts", all = folder.path() / "all.ts";
    REQUIRE(test::make_clip(one, "testsrc2=s=64x48:d=2:r=25", beep_at(1, 2) + "-c:v mpeg2video -g 12 -c:a mp2"));
    const std::string part = "'" + one.string() + "' ";
    REQUIRE(std::system(("cat " + part + part + part + "> '" + all.string() + "'").c_str()) == 0);
    const Decoded got = decode(all);
    CHECK(got.pictures.size() >= 148);
    CHECK(got.pictures.size() <= 150);
    CHECK(got.end == Approx(6000).margin(90));
    double last = -1;
    for (const double time : got.pictures) {
        CHECK(time > last);
        last = time;
    }
    const double first_beep = got.onset(0, 0.05F);
    CHECK(first_beep == Approx(1000).margin(30));
    CHECK(got.onset(2500, 0.05F) == Approx(first_beep + 2000).margin(45));
    CHECK(got.onset(4500, 0.05F) == Approx(first_beep + 4000).margin(90)); // each join may lose a frame of either
}
