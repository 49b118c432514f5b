// The communes that the product knows by name: the 36 of Hauts-de-Seine. Constant data; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace capsule {

struct Commune {
    std::string_view insee;    // "92002"
    std::string_view name;     // "Antony"
    std::string_view ept;      // short name, as in a site's record: "VSGP"
    std::string_view ept_name; // "Vallée Sud Grand Paris"
    std::string_view postcode; // the first, where there are several
    int population = 0;
};

// nullptr for a commune outside Hauts-de-Seine.
const Commune* find_commune(std::string_view insee);
// In the order of the INSEE code.
std::span<const Commune> all_communes();

} // namespace capsule
