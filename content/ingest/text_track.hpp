// Captions that come inside a master, to files of their own. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/capsule/metadata.hpp"

#include <string>
#include <vector>

namespace capsule::ingest {

struct TextTrack {
    std::string language;
    std::string webvtt;
    bool drawn = true;
};

// The master's text tracks, one per language: the first in file order that is not forced; a track that says no language is in the
// capsule's. Languages that `hints` give a file for are left out. What cannot be taken (tracks of pictures) is one line in `warnings`.
std::vector<TextTrack> text_tracks(const Path& master, const MediaHints& hints, std::vector<std::string>& warnings);

} // namespace capsule::ingest
