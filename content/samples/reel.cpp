#include "content/samples/reel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace capsule::samples {

namespace {

constexpr int leave_frames = 8;  // the old words fade out before their time is over
constexpr int arrive_frames = 14;
constexpr int turn_frames = 16;  // the ground turns into that of the last screen

double eased(double part) {
    part = std::clamp(part, 0.0, 1.0);
    return 1 - (1 - part) * (1 - part) * (1 - part);
}

int frame_of(Milliseconds time) { return static_cast<int>(time.count() * frames_per_second / 1000); }

// A slow round, `seconds` long, between -1 and 1.
double swing(int frame, double seconds, double phase) {
    return std::sin(2 * std::numbers::pi * (frame / (seconds * frames_per_second) + phase));
}

} // namespace

Reel::Reel(const Storyboard& story) : m_frames(frame_of(story.duration)), m_frame(frame_size), m_other(frame_size) {
    const Staging staging = staging_of(story);
    m_calm_ground = draw_ground(staging.calm);
    m_call_ground = draw_ground(staging.call);
    m_calm_texts = to_layer(draw_frame_texts(story, staging.theme_label, staging.calm));
    m_call_texts = to_layer(draw_frame_texts(story, staging.theme_label, staging.call));
    const std::size_t count = story.screens.size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto& screen = story.screens[i];
        Shown shown;
        shown.first = frame_of(screen.start);
        shown.last = frame_of(screen.end);
        shown.call = i + 1 == count && count > 1;
        const Palette& palette = shown.call ? staging.call : staging.calm;
        shown.message = to_layer(draw_message(screen.text, story.language, palette));
        for (std::size_t phase = 0; phase < shown.pictogram.size(); ++phase)
            shown.pictogram[phase] = to_layer(draw_pictogram_on_disc(staging.pictograms[i], palette, 0.5 * static_cast<double>(phase)));
        m_screens.push_back(std::move(shown));
        m_calm_marks.push_back(to_layer(draw_mark(staging.calm, i, count)));
        m_call_marks.push_back(to_layer(draw_mark(staging.call, i, count)));
    }
}

int Reel::frame_at(Milliseconds time) const { return std::clamp(frame_of(time), 0, m_frames - 1); }

void Reel::blend_marks(int number, double call) {
    for (std::size_t i = 0; i < m_screens.size() && m_screens[i].first <= number; ++i) {
        const auto& screen = m_screens[i];
        const double part = std::min(1.0, static_cast<double>(number + 1 - screen.first) / (screen.last - screen.first));
        const int columns = static_cast<int>(std::lround(part * m_calm_marks[i].colour.size.width));
        m_blender.blend(m_frame, m_calm_marks[i], 0, 0, 1 - call, columns);
        m_blender.blend(m_frame, m_call_marks[i], 0, 0, call, columns);
    }
}

const Planes& Reel::frame(int number) {
    number = std::clamp(number, 0, m_frames - 1);
    std::size_t index = 0;
    while (index + 1 < m_screens.size() && m_screens[index].last <= number)
        ++index;
    const Shown& screen = m_screens[index];
    const bool is_first = index == 0, is_last = index + 1 == m_screens.size();

    // The ground drifts by whole pairs of pixels, too soft for the steps to be seen.
    const int x = (drift_room.width / 2 + static_cast<int>(swing(number, 37, 0.0) * drift_room.width / 2)) & ~1;
    const int y = (drift_room.height / 2 + static_cast<int>(swing(number, 29, 0.2) * drift_room.height / 2)) & ~1;
    const double call = screen.call ? eased(static_cast<double>(number + 1 - screen.first) / turn_frames) : 0;
    copy_part(call < 1 ? m_calm_ground : m_call_ground, x, y, m_frame);
    if (call > 0 && call < 1) {
        copy_part(m_call_ground, x, y, m_other);
        cross_fade(m_frame, m_other, call);
    }
    m_blender.blend(m_frame, m_calm_texts, 0, 0, 1 - call);
    m_blender.blend(m_frame, m_call_texts, 0, 0, call);
    blend_marks(number, call);

    // The first frame already says something and the last one still does: whatever stands before or after, the cut is clean.
    const double arrived = is_first ? 1 : eased(static_cast<double>(number + 1 - screen.first) / arrive_frames);
    const double left = is_last ? 0 : std::clamp(static_cast<double>(number + leave_frames + 1 - screen.last) / leave_frames, 0.0, 1.0);
    const double opacity = arrived * (1 - left);
    const int slide = static_cast<int>(std::lround((1 - arrived) * 56 - left * left * 28));
    m_blender.blend(m_frame, screen.message, 0, slide, opacity);

    // Half-pixel steps: an even number of pixels, and the picture drawn at one of four phases.
    const int half_pixels = static_cast<int>(std::lround((swing(number, 5, 0.0) * 7 + (1 - arrived) * 28) * 2));
    const int phase = ((half_pixels % 4) + 4) % 4;
    m_blender.blend(m_frame, screen.pictogram[static_cast<std::size_t>(phase)], 0, (half_pixels - phase) / 2, opacity);
    return m_frame;
}

} // namespace capsule::samples
