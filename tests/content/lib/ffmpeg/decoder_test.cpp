#include "content/lib/ffmpeg/decoder.hpp"
#include "content/lib/ffmpeg/input.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

extern "C" {
#include <libavutil/frame.h>
}

#include <cstring>
#include <optional>
#include <vector>

using namespace capsule;

namespace {

constexpr const char* source = "testsrc2=s=322x182:r=25:d=2";
constexpr const char* reordered = "-c:v libx264 -preset fast -bf 3 -x264-params b-pyramid=normal:ref=4 -pix_fmt yuv420p";

std::vector<ffmpeg::Frame> frames_of(const Path& file, ffmpeg::Knowledge wanted, int threads = 1) {
    auto input = ffmpeg::Input::open(file, {}, wanted);
    REQUIRE(input.ok());
    auto decoder = ffmpeg::Decoder::open(input->first_video(), {}, threads);
    REQUIRE(decoder.ok());
    input->keep_only(input->first_video());
    std::vector<ffmpeg::Frame> frames;
    for (;;) {
        auto packet = ffmpeg::make_packet();
        auto frame = ffmpeg::make_frame();
        const auto received = decoder->receive(frame);
        REQUIRE(received.ok());
        if (*received == ffmpeg::Received::end)
            return frames; // they outlive the decoder
        if (*received == ffmpeg::Received::frame) {
            frames.push_back(std::move(frame));
            continue;
        }
        const auto more = input->read(packet);
        REQUIRE(more.ok());
        REQUIRE(decoder->send(*more ? packet.get() : nullptr).ok());
    }
}

bool same_picture(const AVFrame& a, const AVFrame& b) {
    for (int plane = 0; plane < 3; ++plane) {
        const int width = plane ? (a.width + 1) / 2 : a.width, height = plane ? (a.height + 1) / 2 : a.height;
        for (int y = 0; y < height; ++y)
            if (std::memcmp(a.data[plane] + y * a.linesize[plane], b.data[plane] + y * b.linesize[plane], static_cast<std::size_t>(width)) != 0)
                return false;
    }
    return true;
}

} // namespace

TEST_CASE("what a good container says is enough for a decoder; other files are probed") {
    const TemporaryFolder folder;
    const auto probed = [&](const char* name, const std::string& arguments) {
        const Path file = folder.path() / name;
        REQUIRE(test::make_clip(file, source, arguments));
        const auto input = ffmpeg::Input::open(file, {}, ffmpeg::Knowledge::decoder);
        REQUIRE(input.ok());
        CHECK(ffmpeg::Input::open(file)->probed());
        return input->probed();
    };
    CHECK_FALSE(probed("a.mp4", reordered));
    CHECK_FALSE(probed("a.mkv", reordered));
    CHECK(probed("a.ts", reordered));
    CHECK(probed("a.avi", "-c:v mpeg4"));
}

TEST_CASE("without a probe all pictures come, in the same order and equal") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(file, source, reordered));
    const auto probed = frames_of(file, ffmpeg::Knowledge::full), unprobed = frames_of(file, ffmpeg::Knowledge::decoder);
    REQUIRE(probed.size() == 50);
    REQUIRE(unprobed.size() == 50);
    for (std::size_t i = 0; i < probed.size(); ++i) {
        CHECK(unprobed[i]->best_effort_timestamp == probed[i]->best_effort_timestamp);
        CHECK(same_picture(*unprobed[i], *probed[i]));
    }
}

TEST_CASE("pictures outlive their decoder, whatever their size and however many threads decode") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    const int threads = GENERATE(1, 3);
    const char* size = GENERATE("16x16", "1920x1080", "34x1200");
    REQUIRE(test::make_clip(file, std::string("testsrc2=s=") + size + ":r=25:d=0.4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"));
    const auto first = frames_of(file, ffmpeg::Knowledge::decoder, threads), second = frames_of(file, ffmpeg::Knowledge::decoder, 1);
    REQUIRE(first.size() == 10);
    for (std::size_t i = 0; i < first.size(); ++i)
        CHECK(same_picture(*first[i], *second[i]));
}
