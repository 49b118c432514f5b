// The bounds of rows and batches that screen and server share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace capsule::ledger_limits {

constexpr std::size_t row_bytes = 8192;          // a real row has about 900
constexpr std::size_t batch_rows = 500;
constexpr std::size_t batch_bytes = 1u << 20;
// What a JavaScript number holds exactly; no counter or time gets near it.
constexpr std::int64_t largest_number = (std::int64_t{1} << 53) - 1;

} // namespace capsule::ledger_limits
