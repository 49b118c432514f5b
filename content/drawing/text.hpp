// Text broken into lines that look chosen: balanced, at the ends of sentences where possible, never before a lone "?".
// Reentrant. Sizes are pixels of the em square. Fonts are the system's; "Noto Sans" is asked for and Pango falls back by script.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace capsule {

enum class Weight { regular, bold };
enum class Align { start, centre, end }; // start: left, or right for right-to-left text
enum class Place { top, middle, bottom }; // of the block in its box

struct TextStyle {
    double size = 48;
    double least_size = 0;        // how far the text may shrink to fit its box; 0: half of `size`
    Weight weight = Weight::regular;
    std::string language = "fr";  // BCP 47; decides shaping, spacing and where lines may break
    double line_spacing = 1.22;   // of the size
    int most_lines = 99;
    Align align = Align::start;
    Place place = Place::top;
};

// What came of breaking a text: draw it with Canvas::text.
struct TextBlock {
    std::vector<std::string> lines;
    TextStyle style;              // its size is the one that fits
    double width = 0, height = 0; // of the ink's box: widest line, all lines
    bool right_to_left = false;
    bool fits = true;             // false: even at the least size it is larger than the box
};

// The largest size between style.size and style.least_size at which the text fits width × height, broken well. At the least
// size it is laid out all the same, with fits = false.
TextBlock lay_out(std::string_view text, double width, double height, const TextStyle& style);

// Width of one unbroken line.
double line_width(std::string_view line, const TextStyle& style);

// French typography: no-break spaces before ? ! : ; » and after «. Other languages come back as they are.
std::string with_no_break_spaces(std::string_view text, std::string_view language);

} // namespace capsule
