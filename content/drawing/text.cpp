#include "content/drawing/text.hpp"

#include "content/drawing/pango_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace capsule {

namespace {

// The part of a text up to a place where a line may end.
struct Segment {
    std::string text;         // without the blanks at its end
    double width = 0;         // of the text, at size 1
    double cost_to_end = 0;   // of ending a line after it
    bool must_end = false;    // a new line was written here
    bool ends_sentence = false;
};

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

// A small word at the end of a line reads badly; the end of a sentence is where a reader pauses anyway.
bool ends_sentence(std::string_view word) { return ends_with_any(word, {".", "!", "?", "…", "»", "؟", "。"}); }

double cost_of_ending(std::string_view word) {
    if (ends_sentence(word))
        return -0.08;
    if (ends_with_any(word, {",", ":", ";", "،"}))
        return -0.04;
    if (word.ends_with("-"))
        return 1.0;
    static constexpr std::array<std::string_view, 42> small{
        "à", "a", "au", "aux", "c’est", "ce", "ces", "d’un", "de", "des", "du", "en", "est", "et", "il", "je", "la", "le", "les", "ne", "on",
        "ou", "où", "par", "pas", "pour", "sur", "un", "une", "votre", "the", "to", "of", "n’a",
        "d’au", "son", "sa", "ses", "mon", "ma", "mes", "vos"};
    return std::find(small.begin(), small.end(), word) != small.end() ? 0.4 : 0.0;
}

// "de passe" belongs to the word before it.
double cost_of_beginning(std::string_view text) {
    for (const std::string_view word : {"de ", "du ", "des ", "d’", "of "})
        if (text.starts_with(word))
            return 0.04;
    return text == "de" || text == "du" || text == "des" || text == "of" ? 0.04 : 0.0;
}

std::string_view last_word(std::string_view text) {
    while (text.ends_with(' ') || text.ends_with('\n'))
        text.remove_suffix(1);
    const auto blank = text.find_last_of(" \n");
    return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

std::vector<Segment> segments_of(const std::string& text, const TextStyle& style) {
    std::vector<Segment> segments;
    const long characters = g_utf8_strlen(text.c_str(), static_cast<gssize>(text.size()));
    std::vector<PangoLogAttr> attributes(static_cast<std::size_t>(characters) + 1);
    pango_get_log_attrs(text.c_str(), static_cast<int>(text.size()), -1, pango_language_from_string(style.language.c_str()),
                        attributes.data(), static_cast<int>(attributes.size()));
    const char* start = text.c_str();
    const char* at = start;
    for (long i = 1; i <= characters; ++i) {
        at = g_utf8_next_char(at);
        const auto& attribute = attributes[static_cast<std::size_t>(i)];
        if (!attribute.is_line_break && i != characters)
            continue;
        Segment segment;
        segment.must_end = attribute.is_mandatory_break;
        segment.text.assign(start, at);
        while (!segment.text.empty() && (segment.text.back() == ' ' || segment.text.back() == '\n' || segment.text.back() == '\r'))
            segment.text.pop_back();
        // "Parlez-en" is one word although it may be broken.
        segment.cost_to_end = cost_of_ending(last_word(std::string_view(text.c_str(), static_cast<std::size_t>(at - text.c_str()))));
        segment.ends_sentence = ends_sentence(segment.text);
        segments.push_back(std::move(segment));
        start = at;
    }
    return segments;
}

// A text whose lines are to be chosen; widths are at size 1.
class Breaker {
public:
    Breaker(const std::string& text, const TextStyle& style) : m_segments(segments_of(text, style)), m_text(text) {
        TextStyle measure = style;
        measure.size = 100;
        // Where each segment begins and ends on one endless line, so that kerning and blanks between are counted.
        std::string line;
        for (auto& segment : m_segments) {
            const auto found = text.find(segment.text, m_offsets.empty() ? 0 : m_offsets.back().second);
            m_offsets.emplace_back(found, found + segment.text.size());
            segment.width = line_width(segment.text, measure) / 100;
        }
        m_blank = line_width(" ", measure) / 100;
    }

    std::size_t size() const { return m_segments.size(); }
    double widest_segment() const {
        double widest = 0;
        for (const auto& segment : m_segments)
            widest = std::max(widest, segment.width);
        return widest;
    }

    // The best lines no wider than `room`; empty when there are none with at most `most` lines.
    std::vector<std::string> lines(double room, int most, double& widest, double& best_cost) const {
        std::vector<std::string> best;
        best_cost = std::numeric_limits<double>::infinity();
        int fewest = 0;
        for (int count = 1; count <= std::min(most, static_cast<int>(size())); ++count) {
            double cost = 0;
            const auto ends = break_into(count, room, cost);
            if (ends.empty())
                continue;
            if (fewest == 0)
                fewest = count;
            if (count > fewest + 1)
                break;
            cost += 0.10 * (count - fewest);
            if (cost < best_cost) {
                best_cost = cost;
                best = cut(ends, widest);
            }
        }
        return best;
    }

private:
    double width(std::size_t first, std::size_t last) const { // both included
        double sum = 0;
        for (std::size_t i = first; i <= last; ++i) {
            sum += m_segments[i].width;
            if (i > first && m_offsets[i].first > m_offsets[i - 1].second)
                sum += m_blank;
        }
        return sum;
    }

    // Ends (exclusive) of `count` lines with the least cost: how far each is from the mean, and what it ends with.
    std::vector<std::size_t> break_into(int count, double room, double& cost) const {
        const std::size_t n = size();
        const double mean = std::max(0.01, width(0, n - 1) / count);
        const double infinity = std::numeric_limits<double>::infinity();
        const auto lines = static_cast<std::size_t>(count);
        std::vector<std::vector<double>> table(lines + 1, std::vector<double>(n + 1, infinity));
        std::vector<std::vector<std::size_t>> from(lines + 1, std::vector<std::size_t>(n + 1, 0));
        table[0][0] = 0;
        for (std::size_t line = 1; line <= lines; ++line)
            for (std::size_t end = line; end <= n; ++end)
                for (std::size_t begin = end, sentences = 0; begin-- > line - 1;) {
                    // A sentence that begins in the middle of a line should end in it too.
                    if (begin + 1 < end && m_segments[begin].ends_sentence)
                        ++sentences;
                    const double cut = sentences > 0 && !m_segments[end - 1].ends_sentence ? 0.15 : 0;
                    const double wide = width(begin, end - 1);
                    if (wide > room + 1e-6)
                        break;
                    if (begin + 1 < end && m_segments[begin].must_end && begin + 1 != end)
                        break;
                    if (table[line - 1][begin] == infinity)
                        continue;
                    const double off = (wide - mean) / std::max(mean, room * 0.5);
                    const double ending = end == n ? 0 : (m_segments[end - 1].must_end ? -1 : m_segments[end - 1].cost_to_end);
                    const double beginning = begin == 0 ? 0 : cost_of_beginning(m_segments[begin].text);
                    const double total = table[line - 1][begin] + off * off + ending + beginning + cut;
                    if (total < table[line][end]) {
                        table[line][end] = total;
                        from[line][end] = begin;
                    }
                }
        if (table[lines][n] == infinity)
            return {};
        cost = table[lines][n];
        std::vector<std::size_t> ends(lines);
        std::size_t end = n;
        for (std::size_t line = lines; line > 0; --line) {
            ends[line - 1] = end;
            end = from[line][end];
        }
        return ends;
    }

    std::vector<std::string> cut(const std::vector<std::size_t>& ends, double& widest) const {
        std::vector<std::string> lines;
        std::size_t begin = 0;
        widest = 0;
        for (const std::size_t end : ends) {
            lines.push_back(m_text.substr(m_offsets[begin].first, m_offsets[end - 1].second - m_offsets[begin].first));
            widest = std::max(widest, width(begin, end - 1));
            begin = end;
        }
        return lines;
    }

    std::vector<Segment> m_segments;
    std::vector<std::pair<std::size_t, std::size_t>> m_offsets;
    double m_blank = 0;
    std::string m_text;
};

// By the first letter, as Unicode's rule P2 asks.
bool starts_right_to_left(const std::string& text) {
    for (const char* at = text.c_str(); *at != 0; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (!g_unichar_isalpha(letter))
            continue;
        const GUnicodeScript script = g_unichar_get_script(letter);
        return script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW || script == G_UNICODE_SCRIPT_SYRIAC ||
               script == G_UNICODE_SCRIPT_THAANA || script == G_UNICODE_SCRIPT_NKO;
    }
    return false;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

} // namespace

LayoutPointer make_line(cairo_t* cairo, std::string_view line, const TextStyle& style, bool right_to_left) {
    const std::unique_ptr<PangoContext, GObjectDeleter> context{
        cairo ? pango_cairo_create_context(cairo) : pango_font_map_create_context(pango_cairo_font_map_get_default())};
    // No hinting: a text measured at one size is then as wide, in proportion, at another, and does not jitter when it moves.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    pango_context_set_language(context.get(), pango_language_from_string(style.language.c_str()));
    pango_context_set_base_dir(context.get(), right_to_left ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);

    LayoutPointer layout{pango_layout_new(context.get())};
    PangoFontDescription* font = pango_font_description_new();
    // Named by script too: otherwise fontconfig may prefer another family for what Noto Sans itself lacks.
    pango_font_description_set_family(font, "Noto Sans,Noto Sans Arabic,Noto Sans Hebrew,Noto Sans Tamil,Noto Sans Georgian,"
                                            "Noto Sans Armenian,Noto Sans Devanagari,Noto Sans Bengali,Noto Sans Thai,Noto Sans Ethiopic");
    pango_font_description_set_weight(font, style.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout.get(), FALSE);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_language_new(pango_language_from_string(style.language.c_str())));
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout.get(), line.data(), static_cast<int>(line.size()));
    return layout;
}

