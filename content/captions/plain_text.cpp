#include "content/captions/encoding.hpp"

#include <array>
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

// Letters 0x80 to 0x9f; five are not used. https://encoding.spec.whatwg.org/index-windows-1252.txt
constexpr std::array<std::uint16_t, 32> windows_letters{
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
    0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) {
        const auto letter = static_cast<std::uint8_t>(byte);
        append(out, letter == 0 ? replacement : letter >= 0x80 && letter < 0xa0 ? windows_letters[letter - 0x80U] : letter);
    }
    return out;
}

struct Repaired {
    std::string text;
    bool whole = true;       // nothing was malformed
    bool any_beyond = false; // a well-formed letter beyond ASCII
};

// Each byte that does not begin or continue a well-formed letter becomes U+FFFD.
Repaired repair(std::string_view bytes) {
    Repaired repaired;
    std::string& out = repaired.text;
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
            repaired.any_beyond = repaired.any_beyond || length > 1;
        } else {
            append(out, replacement);
            repaired.whole = repaired.whole && first == 0;
            ++at;
        }
    }
    return repaired;
}

std::string without_mark(std::string_view bytes, std::string_view mark) {
    return std::string(bytes.starts_with(mark) ? bytes.substr(mark.size()) : bytes);
}

} // namespace

TextEncoding encoding_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe"))
        return TextEncoding::utf16_le;
    if (bytes.starts_with("\xfe\xff"))
        return TextEncoding::utf16_be;
    if (bytes.starts_with("\xef\xbb\xbf"))
        return TextEncoding::utf8;
    if (bytes.size() >= 4 && bytes.size() % 2 == 0 && (bytes[0] == 0) != (bytes[1] == 0) && (bytes[2] == 0) == (bytes[0] == 0) &&
        (bytes[3] == 0) == (bytes[1] == 0))
        return bytes[0] == 0 ? TextEncoding::utf16_be : TextEncoding::utf16_le;
    const Repaired repaired = repair(bytes);
    return repaired.whole || repaired.any_beyond ? TextEncoding::utf8 : TextEncoding::windows_1252;
}

std::string to_plain_utf8(std::string_view bytes) {
    std::string text;
    switch (encoding_of(bytes)) {
    case TextEncoding::utf16_le:
        text = repair(from_utf16(without_mark(bytes, "\xff\xfe"), false)).text;
        break;
    case TextEncoding::utf16_be:
        text = repair(from_utf16(without_mark(bytes, "\xfe\xff"), true)).text;
        break;
    case TextEncoding::utf8:
        text = repair(without_mark(bytes, "\xef\xbb\xbf")).text;
        break;
    case TextEncoding::windows_1252:
        text = from_windows_1252(bytes);
        break;
    }
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
