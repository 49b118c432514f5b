#include "content/ingest/caption_file.hpp"

#include "content/base/encoding.hpp"

#include <optional>

namespace capsule::ingest {

namespace {

constexpr std::uint64_t most_bytes = 1u << 20;

void append_utf8(std::string& to, std::uint32_t c) {
    if (c < 0x80) {
        to += static_cast<char>(c);
        return;
    }
    if (c < 0x800) {
        to += static_cast<char>(0xC0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            to += static_cast<char>(0xE0 | (c >> 12));
        } else {
            to += static_cast<char>(0xF0 | (c >> 18));
            to += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        }
        to += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    }
    to += static_cast<char>(0x80 | (c & 0x3F));
}

std::optional<std::string> from_utf16(std::string_view bytes, bool big_endian) {
    if (bytes.size() % 2 != 0)
        return std::nullopt;
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<std::uint8_t>(bytes[at]), second = static_cast<std::uint8_t>(bytes[at + 1]);
        return static_cast<std::uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        std::uint32_t c = unit(at);
        if (c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size()) {
            const std::uint32_t low = unit(at + 2);
            if (low < 0xDC00 || low > 0xDFFF)
                return std::nullopt;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        } else if (c >= 0xD800 && c < 0xE000) {
            return std::nullopt;
        }
        append_utf8(text, c);
    }
    return text;
}

} // namespace

Result<CaptionFile> caption_file_from(std::string bytes, const std::string& name) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        auto text = from_utf16(std::string_view(bytes).substr(2), bytes[0] == '\xFE');
        if (!text)
            return Error{Category::invalid, name + ": begins as UTF-16 but is not; save it as UTF-8"};
        bytes = std::move(*text);
    } else if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.erase(0, 3);
    }
    if (!is_utf8(bytes) || bytes.find('\0') != std::string::npos)
        return Error{Category::invalid, name + ": is not UTF-8 text; save it as UTF-8"};
    const bool is_vtt = bytes.starts_with("WEBVTT") && (bytes.size() == 6 || bytes.find_first_of(" \t\r\n", 6) == 6);
    const bool has_cue = bytes.find("-->") != std::string::npos;
    if (!has_cue)
        return Error{Category::invalid, name + ": has no line with \"-->\", so it is neither WebVTT nor SRT"};
    return CaptionFile{std::move(bytes), is_vtt ? "text/vtt" : "application/x-subrip"};
}

Result<CaptionFile> read_caption_file(const Path& path) {
    SystemDisk disk;
    std::error_code code;
    if (std::filesystem::exists(path, code) && !std::filesystem::is_regular_file(path, code))
        return Error{Category::refused, path.string() + " is not a regular file"};
    CAPSULE_TRY(bytes, disk.read(path, most_bytes));
    return caption_file_from(std::move(bytes), path.string());
}

} // namespace capsule::ingest