double line_width(std::string_view line, const TextStyle& style) {
    const auto layout = make_line(nullptr, line, style, false);
    PangoRectangle logical;
    pango_layout_get_extents(layout.get(), nullptr, &logical);
    return static_cast<double>(logical.width) / PANGO_SCALE;
}

TextBlock lay_out(std::string_view raw, double width, double height, const TextStyle& style) {
    TextBlock block;
    block.style = style;
    if (block.style.least_size <= 0)
        block.style.least_size = style.size / 2;
    gchar* valid = g_utf8_make_valid(raw.data(), static_cast<gssize>(raw.size()));
    const std::string text = with_no_break_spaces(valid, style.language);
    g_free(valid);
    if (text.empty())
        return block;
    block.right_to_left = starts_right_to_left(text);

    const Breaker breaker(text, style);
    if (breaker.size() == 0)
        return block;
    // A little smaller is worth it when the lines then break better.
    double best_cost = std::numeric_limits<double>::infinity();
    for (double size = style.size;; size = std::max(block.style.least_size, size * 0.97)) {
        const int room_for = static_cast<int>(std::floor(height / (size * style.line_spacing) + 1e-6));
        double widest = 0, cost = 0;
        auto lines = breaker.lines(width / size, std::min(style.most_lines, room_for), widest, cost);
        const bool last = size <= block.style.least_size;
        if (lines.empty() && last && block.lines.empty()) {
            // It does not fit: whole words all the same, as many lines as it takes.
            block.fits = false;
            lines = breaker.lines(std::max(width / size, breaker.widest_segment()), static_cast<int>(breaker.size()), widest, cost);
        }
        cost += 1.1 * (1 - size / style.size);
        if (!lines.empty() && cost < best_cost) {
            best_cost = cost;
            block.lines = std::move(lines);
            block.style.size = size;
            block.width = widest * size;
            block.height = static_cast<double>(block.lines.size()) * size * style.line_spacing;
        }
        if (last || (!block.lines.empty() && size < block.style.size * 0.86))
            return block;
    }
}

std::string with_no_break_spaces(std::string_view text, std::string_view language) {
    std::string out(text);
    if (!language.starts_with("fr"))
        return out;
    for (const std::string_view mark : {"?", "!", ";"})
        replace_all(out, " " + std::string(mark), "\u202f" + std::string(mark));
    for (const std::string_view mark : {":", "»"})
        replace_all(out, " " + std::string(mark), "\u00a0" + std::string(mark));
    replace_all(out, "« ", "«\u00a0");
    // A number stays with what it counts: "14 h", "7 mots".
    for (std::size_t at = out.find(' '); at != std::string::npos; at = out.find(' ', at + 1)) {
        const auto before = out.find_last_not_of("0123456789", at == 0 ? 0 : at - 1);
        const std::size_t first = before == std::string::npos ? 0 : before + 1;
        const bool alone = first == 0 || out[before] == ' ' || out[before] == '\n';
        if (at > 0 && first < at && alone)
            out.replace(at, 1, "\u00a0");
    }
    return out;
}

} // namespace capsule
