// JSON from strangers: bounded in size and depth, duplicate keys refused, optionally no floating-point numbers. Reentrant.
// (nlohmann-json alone takes the last of duplicate keys in silence.) Include <nlohmann/json.hpp> in the .cpp that calls this.
#pragma once

#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace capsule::json {

struct Limits {
    std::size_t bytes = 16u << 20;
    std::size_t depth = 32;
    bool floats = true; // signed documents and ledger rows have none
};

// Invalid (with the position) when it is not well-formed UTF-8 JSON within the limits.
Result<nlohmann::json> parse_strict(std::string_view text, const Limits& limits = {});

// Canonical form, as The Update Framework uses it (OLPC canonical JSON): keys sorted by bytes, no white space, in strings only
// `"` and `\` escaped, integers only. A bug if the value has a floating-point number.
Result<std::string> canonical(const nlohmann::json& value);

} // namespace capsule::json
