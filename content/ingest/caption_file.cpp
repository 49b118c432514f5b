#include "content/ingest/caption_file.hpp"

#include "content/base/encoding.hpp"
#include "content/captions/encoding.hpp"

namespace capsule::ingest {

namespace {

constexpr std::uint64_t most_bytes = 1u << 20;

} // namespace

Result<CaptionFile> caption_file_from(std::string bytes, const std::string& name) {
    const TextEncoding encoding = encoding_of(bytes);
    std::string note;
    if (encoding == TextEncoding::utf16_le || encoding == TextEncoding::utf16_be) {
        if (bytes.size() % 2 != 0)
            return Error{Category::invalid, name + ": begins as UTF-16 but is not; save it as UTF-8"};
        bytes = to_plain_utf8(bytes);
        if (bytes.find("\ufffd") != std::string::npos)
            return Error{Category::invalid, name + ": begins as UTF-16 but is not; save it as UTF-8"};
    } else if (encoding == TextEncoding::windows_1252) {
        bytes = to_plain_utf8(bytes);
        note = name + ": is not UTF-8; it was read as Windows-1252: look at its accents";
    } else if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.erase(0, 3);
    }
    if (!is_utf8(bytes) || bytes.find('\0') != std::string::npos || (!note.empty() && bytes.find("\ufffd") != std::string::npos))
        return Error{Category::invalid, name + ": is not UTF-8 text; save it as UTF-8"};
    const bool is_vtt = bytes.starts_with("WEBVTT") && (bytes.size() == 6 || bytes.find_first_of(" \t\r\n", 6) == 6);
    const bool has_cue = bytes.find("-->") != std::string::npos;
    if (!has_cue)
        return Error{Category::invalid, name + ": has no line with \"-->\", so it is neither WebVTT nor SRT"};
    return CaptionFile{std::move(bytes), is_vtt ? "text/vtt" : "application/x-subrip", std::move(note)};
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
