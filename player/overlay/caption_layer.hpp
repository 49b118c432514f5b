// Captions over the picture, drawn by libass. Thread-bound: made on any thread, then used by the presenting thread alone.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/captions/cue.hpp"
#include "content/drawing/picture.hpp"
#include "player/overlay/caption_size.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct CaptionStyle {
    Size stage;              // pixels of the picture that they are drawn for, upright
    int diagonal_mm = 813;   // of the screen
    int distance_mm = 3000;  // from which it is read
    std::string language;    // BCP 47; decides shaping and where lines break
};

class CaptionLayer {
public:
    // `text` is WebVTT or SRT as content/captions reads them. Invalid when it is neither.
    static Result<CaptionLayer> open(std::string_view text, const CaptionStyle& style);
    static Result<CaptionLayer> open(const std::vector<Cue>& cues, const CaptionStyle& style);
    CaptionLayer(CaptionLayer&&) noexcept;
    CaptionLayer& operator=(CaptionLayer&&) noexcept;
    ~CaptionLayer();

    // What to blend over the picture at that media time, its lower edge not below `bottom` (a banner's upper edge); empty when
    // nothing is said. The reference is good until the next call; nothing is drawn anew while the same is said (some 3 ms at
    // 1080p, 8 ms at 4K where it changes).
    const std::vector<PlacedPicture>& at(Milliseconds time);
    const std::vector<PlacedPicture>& at(Milliseconds time, int bottom);
    const CaptionSize& size() const;

private:
    struct State;
    explicit CaptionLayer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
