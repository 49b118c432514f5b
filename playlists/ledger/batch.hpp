// Rows on their way: one canonical row per line, and the chain that holds them together. Reentrant.
#pragma once

#include "playlists/ledger/row.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// A row as it came: its meaning, its bytes and their digest.
struct ReceivedRow {
    Row row;
    std::string bytes;
    Digest digest;
};

// Cuts newline-delimited rows (the last line feed may be missing) without looking into them. The views point into `ndjson`.
// Refused beyond the limits of limits.hpp; invalid for an empty batch or an empty line.
Result<std::vector<std::string_view>> split_batch(std::string_view ndjson);

// parse_row and row_digest together.
Result<ReceivedRow> receive_row(std::string_view bytes);

struct ChainFault {
    std::size_t index = 0; // of the row that does not fit
    std::int64_t seq = 0;  // the number it bears
    std::string reason;    // one line
};

// Whether `rows` continue a journal whose last row was `previous_seq` with `previous_digest` (0 and all zero: none yet): same device
// and journal throughout, sequence rising by one, each `prev` the digest of the row before. Empty when they do.
std::optional<ChainFault> check_chain(const Digest& previous_digest, std::int64_t previous_seq, std::span<const ReceivedRow> rows);

} // namespace capsule
