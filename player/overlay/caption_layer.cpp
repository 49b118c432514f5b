#include "player/overlay/caption_layer.hpp"

#include "player/overlay/caption_text.hpp"

#include <algorithm>
#include <ass/ass.h>
#include <cmath>
#include <optional>

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
// Laid out when the file is opened; the rest of a long film when it is said.
constexpr std::size_t laid_out_at_once = 300;

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

// Free at the sides and below, as parts of the stage.
int side_margin(Size stage) { return static_cast<int>(stage.width * (stage.width >= stage.height ? 0.07 : 0.05)); }
int lower_margin(Size stage) { return static_cast<int>(std::min(stage.width, stage.height) * 0.06); }

// One event that lasts for ever: white on a dark band (border style 4), as thick around the words as the shadow's depth.
std::string script_of(const CaptionPart& part, bool italic, const CaptionStyle& style, const std::string& language) {
    const auto number = [](double value) { return std::to_string(static_cast<int>(std::lround(value))); };
    const std::string side = std::to_string(side_margin(style.stage));
    std::string script = "[Script Info]\nScriptType: v4.00+\nWrapStyle: 2\nScaledBorderAndShadow: yes\nPlayResX: " +
                         std::to_string(style.stage.width) + "\nPlayResY: " + std::to_string(style.stage.height) + "\nLanguage: " + language +
                         "\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
                         "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
                         "Encoding\nStyle: Default,Noto Sans," +
                         number(part.em * size_per_em) + ",&H00FFFFFF,&H00FFFFFF,&H00000000,&H28101010,0," + (italic ? "1" : "0") +
                         ",0,0,100,100,0,0,4,0," + number(part.em * 0.24) + ",2," + side + "," + side + "," +
                         std::to_string(lower_margin(style.stage)) +
                         ",-1\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
                         "Dialogue: 0,0:00:00.00,0:00:02.00,Default,,0,0,0,,";
    // Each line is a paragraph of its own to libass: a mark says which way the whole runs.
    const std::string direction = part.right_to_left ? "\u200f" : "\u200e";
    for (std::size_t i = 0; i < part.lines.size(); ++i)
        script += (i == 0 ? "" : "\\N") + direction + escaped(part.lines[i]);
    return script + "\n";
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
    PlacedPicture placed{left, top, Picture(Size{right - left, bottom - top}), next_picture_serial()};
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
    struct Entry {
        CaptionStretch stretch;
        std::optional<std::vector<CaptionPart>> parts;
    };

    State(const CaptionStyle& s) : style(s), language(s.language.empty() ? "fr" : s.language), size(caption_size(s.stage, s.diagonal_mm, s.distance_mm)) {}

    const std::vector<CaptionPart>& parts(Entry& entry) const {
        if (!entry.parts)
            entry.parts = parts_of(entry.stretch, size, style.stage.width - 2.0 * side_margin(style.stage), language);
        return *entry.parts;
    }
    // What is said at that time; null when nothing is.
    const CaptionPart* said_at(Milliseconds time, bool& italic);
    void draw(const CaptionPart& part, bool italic);
    void draw_once(const CaptionPart& part, bool italic);

    const CaptionStyle style;
    const std::string language;
    const CaptionSize size;
    std::unique_ptr<ASS_Library, LibraryDeleter> library;
    std::unique_ptr<ASS_Renderer, RendererDeleter> renderer;
    std::vector<Entry> entries;
    const CaptionPart* drawn = nullptr;
    int drawn_top = 0; // where it belongs when nothing is in the way
    std::vector<PlacedPicture> shown;
};

const CaptionPart* CaptionLayer::State::said_at(Milliseconds time, bool& italic) {
    const auto entry = std::partition_point(entries.begin(), entries.end(), [&](const Entry& e) { return e.stretch.end <= time; });
    if (entry == entries.end() || entry->stretch.start > time)
        return nullptr;
    italic = entry->stretch.italic;
    for (const CaptionPart& part : parts(*entry))
        if (time < part.end)
            return &part;
    return nullptr;
}

