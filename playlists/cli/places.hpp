// `capsule places`: directory files of the national scheme, before they are pushed. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/terminal.hpp"
#include "playlists/places/places_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::cli {

struct PlacesOptions {
    std::vector<std::string> files; // CSV or JSON of the scheme
    std::string out;                // where the document goes; empty: nowhere
    double latitude = 0, longitude = 0;
    int count = 5;
    std::string at;  // "2026-11-24T10:00", local (Europe/Paris); empty: now
    bool all = false; // also places that are far or were not confirmed for twelve months
    bool json = false;
};

// What was taken, refused and remarked, row by row; rows that are refused make no failure.
Result<void> run_places_import(const PlacesOptions& options, Terminal& terminal);
// The nearest places as a screen there would name them.
Result<void> run_places_nearest(const PlacesOptions& options, Terminal& terminal);

// Whether a file to be pushed is a directory of places: JSON, or CSV that speaks of no screen and is not called "sites…".
bool is_places_file(const std::string& name, std::string_view text);

// The files one by one and together; each row that is refused is a line on standard error.
struct ReadPlaces {
    std::vector<PlacesFile> files;
    PlacesFile merged;
};
Result<ReadPlaces> read_places_files(const std::vector<std::string>& names, Terminal& terminal);

} // namespace capsule::cli
