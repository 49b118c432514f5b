#include "player/overlay/caption_text.hpp"

#include "content/drawing/text.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace capsule {

namespace {

// A file of overlapping cues without end must not cost its square.
constexpr std::size_t most_at_once = 4;
constexpr double line_spacing = 1.22;

std::string joined(const std::vector<std::string>& lines, std::size_t from, std::size_t to, char between) {
    std::string text;
    for (std::size_t i = from; i < to; ++i)
        text += (i == from ? std::string() : std::string(1, between)) + lines[i];
    return text;
}

std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

TextStyle text_style(const CaptionSize& size, const std::string& language) {
    TextStyle style;
    style.size = size.em;
    style.least_size = size.least_em;
    style.language = language;
    style.line_spacing = line_spacing;
    style.most_lines = 2;
    return style;
}

CaptionPart part_of(const TextBlock& block, double width) {
    CaptionPart part;
    part.lines = block.lines;
    part.em = block.style.size * (block.width > width ? width / block.width : 1);
    part.right_to_left = block.right_to_left;
    return part;
}

// In two lines as they were written, or else however they break best.
std::vector<CaptionPart> in_pairs(const std::string& words, const TextStyle& style, double width) {
    const double two_lines = style.size * style.line_spacing * 2.01;
    std::string flowing = words;
    std::replace(flowing.begin(), flowing.end(), '\n', ' ');
    TextBlock whole = lay_out(words, width, two_lines, style);
    if (!whole.fits)
        whole = lay_out(flowing, width, two_lines, style);
    if (whole.fits)
        return {part_of(whole, width)};
    // The smallest letters allowed, as many lines as it takes; then two by two, larger again where there is room.
    TextStyle dense = style;
    dense.size = style.least_size;
    dense.most_lines = 99;
    const bool written_in_pairs = std::count(words.begin(), words.end(), '\n') <= 1;
    const TextBlock all = lay_out(written_in_pairs ? words : flowing, width, 1e9, dense);
    std::vector<CaptionPart> parts;
    for (std::size_t at = 0; at < all.lines.size(); at += 2) {
        const std::size_t end = std::min(at + 2, all.lines.size());
        // Broken anew where the two meet at a blank; not in scripts that write none.
        const std::string one_line = joined(all.lines, at, end, ' ');
        const bool meet_at_blank = flowing.find(one_line) != std::string::npos;
        TextBlock pair = lay_out(meet_at_blank ? one_line : joined(all.lines, at, end, '\n'), width, two_lines, style);
        if (!pair.fits || pair.lines.size() > 2) { // a word wider than the screen
            pair.lines.assign(all.lines.begin() + static_cast<std::ptrdiff_t>(at), all.lines.begin() + static_cast<std::ptrdiff_t>(end));
            pair.style.size = style.least_size;
            pair.width = 0;
            TextStyle measured = style;
            measured.size = style.least_size;
            for (const auto& line : pair.lines)
                pair.width = std::max(pair.width, line_width(line, measured));
        }
        parts.push_back(part_of(pair, width));
    }
    return parts;
}

} // namespace

std::vector<CaptionStretch> one_at_a_time(const std::vector<Cue>& cues) {
    std::set<Milliseconds> changes;
    for (const auto& cue : cues) {
        changes.insert(cue.start);
        changes.insert(cue.end);
    }
    std::vector<CaptionStretch> stretches;
    std::vector<const Cue*> active;
    std::size_t next = 0;
    for (auto change = changes.begin(); change != changes.end() && std::next(change) != changes.end(); ++change) {
        std::erase_if(active, [&](const Cue* cue) { return cue->end <= *change; });
        for (; next < cues.size() && cues[next].start <= *change; ++next)
            if (active.size() < most_at_once)
                active.push_back(&cues[next]);
        if (active.empty())
            continue;
        CaptionStretch stretch{*change, *std::next(change), {}, true};
        for (const Cue* cue : active) {
            stretch.words += (stretch.words.empty() ? "" : "\n") + joined(cue->lines, 0, cue->lines.size(), '\n');
            stretch.italic = stretch.italic && cue->italic;
        }
        stretches.push_back(std::move(stretch));
    }
    return stretches;
}

std::vector<CaptionPart> parts_of(const CaptionStretch& stretch, const CaptionSize& size, double width, const std::string& language) {
    auto parts = in_pairs(stretch.words, text_style(size, language), width);
    std::erase_if(parts, [](const CaptionPart& part) { return part.lines.empty(); });
    std::size_t all = 0, before = 0;
    for (const auto& part : parts)
        all += letters(joined(part.lines, 0, part.lines.size(), ' '));
    const auto span = stretch.end - stretch.start;
    for (auto& part : parts) {
        part.start = stretch.start + span * static_cast<std::int64_t>(before) / static_cast<std::int64_t>(std::max<std::size_t>(all, 1));
        before += letters(joined(part.lines, 0, part.lines.size(), ' '));
        part.end = stretch.start + span * static_cast<std::int64_t>(before) / static_cast<std::int64_t>(std::max<std::size_t>(all, 1));
    }
    return parts;
}

} // namespace capsule
