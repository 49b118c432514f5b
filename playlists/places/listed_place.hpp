// A place that helps people with digital matters, as the national scheme of places of médiation numérique describes it. Reentrant.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// Degrees of WGS84 in millionths (a tenth of a metre).
struct Position {
    std::int64_t latitude_e6 = 0, longitude_e6 = 0;
    bool operator==(const Position&) const = default;
};

struct ListedPlace {
    // What the file says, by the scheme's column names ("nom", "horaires", …) and under their own name what the scheme does not
    // know; only what has a value. Lists stand with | between. Nothing of a row is left out.
    std::map<std::string, std::string, std::less<>> columns;
    std::optional<Position> position;

    const std::string& text(std::string_view column) const; // empty when there is none
    std::vector<std::string> list(std::string_view column) const;
    bool has(std::string_view column, std::string_view value) const; // among the list
    bool operator==(const ListedPlace&) const = default;
};

// Along the WGS84 ellipsoid, to the millimetre (T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey
// Review 23, 1975); for points at opposite ends of the earth, where that has no answer, along a sphere.
double distance_metres(const Position& from, const Position& to);

} // namespace capsule
