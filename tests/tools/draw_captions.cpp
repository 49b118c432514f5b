// draw_captions FILE WIDTHxHEIGHT OUT.png [TIME_MS [LANGUAGE [DIAGONAL_MM [DISTANCE_MM]]]]: what captions look like over a grey picture
// at that moment (by default the middle of the first cue).
#include "content/base/disk.hpp"
#include "content/captions/cue.hpp"
#include "content/drawing/canvas.hpp"
#include "content/drawing/png.hpp"
#include "player/overlay/caption_layer.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace capsule;

namespace {

int complain(const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return 1;
}

} // namespace

int main(int count, char** words) {
    CaptionStyle style;
    if (count < 4 || std::sscanf(words[2], "%dx%d", &style.stage.width, &style.stage.height) != 2 || style.stage.width < 64 || style.stage.height < 64) {
        std::fprintf(stderr, "usage: draw_captions FILE WIDTHxHEIGHT OUT.png [TIME_MS [LANGUAGE [DIAGONAL_MM [DISTANCE_MM]]]]\n");
        return 2;
    }
    SystemDisk disk;
    const auto text = disk.read(words[1], 4u << 20);
    if (!text)
        return complain(text.error().message);
    const auto cues = read_cues(*text);
    if (!cues || cues->empty())
        return complain(std::string(words[1]) + ": " + (cues ? "no captions in it" : cues.error().message));
    style.language = count > 5 ? words[5] : "fr";
    style.diagonal_mm = count > 6 ? std::atoi(words[6]) : style.diagonal_mm;
    style.distance_mm = count > 7 ? std::atoi(words[7]) : style.distance_mm;
    auto layer = CaptionLayer::open(*text, style);
    if (!layer)
        return complain(layer.error().message);
    const Milliseconds time{count > 4 ? std::atoi(words[4]) : ((cues->front().start + cues->front().end) / 2).count()};
    Canvas canvas(style.stage, Colour::rgb(0x8fa3a8));
    for (const PlacedPicture& placed : layer->at(time))
        canvas.picture(placed.picture, placed.x, placed.y);
    std::printf("em %.1f px, at least %.1f, %s\n", layer->size().em, layer->size().least_em, layer->size().legible ? "legible" : "not legible from there");
    const auto written = write_png(canvas.copy(), words[3]);
    return written ? 0 : complain(written.error().message);
}
