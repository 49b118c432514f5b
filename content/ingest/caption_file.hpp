// A caption file as somebody made it, to bytes fit to be stored: UTF-8, and by its look WebVTT or SRT. Reentrant. Reading the cues
// is content/captions' work.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <string>
#include <string_view>

namespace capsule::ingest {

struct CaptionFile {
    std::string bytes; // UTF-8 without a byte order mark; otherwise as in the file
    std::string type;  // "text/vtt" or "application/x-subrip"
    std::string note;  // one line for people: the encoding was guessed; empty: it was not
};

// UTF-8, UTF-16, and Windows-1252 where it can be nothing else (content/captions/encoding.hpp).
// Errors name the file: missing, invalid (damaged text; neither WebVTT nor SRT), refused (above 1 MiB).
Result<CaptionFile> read_caption_file(const Path& path);
Result<CaptionFile> caption_file_from(std::string bytes, const std::string& name);

} // namespace capsule::ingest
