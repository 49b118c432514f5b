// Captions over the picture, drawn by libass. Thread-bound: made on any thread, then used by the presenting thread alone.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct CaptionStyle {
    Size stage;              // pixels of the picture that they are drawn for
    int text_height_px = 0;  // 0: a fifteenth of the stage's height
    std::string language;    // BCP 47; decides shaping
};

class CaptionLayer {
public:
    // `text` is WebVTT or SRT in UTF-8 or UTF-16 with BOM. Invalid when it is neither.
    static Result<CaptionLayer> open(std::string_view text, const CaptionStyle& style);
    CaptionLayer(CaptionLayer&&) noexcept;
    CaptionLayer& operator=(CaptionLayer&&) noexcept;
    ~CaptionLayer();

    // What to blend over the picture at that media time; empty when nothing is said. The reference is good until the next call;
    // nothing is drawn anew while the answer stays the same.
    const std::vector<PlacedPicture>& at(Milliseconds time);

private:
    struct State;
    explicit CaptionLayer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
