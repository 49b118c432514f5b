// Files that do not answer, or late.
#include "tests/player/director/theatre.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

namespace {

// Of files named "hangs…", how much can be read before reading blocks; and whether it still does.
std::atomic<long> readable{0};
std::atomic<bool> hanging{true};

bool hangs(int file) {
    char name[512];
    const ssize_t length = readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), name, sizeof name);
    return length > 0 && std::string_view(name, static_cast<std::size_t>(length)).find("/hangs") != std::string_view::npos &&
           lseek(file, 0, SEEK_CUR) >= readable;
}

// From where the one ended to the first frame of the other.
Nanoseconds gap(const Recorder& recorder, const std::string& before, const std::string& after) {
    Nanoseconds last{}, first{};
    for (const auto& [name, frame] : recorder.frames) {
        if (name == before)
            last = frame.at;
        if (name == after && first == 0ns)
            first = frame.at;
    }
    return first - last;
}

} // namespace

// A disk that does not answer: in place of the C library's own, for the whole of this program.
extern "C" ssize_t read(int file, void* buffer, size_t size) {
    while (hanging && hangs(file))
        std::this_thread::sleep_for(10ms);
    return syscall(SYS_read, file, buffer, size);
}

TEST_CASE("a file that hangs while it is opened is overtaken within a second, and has failed once its patience is over") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("a.mp4"), t.clip("hangs.mp4"), t.clip("b.mp4"), t.card("card", 2000ms)};
    DirectorOptions options = t.until_dry();
    options.prepare_patience = 1500ms;
    t.run(options);
    CHECK(t.recorder.began == std::vector<std::string>{"a.mp4", "b.mp4", "card"});
    CHECK(t.recorder.failed == std::vector<std::string>{"hangs.mp4"});
    CHECK(t.source.failures == t.recorder.failed);
    REQUIRE(t.recorder.reasons.size() == 1);
    CHECK(t.recorder.reasons[0].find("no picture within 1 s") != std::string::npos);
    CHECK(gap(t.recorder, "a.mp4", "b.mp4") < 1s);
    hanging = false;
}

TEST_CASE("a file that is only slow is overtaken, and then plays") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("a.mp4"), t.clip("hangs.mp4"), t.clip("b.mp4", "30", "1")};
    DirectorOptions options = t.until_dry();
    options.prepare_patience = 20s;
    t.run(options, [&](Director&) {
        t.recorder.on_frame = [](const PlayItem& item, const ShownFrame&) {
            if (item.name == "b.mp4")
                hanging = false;
        };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"a.mp4", "b.mp4", "hangs.mp4"});
    CHECK(t.recorder.failed.empty());
}

TEST_CASE("a file that hangs in the middle gives way to the next within a second, and has failed") {
    Theatre t;
    // Large enough that opening it does not read it all.
    const Path path = t.folder.path() / "hangs.mkv";
    REQUIRE(test::make_clip(path, "testsrc2=s=640x360:r=30:d=8", "-c:v mpeg4 -q:v 1"));
    readable = 2'000'000;
    REQUIRE(std::filesystem::file_size(path) > 3'000'000);
    hanging = true;
    t.source.items = {t.file(path), t.clip("b.mp4")};
    t.run(t.until_dry());
    REQUIRE(t.recorder.ended.size() == 2);
    CHECK(t.recorder.ended[0].second.end == ShowingEnd::failed);
    CHECK(t.recorder.ended[0].second.frames_shown > 5);
    CHECK(t.recorder.ended[1].first == "b.mp4");
    CHECK(gap(t.recorder, "hangs.mkv", "b.mp4") < 1s);
    CHECK(t.source.failures == std::vector<std::string>{"hangs.mkv"});
    hanging = false;
}

TEST_CASE("when all that there is hangs, the fallback card comes") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("hangs.mp4")};
    DirectorOptions options;
    options.gap_patience = 200ms;
    t.run(options, [&](Director& director) {
        t.recorder.on_frame = [&](const PlayItem&, const ShownFrame&) { director.stop(); };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"fallback"});
    hanging = false;
}
