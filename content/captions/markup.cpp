#include "content/captions/markup.hpp"

#include <array>
#include <cctype>

namespace capsule {

namespace {

struct Entity {
    std::string_view name, letter;
};
constexpr std::array<Entity, 7> entities{{{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&nbsp;", "\u00a0"}, {"&lrm;", "\u200e"},
                                          {"&rlm;", "\u200f"}, {"&quot;", "\""}}};

// Whether what stands between < and > looks like a tag; "a < b > c" does not.
bool is_tag(std::string_view inside) {
    if (inside.starts_with('/'))
        inside.remove_prefix(1);
    return inside.empty() || std::isalnum(static_cast<unsigned char>(inside.front())) != 0;
}

} // namespace

PlainCueText read_markup(std::string_view text) {
    PlainCueText plain;
    int italics = 0;
    bool upright = false;
    while (!text.empty()) {
        if (text.front() == '<') {
            const auto end = text.find('>');
            const auto inside = text.substr(1, end == std::string_view::npos ? end : end - 1);
            if (end != std::string_view::npos && is_tag(inside)) {
                const auto name = inside.substr(0, inside.find_first_of(". \t\n"));
                if (name == "i" || name == "I")
                    ++italics;
                else if (name == "/i" || name == "/I")
                    --italics;
                else if (name == "v" && plain.voice.empty() && inside.find(' ') != std::string_view::npos)
                    plain.voice = read_markup(inside.substr(inside.find(' ') + 1)).text;
                text.remove_prefix(end + 1);
                continue;
            }
        }
        if (text.starts_with("{\\")) {
            const auto end = text.find('}');
            if (end != std::string_view::npos) {
                text.remove_prefix(end + 1);
                continue;
            }
        }
        std::string_view letter = text.substr(0, 1);
        std::size_t taken = 1;
        for (const auto& entity : entities)
            if (text.starts_with(entity.name)) {
                letter = entity.letter;
                taken = entity.name.size();
            }
        if (italics <= 0 && std::isspace(static_cast<unsigned char>(letter.front())) == 0)
            upright = true;
        plain.text += letter;
        text.remove_prefix(taken);
    }
    plain.italic = !upright && !plain.text.empty();
    return plain;
}

} // namespace capsule
