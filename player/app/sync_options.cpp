#include "player/app/sync_options.hpp"

#include <charconv>

namespace capsule {

std::optional<std::int64_t> parse_bandwidth(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || value <= 0 || value > 1'000'000)
        return std::nullopt;
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit.starts_with(' '))
        unit.remove_prefix(1);
    if (unit.ends_with("/s"))
        unit.remove_suffix(2);
    if (unit == "kbit")
        return value * 125;
    if (unit == "Mbit")
        return value * 125'000;
    if (unit == "kB")
        return value * 1000;
    if (unit == "MB")
        return value * 1'000'000;
    return std::nullopt;
}

bool is_web_address(std::string_view text) {
    const auto scheme = text.starts_with("https://") ? 8u : text.starts_with("http://") ? 7u : 0u;
    return scheme > 0 && text.size() > scheme && text[scheme] != '/' && text.find_first_of(" \t\n") == std::string_view::npos;
}

Result<void> set_hours(SyncOptions& options, const std::string& text) {
    auto hours = parse_hours(text);
    if (!hours)
        return Error{Category::invalid, "\"" + text + "\" are no hours (" + hours.error().message +
                                            "): give them as 20:00-06:00 or Mo-Fr 18:00-08:00; Sa-Su 00:00-24:00"};
    options.hours = std::move(*hours);
    options.hours_text = text;
    return {};
}

} // namespace capsule
