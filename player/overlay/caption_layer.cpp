#include "player/overlay/caption_layer.hpp"

#include "content/captions/cue.hpp"
#include "content/drawing/text.hpp"

#include <algorithm>
#include <ass/ass.h>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>

namespace capsule {

namespace {

struct LibraryDeleter {
    void operator()(ASS_Library* library) const { ass_library_done(library); }
};
struct RendererDeleter {
    void operator()(ASS_Renderer* renderer) const { ass_renderer_done(renderer); }
};
struct TrackDeleter {
    void operator()(ASS_Track* track) const { ass_free_track(track); }
};

// libass counts a font's size from ascender to descender; Noto Sans has 1.362 em between them.
constexpr double size_per_em = 1.362;

std::string time_text(Milliseconds time) {
    // libass counts in hundredths.
    const auto all = time.count() / 10;
    char text[40];
    std::snprintf(text, sizeof text, "%lld:%02d:%02d.%02d", static_cast<long long>(all / 360000), static_cast<int>(all / 6000 % 60),
                  static_cast<int>(all / 100 % 60), static_cast<int>(all % 100));
    return text;
}

// Text that libass takes as mere text: no overrides, no escapes.
std::string escaped(std::string_view line) {
    std::string out;
    for (const char letter : line) {
        if (letter == '{')
            out += "\\{";
        else if (letter == '\\')
            out += "\\\u2060"; // word joiner: the backslash escapes nothing
        else
            out += letter;
    }
    return out;
}

// The cue's words in at most two lines, as large as the width allows.
std::string event_text(const Cue& cue, const TextStyle& style, double width) {
    std::string words;
    for (const auto& line : cue.lines)
        words += (words.empty() ? "" : cue.lines.size() <= 2 ? "\n" : " ") + line;
    const auto block = lay_out(words, width, style.size * style.line_spacing * 2.01, style);
    std::string text = "{\\fs" + std::to_string(static_cast<int>(std::lround(block.style.size * size_per_em))) + "}";
    if (cue.italic)
        text += "{\\i1}";
    for (std::size_t i = 0; i < block.lines.size(); ++i)
        text += (i == 0 ? "" : "\\N") + escaped(block.lines[i]);
    return text;
}

// One event for each stretch in which the same cues are spoken: overlapping ones share a band and its two lines, the newer below.
std::vector<Cue> one_at_a_time(const std::vector<Cue>& cues) {
    std::set<Milliseconds> changes;
    for (const auto& cue : cues) {
        changes.insert(cue.start);
        changes.insert(cue.end);
    }
    std::vector<Cue> stretches;
    // A file of overlapping cues without end must not cost its square.
    constexpr std::size_t most_at_once = 4;
    std::vector<const Cue*> active;
    std::size_t next = 0;
    for (auto change = changes.begin(); change != changes.end() && std::next(change) != changes.end(); ++change) {
        std::erase_if(active, [&](const Cue* cue) { return cue->end <= *change; });
        for (; next < cues.size() && cues[next].start <= *change; ++next)
            if (active.size() < most_at_once)
                active.push_back(&cues[next]);
        if (active.empty())
            continue;
        Cue stretch;
        stretch.start = *change;
        stretch.end = *std::next(change);
        stretch.italic = true;
        for (const Cue* cue : active) {
            stretch.lines.insert(stretch.lines.end(), cue->lines.begin(), cue->lines.end());
            stretch.italic = stretch.italic && cue->italic;
        }
        stretches.push_back(std::move(stretch));
    }
    return stretches;
}

std::string script_of(const std::vector<Cue>& cues, const CaptionStyle& style) {
    const double size = style.text_height_px > 0 ? style.text_height_px : style.stage.height / 15.0;
    TextStyle text_style;
    text_style.size = size;
    text_style.least_size = size * 0.5;
    text_style.language = style.language.empty() ? "fr" : style.language;
    text_style.most_lines = 2;
    const int side = static_cast<int>(style.stage.width * 0.07), below = static_cast<int>(style.stage.height * 0.06);
    // A dark band behind each event (border style 4), as thick around the words as the shadow's depth; bottom, centred.
    std::string script = "[Script Info]\nScriptType: v4.00+\nWrapStyle: 2\nScaledBorderAndShadow: yes\nPlayResX: " +
                         std::to_string(style.stage.width) + "\nPlayResY: " + std::to_string(style.stage.height) + "\nLanguage: " + text_style.language +
                         "\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
                         "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
                         "Encoding\nStyle: Default,Noto Sans," +
                         std::to_string(static_cast<int>(std::lround(size * size_per_em))) +
                         ",&H00FFFFFF,&H00FFFFFF,&H00000000,&H28101010,0,0,0,0,100,100,0,0,4,0," +
                         std::to_string(static_cast<int>(std::lround(size * 0.24))) + ",2," + std::to_string(side) + "," + std::to_string(side) +
                         "," + std::to_string(below) + ",-1\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";
    for (const auto& cue : cues)
        script += "Dialogue: 0," + time_text(cue.start) + "," + time_text(cue.end) + ",Default,,0,0,0,," +
                  event_text(cue, text_style, style.stage.width - 2.0 * side) + "\n";
    return script;
}

// Lays libass's coloured stencils over each other, as one picture.
PlacedPicture flattened(const ASS_Image* images) {
    int left = images->dst_x, top = images->dst_y, right = left, bottom = top;
    for (const auto* image = images; image != nullptr; image = image->next) {
        left = std::min(left, image->dst_x);
        top = std::min(top, image->dst_y);
        right = std::max(right, image->dst_x + image->w);
        bottom = std::max(bottom, image->dst_y + image->h);
    }
    PlacedPicture placed{left, top, Picture(Size{right - left, bottom - top})};
    for (const auto* image = images; image != nullptr; image = image->next) {
        const std::uint32_t opacity = 255 - (image->color & 255);
        const std::uint32_t channels[3] = {image->color >> 24, image->color >> 16 & 255, image->color >> 8 & 255};
        for (int y = 0; y < image->h; ++y) {
            const unsigned char* stencil = image->bitmap + static_cast<std::ptrdiff_t>(y) * image->stride;
            std::uint32_t* row = placed.picture.row(image->dst_y - top + y) + (image->dst_x - left);
            for (int x = 0; x < image->w; ++x) {
                const std::uint32_t alpha = (stencil[x] * opacity + 127) / 255, rest = 255 - alpha;
                if (alpha == 0)
                    continue;
                const std::uint32_t below = row[x];
                const auto over = [&](std::uint32_t colour, int shift) { return (colour * alpha + (below >> shift & 255) * rest + 127) / 255; };
                row[x] = over(255, 24) << 24 | over(channels[0], 16) << 16 | over(channels[1], 8) << 8 | over(channels[2], 0);
            }
        }
    }
    return placed;
}

} // namespace

struct CaptionLayer::State {
    std::unique_ptr<ASS_Library, LibraryDeleter> library;
    std::unique_ptr<ASS_Renderer, RendererDeleter> renderer;
    std::unique_ptr<ASS_Track, TrackDeleter> track;
    std::vector<PlacedPicture> shown;
    // Where cues begin or end, ascending: between two of them the picture stays. (libass itself reports a change at each call,
    // since it makes the band anew.)
    std::vector<Milliseconds> changes;
    std::optional<std::ptrdiff_t> stretch; // the one that `shown` is of
};

Result<CaptionLayer> CaptionLayer::open(std::string_view text, const CaptionStyle& style) {
    CAPSULE_TRY(read, read_cues(text));
    const auto cues = one_at_a_time(read);
    auto state = std::make_unique<State>();
    state->library.reset(ass_library_init());
    if (!state->library)
        return Error{Category::bug, "libass cannot start"};
    ass_set_message_cb(state->library.get(), [](int, const char*, va_list, void*) {}, nullptr);
    ass_set_extract_fonts(state->library.get(), 0); // captions bring no fonts of their own
    state->renderer.reset(ass_renderer_init(state->library.get()));
    if (!state->renderer)
        return Error{Category::bug, "libass cannot make a renderer"};
    ass_set_frame_size(state->renderer.get(), style.stage.width, style.stage.height);
    ass_set_fonts(state->renderer.get(), nullptr, "Noto Sans", ASS_FONTPROVIDER_FONTCONFIG, nullptr, 1);
    std::string script = script_of(cues, style);
    state->track.reset(ass_read_memory(state->library.get(), script.data(), script.size(), nullptr));
    if (!state->track)
        return Error{Category::bug, "libass does not take the captions"};
    ass_set_check_readorder(state->track.get(), 0);
    for (const auto& cue : cues)
        for (const auto time : {cue.start, cue.end})
            state->changes.push_back(time - time % Milliseconds{10});
    std::sort(state->changes.begin(), state->changes.end());
    return CaptionLayer(std::move(state));
}

CaptionLayer::CaptionLayer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CaptionLayer::CaptionLayer(CaptionLayer&&) noexcept = default;
CaptionLayer& CaptionLayer::operator=(CaptionLayer&&) noexcept = default;
CaptionLayer::~CaptionLayer() = default;

const std::vector<PlacedPicture>& CaptionLayer::at(Milliseconds time) {
    const auto& changes = m_state->changes;
    const auto stretch = std::upper_bound(changes.begin(), changes.end(), time) - changes.begin();
    if (m_state->stretch == stretch)
        return m_state->shown;
    m_state->stretch = stretch;
    m_state->shown.clear();
    if (const ASS_Image* images = ass_render_frame(m_state->renderer.get(), m_state->track.get(), time.count(), nullptr))
        m_state->shown.push_back(flattened(images));
    return m_state->shown;
}

} // namespace capsule
