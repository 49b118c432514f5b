#include "playlists/schedule/zone.hpp"

#include <date/tz.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace capsule {

namespace {

const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) { // the library's only way to say that it does not know the name
        return nullptr;
    }
}

} // namespace

std::string to_text(LocalDay day) {
    const std::chrono::year_month_day date{day};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text.data();
}

std::optional<LocalDay> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    int numbers[3] = {0, 0, 0};
    const std::size_t starts[3] = {0, 5, 8}, lengths[3] = {4, 2, 2};
    for (int part = 0; part < 3; ++part)
        for (char c : text.substr(starts[part], lengths[part])) {
            if (c < '0' || c > '9')
                return std::nullopt;
            numbers[part] = numbers[part] * 10 + (c - '0');
        }
    const std::chrono::year_month_day date{std::chrono::year{numbers[0]}, std::chrono::month{static_cast<unsigned>(numbers[1])},
                                           std::chrono::day{static_cast<unsigned>(numbers[2])}};
    if (!date.ok())
        return std::nullopt;
    return LocalDay{date};
}

Zone::Zone(const std::string& name) : m_zone(find_zone(name)) {
    if (!m_zone)
        m_zone = find_zone("Europe/Paris");
}

bool Zone::exists(const std::string& name) { return find_zone(name) != nullptr; }

LocalTime Zone::local(Instant instant) const {
    if (!m_zone)
        return LocalTime{instant.time_since_epoch()};
    return LocalTime{instant.time_since_epoch() + m_zone->get_info(instant).offset};
}

Instant Zone::instant(LocalTime local) const {
    if (!m_zone)
        return Instant{local.time_since_epoch()};
    const auto info = m_zone->get_info(date::local_time<Milliseconds>{local.time_since_epoch()});
    if (info.result == date::local_info::nonexistent)
        return Instant{std::chrono::floor<Milliseconds>(info.first.end.time_since_epoch())};
    return Instant{local.time_since_epoch() - info.first.offset};
}

Zone::Steady Zone::steady(Instant instant) const {
    if (!m_zone)
        return {Instant{} - std::chrono::years{10'000}, Instant{} + std::chrono::years{10'000}, Milliseconds{0}};
    const auto info = m_zone->get_info(instant);
    return {Instant{info.begin.time_since_epoch()}, Instant{info.end.time_since_epoch()}, info.offset};
}

} // namespace capsule
