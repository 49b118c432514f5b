#include "player/media/reader.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

TEST_CASE("a reader gives all frames in order and then the end, for as often as it is asked") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=30:d=0.5"));
    auto reader = Reader::start(clip, {});
    REQUIRE(reader->wait_first_frame(20s).ok());
    reader->play();
    int frames = 0;
    Nanoseconds last{-1};
    for (;;) {
        auto taken = reader->take(20s);
        if (std::holds_alternative<Ended>(taken))
            break;
        REQUIRE(std::holds_alternative<VideoFrame>(taken));
        const auto& frame = std::get<VideoFrame>(taken);
        CHECK(frame.pts > last);
        last = frame.pts;
        ++frames;
    }
    CHECK(frames == 15);
    CHECK(std::holds_alternative<Ended>(reader->take(0s)));
}

TEST_CASE("a reader gives all that there is however little room its queues have") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=30:d=1", "-f lavfi -i sine=r=48000:d=1 -c:v mpeg4 -q:v 2 -c:a aac"));
    for (const std::size_t playing : {1U, 2U, 3U, 5U})
        for (const Nanoseconds sound_ahead : {Nanoseconds(1ms), Nanoseconds(100ms)}) {
            auto reader = Reader::start(clip, {.sound = true}, {.frames_held = 1, .frames_playing = playing, .sound_ahead = sound_ahead});
            REQUIRE(reader->wait_first_frame(20s).ok());
            reader->play();
            int frames = 0;
            std::size_t samples = 0;
            bool ended = false;
            while (!ended || !reader->audio_ended()) {
                while (const auto block = reader->take_audio())
                    samples += block->samples.size() / 2;
                const auto taken = reader->take(ended ? 1ms : 5s);
                REQUIRE_FALSE(std::holds_alternative<NotYet>(taken));
                frames += std::holds_alternative<VideoFrame>(taken) ? 1 : 0;
                ended = std::holds_alternative<Ended>(taken);
            }
            CHECK(frames == 30);
            CHECK(samples == Approx(48000).margin(2400));
        }
}

TEST_CASE("a reader says why a file does not play") {
    auto reader = Reader::start("/nowhere/a.mp4", {});
    const auto info = reader->wait_first_frame(20s);
    REQUIRE_FALSE(info.ok());
    CHECK(info.error().category == Category::missing);
    CHECK(std::holds_alternative<Error>(reader->take(0s)));
}

TEST_CASE("a reader that is dropped ends its thread, also with full queues") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=30:d=2"));
    {
        auto reader = Reader::start(clip, {});
        REQUIRE(reader->wait_first_frame(20s).ok());
        std::this_thread::sleep_for(20ms);
    }
    for (int i = 0; i < 2000 && Reader::threads_alive() > 0; ++i)
        std::this_thread::sleep_for(5ms);
    CHECK(Reader::threads_alive() == 0);
}
