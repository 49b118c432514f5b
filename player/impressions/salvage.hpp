// Rows out of a segment file that SQLite cannot be trusted to read any more. Reentrant.
//
// A row is canonical JSON that names its journal and number and bears the digest of the row before: it can be told from rubbish by
// itself, wherever it lies. So the bytes of the file and of its log are searched, not the tree that led to them: a destroyed root or
// first page costs no row but those in it. (Reading by row id, halving the range on errors, loses the file with the root.)
#pragma once

#include "player/impressions/segment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// Ascending, without those that the rows beside them contradict (left over from a write that was taken back, or altered but readable).
std::vector<StoredRow> salvage_rows(std::string_view database, std::string_view log, const std::string& device, const std::string& journal);

} // namespace capsule