void CaptionLayer::State::draw(const CaptionPart& part, bool italic) {
    draw_once(part, italic);
    // libass scales a font of another script by that font's own height, which may come out wider than was measured. What is wider
    // than the screen is cut off at its edges, so one step is not always enough.
    const double room = style.stage.width - side_margin(style.stage);
    CaptionPart smaller = part;
    for (int tries = 0; tries < 6 && !shown.empty() && shown.back().picture.size.width > room; ++tries) {
        smaller.em = std::floor(smaller.em * std::min(0.96, room / shown.back().picture.size.width));
        shown.clear();
        draw_once(smaller, italic);
    }
}

void CaptionLayer::State::draw_once(const CaptionPart& part, bool italic) {
    std::string script = script_of(part, italic, style, language);
    const std::unique_ptr<ASS_Track, TrackDeleter> track{ass_read_memory(library.get(), script.data(), script.size(), nullptr)};
    if (!track)
        return;
    ass_set_check_readorder(track.get(), 0);
    if (const ASS_Image* images = ass_render_frame(renderer.get(), track.get(), 1000, nullptr)) {
        shown.push_back(flattened(images));
        drawn_top = shown.back().y;
    }
}

Result<CaptionLayer> CaptionLayer::open(std::string_view text, const CaptionStyle& style) {
    CAPSULE_TRY(cues, read_cues(text));
    return open(cues, style);
}

Result<CaptionLayer> CaptionLayer::open(const std::vector<Cue>& cues, const CaptionStyle& style) {
    auto state = std::make_unique<State>(style);
    for (auto& stretch : one_at_a_time(cues))
        state->entries.push_back({std::move(stretch), {}});
    state->library.reset(ass_library_init());
    if (!state->library)
        return Error{Category::bug, "libass cannot start"};
    ass_set_message_cb(state->library.get(), [](int, const char*, va_list, void*) {}, nullptr);
    ass_set_extract_fonts(state->library.get(), 0); // captions bring no fonts of their own
    state->renderer.reset(ass_renderer_init(state->library.get()));
    if (!state->renderer)
        return Error{Category::bug, "libass cannot make a renderer"};
    ass_set_frame_size(state->renderer.get(), style.stage.width, style.stage.height);
    ass_set_cache_limits(state->renderer.get(), 400, 8); // glyphs, MiB of their pictures
    ass_set_fonts(state->renderer.get(), nullptr, "Noto Sans", ASS_FONTPROVIDER_FONTCONFIG, nullptr, 1);
    for (std::size_t i = 0; i < std::min(laid_out_at_once, state->entries.size()); ++i)
        (void)state->parts(state->entries[i]);
    return CaptionLayer(std::move(state));
}

CaptionLayer::CaptionLayer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CaptionLayer::CaptionLayer(CaptionLayer&&) noexcept = default;
CaptionLayer& CaptionLayer::operator=(CaptionLayer&&) noexcept = default;
CaptionLayer::~CaptionLayer() = default;

const CaptionSize& CaptionLayer::size() const { return m_state->size; }

const std::vector<PlacedPicture>& CaptionLayer::at(Milliseconds time) { return at(time, m_state->style.stage.height); }

const std::vector<PlacedPicture>& CaptionLayer::at(Milliseconds time, int bottom) {
    bool italic = false;
    const CaptionPart* part = m_state->said_at(time, italic);
    if (part != m_state->drawn) {
        m_state->drawn = part;
        m_state->shown.clear();
        if (part)
            m_state->draw(*part, italic);
    }
    for (PlacedPicture& placed : m_state->shown)
        placed.y = std::max(0, std::min(m_state->drawn_top, bottom - placed.picture.size.height));
    return m_state->shown;
}

} // namespace capsule
