// Tags and entities of a cue's text, resolved. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

struct PlainCueText {
    std::string text;   // lines with "\n"
    std::string voice;  // of the first <v …>
    bool italic = false; // all of it
};

// Tags of WebVTT and SubRip are taken out, "{\an8}" and the like too; &amp; &lt; &gt; &nbsp; &lrm; &rlm; become their letters.
PlainCueText read_markup(std::string_view text);

} // namespace capsule
