// The sound of one item at its place in the device's time. Guarded by the mixer that made it; see there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace capsule {

// What is not written in time is silence. Nothing clicks: it fades in and out within 5 ms, and a volume that changes does so gently.
class Voice {
public:
    // From that position of the device on.
    explicit Voice(std::int64_t first);

    // Takes what there is room for and says how many frames that was. `gain`: 1 leaves the samples as they are.
    std::size_t write(std::span<const float> stereo, float gain);
    // Leaves out positions up to `position`, where the next write then stands, faded in.
    void skip_to(std::int64_t position);
    // Where the next write stands.
    std::int64_t written() const { return m_read + static_cast<std::int64_t>(m_count); }
    // Ends at `position`, or now if that is past: the last 5 ms before it fade out. What is written afterwards is dropped.
    void stop_at(std::int64_t position);

    // The device: adds what stands at [first, first + frames) to `stereo`.
    void add_to(std::span<float> stereo, std::int64_t first);
    bool over(std::int64_t next_asked) const { return m_stopped && m_count == 0 && m_tail == 0 && next_asked >= m_read; }
    // Frames that the device took.
    std::int64_t taken() const { return m_taken; }

private:
    void sound_tail(std::span<float> stereo, std::size_t from);

    std::vector<float> m_ring;
    std::size_t m_head = 0, m_count = 0; // frames
    std::int64_t m_read;                 // position of the frame at m_head
    std::int64_t m_taken = 0;
    std::size_t m_fade_in;
    float m_gain = -1; // of the last frame written; negative: none yet
    bool m_stopped = false;
    float m_last[2] = {0, 0}; // the last frame heard: when nothing follows it, it dies away
    std::size_t m_tail = 0;   // frames of that which are left
};

} // namespace capsule
