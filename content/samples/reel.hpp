// A storyboard as a row of frames, 25 per second: the ground drifts, words and pictogram change softly, marks fill with time.
// Everything is drawn once when the reel is made; a frame only lays layers over each other. Thread-bound: one thread at a time.
#pragma once

#include "content/samples/planes.hpp"
#include "content/samples/scene.hpp"

#include <array>

namespace capsule::samples {

inline constexpr int frames_per_second = 25;

class Reel {
public:
    explicit Reel(const Storyboard& story);

    int frames() const { return m_frames; }
    // The frame's pixels; good until the next call.
    const Planes& frame(int number);
    // The frame on screen at that time; the last one afterwards.
    int frame_at(Milliseconds time) const;

private:
    struct Shown {
        int first = 0, last = 0; // frames, half-open
        bool call = false;
        Layer message;
        std::array<Layer, 4> pictogram; // half a pixel apart
        Layer mark;                     // its progress, in the colours of its own kind of screen
    };
    void blend_marks(int number, double call);

    int m_frames = 0;
    Planes m_calm_ground, m_call_ground;
    Layer m_calm_texts, m_call_texts;
    std::vector<Layer> m_calm_marks, m_call_marks;
    std::vector<Shown> m_screens;
    Planes m_frame, m_other;
    Blender m_blender;
};

} // namespace capsule::samples
