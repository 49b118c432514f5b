// Days and hours as people at a site count them. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/identifier.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace capsule::server {

struct LocalHour {
    std::int64_t day = 0;  // 20261122
    std::int64_t hour = 0; // 0 … 23; the hour that a night in October has twice is one
    bool operator==(const LocalHour&) const = default;
};

// The zone of a site (IANA), empty when the site is not known: then Europe/Paris holds.
using SiteZones = std::function<std::string(const SiteId&)>;

// `zone` empty or unknown: Europe/Paris.
LocalHour local_hour(const std::string& zone, Instant instant);
// The half-open span of the local day; 23 or 25 hours long on two days of the year.
std::pair<Instant, Instant> day_span(const std::string& zone, std::int64_t day);

// "2026-11-22" ↔ 20261122. Empty when it is no date.
std::optional<std::int64_t> parse_day(std::string_view text);
std::string day_text(std::int64_t day);

} // namespace capsule::server
