// What is drawn against what the ffmpeg program makes of the same frame.
#include "player/media/session.hpp"
#include "player/present/frame_painter.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>

using namespace capsule;

namespace {

constexpr int frame_number = 2;

// The frame at `size`, turned as the file says.
Picture ours(const Path& file, Size size, int screen_turns = 0) {
    auto session = Session::open(file, {});
    REQUIRE(session.ok());
    FramePainter painter; // one for all frames, as on a stage
    for (int i = 0;; ++i) {
        auto frame = session->next_video();
        REQUIRE(frame.ok());
        REQUIRE(frame->has_value());
        const Orientation turn = (*frame)->orientation.then_turned(screen_turns);
        if (size.width == 0)
            size = turn.applied_to((*frame)->size);
        Picture picture(size);
        REQUIRE(painter.draw(**frame, turn, {picture.pixels.data(), size.width * 4, size}, {0, 0, size.width, size.height}).ok());
        if (i >= frame_number || session->info().still)
            return picture;
    }
}

Picture theirs(const Path& file, Size size, const std::string& filters = "") {
    Picture picture(size);
    const std::string command = "ffmpeg -nostdin -v error -i '" + file.string() + "' -map 0:v:0 -vf \"select=eq(n\\," +
                                std::to_string(frame_number) + ")" + filters + ",scale=" + std::to_string(size.width) + ":" +
                                std::to_string(size.height) +
                                "\" -frames:v 1 -pix_fmt bgra -f rawvideo - 2>/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe);
    const std::size_t got = std::fread(picture.pixels.data(), 4, picture.pixels.size(), pipe);
    pclose(pipe);
    REQUIRE(got == picture.pixels.size());
    return picture;
}

double psnr(const Picture& a, const Picture& b) {
    REQUIRE(a.size == b.size);
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        for (int shift = 0; shift < 24; shift += 8) {
            const double off = static_cast<int>(a.pixels[i] >> shift & 255) - static_cast<int>(b.pixels[i] >> shift & 255);
            sum += off * off;
        }
    }
    const double mean = sum / static_cast<double>(a.pixels.size() * 3);
    return mean == 0 ? 99 : 10 * std::log10(255 * 255 / mean);
}

// Smooth, so that the way of enlarging colour planes does not matter, and coloured, so that a wrong matrix does.
constexpr const char* picture = "gradients=s=320x180:r=10:d=0.5:seed=3:c0=red:c1=blue:c2=green:c3=yellow:n=4";

} // namespace

TEST_CASE("each kind of picture looks as FFmpeg shows it") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mkv";
    const auto check = [&](const std::string& arguments, Size size, double least) {
        REQUIRE(test::make_clip(file, picture, arguments));
        const double got = psnr(ours(file, size), theirs(file, size));
        INFO(arguments << " at " << size.width << "x" << size.height << ": " << got << " dB");
        CHECK(got > least);
        if (std::getenv("CAPSULE_SHOW_PSNR"))
            std::printf("%6.1f dB %4dx%d %s\n", got, size.width, size.height, arguments.c_str());
    };
    const std::string lossless = " -c:v ffv1 -pix_fmt ", h264 = "-c:v libx264 -qp 4 -pix_fmt yuv420p ";
    const std::string as601 = "-vf scale=out_color_matrix=bt601:out_range=tv -colorspace smpte170m -color_range tv ";
    const std::string as709 = "-vf scale=out_color_matrix=bt709:out_range=tv -colorspace bt709 -color_range tv ";
    const std::string as709_full = "-vf scale=out_color_matrix=bt709:out_range=pc -colorspace bt709 -color_range pc ";
    const std::string as601_full = "-vf scale=out_color_matrix=bt601:out_range=pc -colorspace smpte170m -color_range pc ";
    for (const auto& colours : {as601, as709, as709_full, as601_full}) {
        check(colours + h264, {320, 180}, 45);
        check(colours + lossless + "yuv422p", {320, 180}, 45);
        check(colours + lossless + "yuv444p10le", {320, 180}, 45);
    }
    check(as709 + h264, {640, 360}, 42);   // doubled
    check(as709 + h264, {160, 90}, 34);    // halved
    check(as709 + h264, {480, 270}, 38);   // enlarged by half
    check(as709 + h264, {200, 112}, 36);
    check(as709 + lossless + "yuv420p10le", {480, 270}, 36);
    check(lossless + "bgr0", {320, 180}, 45);
    check(lossless + "gray", {320, 180}, 40);
    check(h264, {320, 180}, 45); // no colours stated
}

TEST_CASE("real files look as FFmpeg shows them, turned and mirrored as they ask") {
    const Path folder = Path(CAPSULE_SHARED_DIR) / "media/video";
    if (!std::filesystem::exists(folder)) {
        WARN("no sample files here: " << folder);
        return;
    }
    for (const char* name : {"decord__video_90.mov", "media__mp4_sample_rotate_and_reflect.mp4", "torchcodec__bt709_full_range.mp4",
                             "torchcodec__h265_10bits.mp4", "media__vp9_bear-vp9-odd-dimensions.webm", "media__mp4_sample.mp4"}) {
        const Picture drawn = ours(folder / name, {});
        const double got = psnr(drawn, theirs(folder / name, drawn.size));
        INFO(name << ": " << got << " dB");
        CHECK(got > 38);
        if (std::getenv("CAPSULE_SHOW_PSNR"))
            std::printf("%6.1f dB %s\n", got, name);
    }
}

TEST_CASE("a screen that hangs turned gets its picture turned") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mkv";
    REQUIRE(test::make_clip(file, picture, "-c:v ffv1 -pix_fmt yuv420p"));
    CHECK(psnr(ours(file, {180, 320}, 1), theirs(file, {180, 320}, ",transpose=clock")) > 38);
    CHECK(psnr(ours(file, {180, 320}, 3), theirs(file, {180, 320}, ",transpose=cclock")) > 38);
    CHECK(psnr(ours(file, {320, 180}, 2), theirs(file, {320, 180}, ",hflip,vflip")) > 38);
    CHECK(psnr(ours(file, {90, 160}, 1), theirs(file, {90, 160}, ",transpose=clock")) > 34);
    CHECK(psnr(ours(file, {270, 480}, 1), theirs(file, {270, 480}, ",transpose=clock")) > 34);
}

TEST_CASE("overlays are blended where they belong and cut off at the edges") {
    Picture target(Size{4, 4}, 0xff000000U);
    FramePainter painter;
    Picture overlay(Size{2, 2}, 0x80800000U); // half transparent red
    painter.blend(overlay, 3, -1, {target.pixels.data(), 16, target.size});
    CHECK((target.row(0)[3] >> 16 & 255) > 0x70);
    CHECK((target.row(0)[2] & 0xffffff) == 0);
    CHECK((target.row(1)[3] & 0xffffff) == 0);
    painter.blend(overlay, 100, 100, {target.pixels.data(), 16, target.size});
}
