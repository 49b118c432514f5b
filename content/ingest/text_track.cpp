#include "content/ingest/text_track.hpp"

#include "content/captions/embedded.hpp"
#include "content/captions/language.hpp"

#include <algorithm>
#include <limits>

namespace capsule::ingest {

std::vector<TextTrack> text_tracks(const Path& master, const MediaHints& hints, std::vector<std::string>& warnings) {
    std::vector<TextTrack> tracks;
    const auto listed = list_embedded_captions(master);
    if (!listed)
        return tracks; // the probe has opened it: only its header has changed since, and the conversion says so
    warnings.insert(warnings.end(), listed->refused.begin(), listed->refused.end());
    for (const EmbeddedTrack& track : listed->text) {
        const std::string language = track.language.empty() ? hints.language : track.language;
        const auto is_it = [&](const auto& other) { return same_language(language, other.language.empty() ? hints.language : other.language); };
        if (track.forced || std::any_of(hints.captions.begin(), hints.captions.end(), is_it) || std::any_of(tracks.begin(), tracks.end(), is_it))
            continue;
        const auto cues = read_embedded_captions(master, track.stream, std::numeric_limits<std::uint64_t>::max());
        if (!cues)
            warnings.push_back("its captions in " + language + " (" + track.codec + ") are left out: " + cues.error().message);
        else if (!cues->empty())
            tracks.push_back({language, to_webvtt(*cues), !hints.text_in_picture});
    }
    return tracks;
}

} // namespace capsule::ingest
