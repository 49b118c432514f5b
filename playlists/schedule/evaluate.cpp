#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/hours.hpp"
#include "playlists/schedule/timetable.hpp"

namespace capsule {

Result<void> check_when(std::string_view when) {
    if (when == "always" || when == "open")
        return {};
    if (const auto hours = parse_hours(when, SchoolHolidays::known); !hours.ok())
        return hours.error();
    return {};
}

Evaluation evaluate(const Programme& programme, const Fleet& fleet, const NowDocument& now, const ScreenId& screen, Instant instant,
                    ClockKnown clock_known) {
    return Timetable{programme, fleet, now, screen}.at(instant, clock_known);
}

} // namespace capsule
