// Flashes of a moving picture by WCAG 2.2's definition; what is counted and how: README.md. Thread-bound: to whoever feeds it.
#pragma once

#include "content/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace capsule {

enum class FlashVerdict { pass, warning, fail };

struct FlashCount {
    int flashes = 0;           // the most in any one second
    int changes = 0;           // opposing changes in that second: twice the flashes, or one more: seven are three and a half flashes
    Milliseconds worst_at{0};  // where that second begins
    double area = 0;           // the largest part of a 10° field that flashed, 0 to 1, of flashes that count

    bool operator==(const FlashCount&) const = default;
    static constexpr int most_changes = 6; // three flashes
    FlashVerdict verdict() const {
        return changes > most_changes ? FlashVerdict::fail : changes >= 4 ? FlashVerdict::warning : FlashVerdict::pass;
    }
};

struct FlashReport {
    FlashCount general, red;
    bool operator==(const FlashReport&) const = default;
};

struct PictureSize {
    int width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

class FlashMeter {
public:
    // The size that pictures of this one must be scaled to: within 1024 × 768, or 768 × 1024 when tall, even sides; also enlarged.
    static PictureSize fit(PictureSize picture);

    explicit FlashMeter(PictureSize fitted);
    FlashMeter(FlashMeter&&) noexcept;
    FlashMeter& operator=(FlashMeter&&) noexcept;
    ~FlashMeter();

    // The next picture: sRGB, three bytes a pixel, rows `stride` bytes apart; shown at `at`, which never falls.
    void add(const std::uint8_t* rgb, std::size_t stride, Nanoseconds at);
    // Of all pictures so far.
    FlashReport report() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
