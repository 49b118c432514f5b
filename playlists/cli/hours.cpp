#include "playlists/cli/hours.hpp"

#include "playlists/schedule/hours.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

std::string clock_text(int minutes) {
    const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

// "2026-11-22T09:00".
std::string local_text(LocalTime time) {
    const LocalDay day = std::chrono::floor<std::chrono::days>(time);
    return to_text(day) + "T" + clock_text(static_cast<int>(std::chrono::floor<std::chrono::minutes>(time - day).count()));
}

} // namespace

Result<void> run_hours(const HoursOptions& options, Terminal& terminal) {
    CAPSULE_TRY(hours, parse_hours(options.expression));
    const std::string from = options.from.empty() ? to_text(Zone("Europe/Paris").day(terminal.clock.wall())) : options.from;
    const auto first = parse_day(from);
    if (!first)
        return Error{Category::invalid, "--from needs a date such as 2026-11-22, not \"" + from + "\""};
    if (options.json) {
        auto spans = nlohmann::json::array();
        for (const LocalSpan& span : open_spans(hours, *first, options.days))
            spans.push_back({local_text(span.from), local_text(span.until)});
        terminal.out << spans.dump() << "\n";
        return {};
    }
    for (int i = 0; i < options.days; ++i) {
        const LocalDay day = *first + std::chrono::days(i);
        std::string line;
        for (const auto& range : day_ranges(hours, day))
            line += (line.empty() ? "" : ", ") + clock_text(range.from) + "-" + clock_text(range.until);
        terminal.out << to_text(day) << "  " << (line.empty() ? "fermé" : line) << "\n";
    }
    return {};
}

} // namespace capsule::cli
