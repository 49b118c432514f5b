#include "content/captions/cue.hpp"

#include "content/captions/encoding.hpp"
#include "content/captions/markup.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace capsule {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

enum class Dialect { webvtt, subrip };

// Reads along a line.
class Cursor {
public:
    explicit Cursor(std::string_view text) : m_rest(text) {}
    void skip_blanks() {
        while (m_rest.starts_with(' ') || m_rest.starts_with('\t') || m_rest.starts_with('\f'))
            m_rest.remove_prefix(1);
    }
    bool skip(std::string_view text) {
        if (!m_rest.starts_with(text))
            return false;
        m_rest.remove_prefix(text.size());
        return true;
    }
    std::string_view digits() {
        std::size_t count = 0;
        while (count < m_rest.size() && std::isdigit(static_cast<unsigned char>(m_rest[count])) != 0)
            ++count;
        const auto found = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return found;
    }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    for (const char digit : digits.substr(0, 9))
        value = value * 10 + (digit - '0');
    return value;
}

// WebVTT: [hh…:]mm:ss.ttt exactly. SubRip is written by hand and by many programs: comma or point, fewer digits.
std::optional<Milliseconds> read_time(Cursor& cursor, Dialect dialect) {
    const bool strict = dialect == Dialect::webvtt;
    const auto first = cursor.digits();
    if (first.empty() || first.size() > 9 || !cursor.skip(":"))
        return std::nullopt;
    const auto second = cursor.digits();
    if (second.size() != 2 && (strict || second.size() != 1))
        return std::nullopt;
    std::int64_t hours = 0, minutes = number(first), seconds = number(second);
    if (cursor.skip(":")) {
        const auto third = cursor.digits();
        if (third.size() != 2 && (strict || third.size() != 1))
            return std::nullopt;
        hours = minutes;
        minutes = seconds;
        seconds = number(third);
    } else if (strict && (first.size() != 2 || minutes > 59)) {
        return std::nullopt;
    }
    std::int64_t thousandths = 0;
    if (cursor.skip(".") || (!strict && cursor.skip(","))) {
        const auto fraction = cursor.digits();
        if (fraction.size() != 3 && (strict || fraction.empty() || fraction.size() > 3))
            return std::nullopt;
        thousandths = number(fraction);
        for (std::size_t i = fraction.size(); i < 3; ++i)
            thousandths *= 10;
    } else if (strict) {
        return std::nullopt;
    }
    if (minutes > 59 || seconds > 59)
        return std::nullopt;
    return Milliseconds{((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths};
}

std::optional<Cue> read_timings(std::string_view line, Dialect dialect) {
    Cursor cursor(line);
    cursor.skip_blanks();
    const auto start = read_time(cursor, dialect);
    cursor.skip_blanks();
    if (!start || !cursor.skip("-->"))
        return std::nullopt;
    cursor.skip_blanks();
    const auto end = read_time(cursor, dialect);
    if (!end)
        return std::nullopt;
    cursor.skip_blanks();
    Cue cue;
    cue.start = *start;
    cue.end = *end;
    cue.settings = cursor.rest();
    return cue;
}

void keep(std::vector<Cue>& cues, std::optional<Cue> cue, const std::string& text) {
    if (!cue || cue->end <= cue->start)
        return;
    const auto plain = read_markup(text);
    cue->voice = plain.voice;
    cue->italic = plain.italic;
    for (const auto line : lines_of(plain.text)) {
        const auto first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t");
        if (first != std::string_view::npos)
            cue->lines.emplace_back(line.substr(first, last - first + 1));
    }
    if (!cue->lines.empty())
        cues.push_back(std::move(*cue));
}

// "WebVTT parser algorithm" and "collect a WebVTT block": https://www.w3.org/TR/webvtt1/#file-parsing. SubRip has the same blocks, a number
// where WebVTT has an identifier, and no header.
std::vector<Cue> read_blocks(const std::vector<std::string_view>& lines, std::size_t at, Dialect dialect) {
    std::vector<Cue> cues;
    while (at < lines.size()) {
        if (lines[at].find_first_not_of(" \t") == std::string_view::npos) {
            ++at;
            continue;
        }
        std::optional<Cue> cue;
        std::string text;
        bool arrow = false;
        for (int count = 1; at < lines.size() && !lines[at].empty(); ++count, ++at) {
            if (lines[at].find("-->") != std::string_view::npos) {
                if (arrow || count > 2)
                    break; // the next cue, without a blank line between
                arrow = true;
                cue = read_timings(lines[at], dialect);
                text.clear();
                continue;
            }
            text += lines[at];
            text += '\n';
        }
        keep(cues, std::move(cue), text);
    }
    return cues;
}

} // namespace

Result<std::vector<Cue>> read_cues(std::string_view bytes) {
    const std::string text = to_plain_utf8(bytes);
    const auto lines = lines_of(text);
    std::vector<Cue> cues;
    const bool webvtt = !lines.empty() && lines[0].starts_with("WEBVTT") && (lines[0].size() == 6 || lines[0][6] == ' ' || lines[0][6] == '\t');
    if (webvtt) {
        std::size_t at = 1;
        while (at < lines.size() && !lines[at].empty() && lines[at].find("-->") == std::string_view::npos)
            ++at;
        cues = read_blocks(lines, at, Dialect::webvtt);
    } else {
        cues = read_blocks(lines, 0, Dialect::subrip);
        if (cues.empty())
            return Error{Category::invalid, "these captions are neither WebVTT (no \"WEBVTT\" at the start) nor SubRip (no readable times)"};
    }
    std::stable_sort(cues.begin(), cues.end(), [](const Cue& a, const Cue& b) { return a.start < b.start; });
    return cues;
}

} // namespace capsule
