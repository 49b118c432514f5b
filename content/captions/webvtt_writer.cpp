#include "content/captions/cue.hpp"

#include <cstdio>

namespace capsule {

namespace {

std::string time_text(Milliseconds time) {
    const auto all = time.count();
    char text[40];
    std::snprintf(text, sizeof text, "%02lld:%02d:%02d.%03d", static_cast<long long>(all / 3'600'000), static_cast<int>(all / 60'000 % 60),
                  static_cast<int>(all / 1000 % 60), static_cast<int>(all % 1000));
    return text;
}

std::string escaped(const std::string& line) {
    std::string out;
    for (const char letter : line) {
        if (letter == '&')
            out += "&amp;";
        else if (letter == '<')
            out += "&lt;";
        else if (letter == '>')
            out += "&gt;"; // also, so that no line reads "-->"
        else
            out += letter;
    }
    return out;
}

} // namespace

std::string to_webvtt(const std::vector<Cue>& cues) {
    std::string text = "WEBVTT\n";
    for (const Cue& cue : cues) {
        text += "\n" + time_text(cue.start) + " --> " + time_text(cue.end) + "\n";
        for (std::size_t i = 0; i < cue.lines.size(); ++i)
            text += (i == 0 && cue.italic ? "<i>" : "") + escaped(cue.lines[i]) + (i + 1 == cue.lines.size() && cue.italic ? "</i>\n" : "\n");
    }
    return text;
}

} // namespace capsule
