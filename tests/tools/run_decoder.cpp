// run_decoder FILE [SECONDS]: decodes the first video stream as fast as it goes and prints one line per frame, then a summary.
// Exit code 1 when the file is refused.
#include "player/media/session.hpp"

#include <cstdio>
#include <cstdlib>

using namespace capsule;

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "usage: run_decoder FILE [SECONDS]\n");
        return 2;
    }
    const double most = count > 2 ? std::atof(arguments[2]) : 1e9;
    auto session = Session::open(arguments[1], {});
    if (!session) {
        std::fprintf(stderr, "run_decoder: %s\n", session.error().message.c_str());
        return 1;
    }
    long frames = 0;
    for (;;) {
        auto frame = session->next_video();
        if (!frame) {
            std::fprintf(stderr, "run_decoder: %s\n", frame.error().message.c_str());
            return 1;
        }
        if (!*frame || static_cast<double>((*frame)->pts.count()) / 1e9 >= most)
            break;
        const VideoFrame& f = **frame;
        std::printf("%ld pts_ms=%.3f duration_ms=%.3f %dx%d aspect=%.4f turns=%d mirrored=%d matrix=%d full=%d\n", frames++,
                    static_cast<double>(f.pts.count()) / 1e6, static_cast<double>(f.duration.count()) / 1e6, f.size.width,
                    f.size.height, f.pixel_aspect, f.orientation.quarter_turns, f.orientation.mirrored, static_cast<int>(f.matrix),
                    f.range == ColourRange::full);
    }
    const MediaInfo& info = session->info();
    std::printf("frames=%ld skipped=%ld container=%s codec=%s still=%d threads=%d duration_ms=%lld\n", frames,
                static_cast<long>(session->skipped()), info.container.c_str(), info.video_codec.c_str(), info.still, info.threads,
                static_cast<long long>(info.duration.count() / 1'000'000));
    return 0;
}
