// Captions that belong to a video file: files beside it, and text tracks within. Reentrant; looks into the folder and the file's header.
#pragma once

#include "content/base/disk.hpp"
#include "content/captions/cue.hpp"

#include <string>
#include <vector>

namespace capsule {

struct FoundCaptions {
    std::vector<Cue> cues;        // none were found: empty, and so is `origin`
    std::string language;         // BCP 47; empty: not said
    std::string origin;           // "film.fr.vtt", or "film.mkv, subrip"
    std::vector<std::string> notes; // one line each: what is there and cannot be used
};

// Beside film.mp4: film.vtt, film.srt, film.fr.vtt, film.mp4.fr.srt. Per language, in the order given, a file goes before a track and full
// captions before forced ones; then what does not say its language. "*" among the languages: any other, too, in the end.
FoundCaptions find_captions(const Path& media, const std::vector<std::string>& languages);

} // namespace capsule
