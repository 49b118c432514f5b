// Text tracks inside a video file: SubRip, ASS, WebVTT and plain text in Matroska, 3GPP timed text (mov_text) in MP4. Reentrant; a call
// opens the file anew. The file is not trusted (content/lib/ffmpeg: custom I/O, white lists).
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/captions/cue.hpp"

#include <string>
#include <vector>

namespace capsule {

struct EmbeddedTrack {
    int stream = 0;       // in the file
    std::string language; // BCP 47; empty: not said
    std::string codec;    // FFmpeg's name: "subrip", "mov_text"
    bool forced = false;  // only what is foreign in the film, or signs: no full captions
};

struct EmbeddedTracks {
    std::vector<EmbeddedTrack> text;
    std::vector<std::string> refused; // one line each: tracks of pictures (Blu-ray, DVD, DVB), and text that is not read here
};

// What the file's header announces. Errors: as ffmpeg::Input::open.
Result<EmbeddedTracks> list_embedded_captions(const Path& media);

// The cues of one of them, from the picture's first moment on; plain text as read_cues gives it. At most `most_bytes` of the file are
// gone through (an MP4's other streams are leapt over), and 4 MiB of text: what comes later is missing.
Result<std::vector<Cue>> read_embedded_captions(const Path& media, int stream, std::uint64_t most_bytes);

// The text of one packet. Empty: nothing is said.
std::string text_of_ass_line(std::string_view line);      // "0,0,Default,,0,0,0,,Bonjour{\i1}\Nà tous"
std::string text_of_timed_text(std::string_view packet);  // two bytes of length, text, style boxes

} // namespace capsule
