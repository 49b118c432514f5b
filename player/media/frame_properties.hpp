// Reads FFmpeg's structures: what a frame says about its colours and shape, and a stream about its time and turning. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "player/media/video_frame.hpp"

#include <optional>

struct AVFrame;
struct AVStream;
struct AVRational;

namespace capsule {

// Fills size, pixel_aspect, orientation, matrix and range of `frame` from its decoded picture, and from the stream where the
// picture says nothing. A matrix that nobody states is BT.601, as FFmpeg's own tools take it.
void describe(VideoFrame& frame, const AVStream& stream);
Orientation orientation_of(const AVStream& stream);
Nanoseconds usual_frame(const AVStream& stream); // 0: unknown
std::optional<Nanoseconds> timestamp_of(const AVFrame& frame, const AVStream& stream);
Nanoseconds stated_duration(const AVFrame& frame, const AVStream& stream);
// Whether the codec makes single pictures (PNG, JPEG, GIF…).
bool is_picture_codec(const AVStream& stream);

} // namespace capsule
