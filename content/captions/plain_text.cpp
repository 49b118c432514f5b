#include "content/captions/cue.hpp"

#include <cstdint>

namespace capsule {

namespace {

constexpr std::uint32_t replacement = 0xfffd;

void append(std::string& out, std::uint32_t letter) {
    if (letter < 0x80) {
        out += static_cast<char>(letter);
    } else if (letter < 0x800) {
        out += static_cast<char>(0xc0 | letter >> 6);
        out += static_cast<char>(0x80 | (letter & 63));
    } else if (letter < 0x10000) {
        out += static_cast<char>(0xe0 | letter >> 12);
        out += static_cast<char>(0x80 | (letter >> 6 & 63));
        out += static_cast<char>(0x80 | (letter & 63));
    } else {
        out += static_cast<char>(0xf0 | letter >> 18);
        out += static_cast<char>(0x80 | (letter >> 12 & 63));
        out += static_cast<char>(0x80 | (letter >> 6 & 63));
        out += static_cast<char>(0x80 | (letter & 63));
    }
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
    std::string out;
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<std::uint8_t>(bytes[at]), second = static_cast<std::uint8_t>(bytes[at + 1]);
        return static_cast<std::uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        std::uint32_t letter = unit(at);
        if (letter >= 0xd800 && letter < 0xdc00 && at + 3 < bytes.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000) {
            letter = 0x10000 + ((letter - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
            at += 2;
        } else if (letter >= 0xd800 && letter < 0xe000) {
            letter = replacement;
        }
        append(out, letter);
    }
    return out;
}

// Each byte that does not begin or continue a well-formed letter becomes U+FFFD.
std::string repaired(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto first = static_cast<std::uint8_t>(bytes[at]);
        const std::size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
        bool good = length != 0 && at + length <= bytes.size();
        for (std::size_t i = 1; good && i < length; ++i)
            good = (static_cast<std::uint8_t>(bytes[at + i]) & 0xc0) == 0x80;
        if (good && length >= 3) {
            const auto second = static_cast<std::uint8_t>(bytes[at + 1]);
            good = !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0) && !(first == 0xf0 && second < 0x90) &&
                   !(first == 0xf4 && second >= 0x90);
        }
        if (good && first != 0) {
            out.append(bytes.substr(at, length));
            at += length;
        } else {
            append(out, replacement);
            ++at;
        }
    }
    return out;
}

} // namespace

std::string to_plain_utf8(std::string_view bytes) {
    std::string text;
    if (bytes.starts_with("\xff\xfe"))
        text = repaired(from_utf16(bytes.substr(2), false));
    else if (bytes.starts_with("\xfe\xff"))
        text = repaired(from_utf16(bytes.substr(2), true));
    else
        text = repaired(bytes.starts_with("\xef\xbb\xbf") ? bytes.substr(3) : bytes);
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r') {
            out += text[at];
            continue;
        }
        out += '\n';
        if (at + 1 < text.size() && text[at + 1] == '\n')
            ++at;
    }
    return out;
}

} // namespace capsule
