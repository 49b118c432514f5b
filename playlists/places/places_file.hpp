// A directory of places as people have it: the national scheme's CSV or JSON, of today or of 2022, and the document that screens
// get. Reentrant. Which columns are read how: README.md.
#pragma once

#include "content/base/result.hpp"
#include "playlists/places/listed_place.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// What is said of one row.
struct RowRemark {
    std::size_t row = 0;  // where it stands: the line of a CSV file on which it begins, or the element of a JSON list; from 1
    std::string id;       // of the place; empty when it has none
    std::string column;   // empty: the row as a whole
    std::string what;     // one line for people
};

struct PlacesFile {
    std::size_t rows = 0;            // without the line of column names and empty lines; as many as taken and refused together
    std::vector<ListedPlace> places;       // taken, in the file's order
    std::vector<std::size_t> lines;  // where each of them stands, as in remarks; empty after a merge
    std::vector<RowRemark> refused;  // rows that were not taken, each once, and why
    std::vector<RowRemark> remarks;  // on rows that were taken: what of them is kept and cannot be used, or was read in another way
};

// Row by row: one that is damaged costs no other. Invalid: not one row can be read as a place's. Refused: a document of a later
// format.
Result<PlacesFile> read_places(std::string_view text, const std::string& name);

// One after the other as if they were one file: of two rows with one id the one confirmed later counts (date_maj; the first, when
// they are equal), and the other is refused. `refused` and `remarks` are the caller's, file by file: the result has those of the merge only.
PlacesFile merge_places(const std::vector<PlacesFile>& files);

// The document that a programme names as directory.places: {"format":1,"requires":[],"places":[{"id":…,"latitude_e6":…},…]}.
std::string serialise(const std::vector<ListedPlace>& places);

} // namespace capsule
