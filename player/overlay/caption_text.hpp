// Cues as they are shown: one thing at a time, in at most two lines. Reentrant. Only for this folder and its tests.
#pragma once

#include "content/captions/cue.hpp"
#include "player/overlay/caption_size.hpp"

#include <string>
#include <vector>

namespace capsule {

// A span in which the same cues are spoken.
struct CaptionStretch {
    Milliseconds start{0}, end{0};
    std::string words; // lines with "\n"
    bool italic = false;
};

// In order, without overlap; cues that overlap (four at most) share a stretch, the newer below.
std::vector<CaptionStretch> one_at_a_time(const std::vector<Cue>& cues);

// What stands on screen at once.
struct CaptionPart {
    Milliseconds start{0}, end{0};
    std::vector<std::string> lines; // two at most
    double em = 0;                  // pixels
    bool right_to_left = false;
};

// The stretch in as many parts as it takes so that each fits `width` in two lines of the size's range; the time is shared by their
// lengths. No word is lost; a single word that is wider than the screen is smaller than the range allows. Empty: no words.
std::vector<CaptionPart> parts_of(const CaptionStretch& stretch, const CaptionSize& size, double width, const std::string& language);

} // namespace capsule
