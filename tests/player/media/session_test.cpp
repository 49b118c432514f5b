#include "player/media/session.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

struct Decoded {
    long frames = 0;
    Nanoseconds end{};
    std::string error;
    bool still = false;
};

Decoded decode(const Path& path, Nanoseconds until = 10s) {
    Decoded result;
    auto session = Session::open(path, {});
    if (!session) {
        result.error = session.error().message;
        return result;
    }
    for (;;) {
        auto frame = session->next_video();
        if (!frame) {
            result.error = frame.error().message;
            break;
        }
        if (!*frame || (*frame)->pts >= until)
            break;
        CHECK((*frame)->pts >= result.end - 1s);
        ++result.frames;
        result.end = (*frame)->pts + (*frame)->duration;
    }
    result.still = session->info().still;
    return result;
}

} // namespace

TEST_CASE("real files give the frames that FFmpeg counts in their first ten seconds") {
    const Path folder = Path(CAPSULE_SHARED_DIR) / "media";
    std::ifstream manifest(folder / "MANIFEST.tsv");
    if (!manifest) {
        WARN("no sample files here: " << folder);
        return;
    }
    std::string line;
    std::getline(manifest, line);
    int files = 0;
    while (std::getline(manifest, line)) {
        const std::string file = line.substr(0, line.find('\t'));
        const auto at = line.rfind("frames=");
        if (at == line.npos || file.rfind("subtitle/", 0) == 0 || file.find("webp") != file.npos)
            continue;
        const long expected = std::stol(line.substr(at + 7));
        const Decoded got = decode(folder / file);
        INFO(file << ": " << got.error);
        CHECK(std::abs(got.frames - expected) <= 1);
        CHECK(got.error.empty() == (expected > 0));
        ++files;
    }
    CHECK(files > 10);
}

TEST_CASE("what is no file to play is refused at once, in one line") {
    const TemporaryFolder folder;
    REQUIRE(mkfifo((folder.path() / "pipe.mp4").c_str(), 0600) == 0);
    std::ofstream(folder.path() / "text.mp4") << "ffconcat version 1.0\nfile /etc/hostname\n";
    std::ofstream(folder.path() / "empty.mp4").flush();
    for (const Path& path : {folder.path() / "pipe.mp4", folder.path() / "text.mp4", folder.path() / "empty.mp4", folder.path(),
                             Path("/dev/zero"), folder.path() / "missing.mp4"}) {
        const Decoded got = decode(path);
        INFO(path);
        CHECK(got.frames == 0);
        CHECK(!got.error.empty());
        CHECK(got.error.find('\n') == std::string::npos);
    }
}

TEST_CASE("a single picture is a still, a moving one is not") {
    const TemporaryFolder folder;
    const Path png = folder.path() / "a.png", one = folder.path() / "one.gif", many = folder.path() / "many.gif";
    REQUIRE(test::make_clip(png, "testsrc2=s=64x48:r=10:d=1", "-frames:v 1"));
    REQUIRE(test::make_clip(one, "testsrc2=s=64x48:r=10:d=1", "-frames:v 1"));
    REQUIRE(test::make_clip(many, "testsrc2=s=64x48:r=10:d=0.5", ""));
    CHECK(decode(png).still);
    CHECK(decode(png).frames == 1);
    CHECK(decode(one).still);
    CHECK_FALSE(decode(many).still);
    CHECK(decode(many).frames == 5);
}

TEST_CASE("the length of an item is the sum of its frames") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mkv";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=1"));
    const Decoded got = decode(clip);
    CHECK(got.frames == 25);
    CHECK(got.end > 995ms);
    CHECK(got.end < 1005ms);
}

TEST_CASE("sound comes beside the pictures, on their timeline, wherever it stands in the file") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=1", "-f lavfi -i sine=440:d=1 -c:v mpeg4 -c:a aac"));
    SessionOptions options;
    options.sound = true;
    auto session = Session::open(clip, options);
    REQUIRE(session.ok());
    CHECK(session->info().audio_codec == "aac");
    // All the sound first: the pictures wait as packets.
    std::size_t samples = 0;
    Nanoseconds first{-1s};
    while (auto block = session->next_audio()) {
        if (samples == 0)
            first = block->pts;
        samples += block->samples.size() / 2;
    }
    CHECK(std::abs(static_cast<double>(samples) - 48000) < 3000);
    CHECK(first > -50ms);
    CHECK(first < 50ms);
    long frames = 0;
    for (;;) {
        auto frame = session->next_video();
        REQUIRE(frame.ok());
        if (!*frame)
            break;
        ++frames;
    }
    CHECK(frames == 25);
    CHECK(session->waiting_bytes() == 0);
}
