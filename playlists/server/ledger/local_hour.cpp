#include "playlists/server/ledger/local_hour.hpp"

#include "playlists/schedule/zone.hpp"

#include <charconv>

namespace capsule::server {

namespace {

std::chrono::year_month_day date_of(std::int64_t day) {
    return std::chrono::year(static_cast<int>(day / 10000)) / static_cast<unsigned>(day / 100 % 100) / static_cast<unsigned>(day % 100);
}

} // namespace

LocalHour local_hour(const std::string& zone, Instant instant) {
    const LocalTime local = Zone(zone).local(instant);
    const LocalDay day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day ymd{day};
    return {static_cast<int>(ymd.year()) * std::int64_t{10000} + static_cast<unsigned>(ymd.month()) * 100 + static_cast<unsigned>(ymd.day()),
            std::chrono::floor<std::chrono::hours>(local - day).count()};
}

std::pair<Instant, Instant> day_span(const std::string& zone, std::int64_t day) {
    const Zone place(zone);
    const LocalDay start{date_of(day)};
    return {place.instant(start), place.instant(start + std::chrono::days(1))};
}

std::optional<std::int64_t> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    std::int64_t day = 0;
    for (const std::string_view part : {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)}) {
        unsigned number = 0;
        const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (code != std::errc{} || end != part.data() + part.size())
            return std::nullopt;
        day = day * 100 + number;
    }
    return date_of(day).ok() ? std::optional(day) : std::nullopt;
}

std::string day_text(std::int64_t day) {
    const std::string digits = std::to_string(day + 1'0000'00'00).substr(1);
    return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

} // namespace capsule::server
