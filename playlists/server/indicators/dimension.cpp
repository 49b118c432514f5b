#include "playlists/server/indicators/dimension.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace capsule::server {

namespace {

constexpr std::array<std::pair<ReportBy, const char*>, 8> words{{{ReportBy::capsule, "capsule"},
                                                                 {ReportBy::theme, "theme"},
                                                                 {ReportBy::site, "site"},
                                                                 {ReportBy::commune, "commune"},
                                                                 {ReportBy::ept, "ept"},
                                                                 {ReportBy::day, "day"},
                                                                 {ReportBy::month, "month"},
                                                                 {ReportBy::hour, "hour"}}};

} // namespace

std::optional<ReportBy> parse_report_by(std::string_view word) {
    for (const auto& [by, name] : words)
        if (word == name)
            return by;
    return std::nullopt;
}

const char* to_string(ReportBy by) {
    return words[static_cast<std::size_t>(by)].second;
}

bool Dimensions::has(ReportBy by) const {
    return std::find(m_all.begin(), m_all.end(), by) != m_all.end();
}

std::optional<Dimensions> parse_dimensions(std::string_view text) {
    Dimensions out;
    for (;;) {
        const std::size_t comma = text.find(',');
        const auto by = parse_report_by(text.substr(0, comma));
        if (!by || out.has(*by))
            return std::nullopt;
        out.m_all.push_back(*by);
        if (comma == std::string_view::npos)
            return out;
        text.remove_prefix(comma + 1);
    }
}

} // namespace capsule::server
