#include "playlists/places/nearby.hpp"

#include <algorithm>

namespace capsule {

OpenToday open_today(const std::string& text, const Zone& zone, Instant instant, const Calendar& calendar) {
    const auto hours = text.empty() ? Result<OpeningHours>(Error{Category::missing, {}})
                                    : parse_hours(text, calendar.school_holidays.empty() ? SchoolHolidays::unknown : SchoolHolidays::known);
    OpenToday answer;
    if (!hours)
        return answer;
    constexpr int midnight = 24 * 60;
    const LocalTime local = zone.local(instant);
    const LocalDay today = std::chrono::floor<std::chrono::days>(local);
    const int now = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - today).count());
    for (const MinuteRange& range : day_ranges(*hours, today, calendar)) {
        if (now >= range.until)
            continue;
        answer.state = now >= range.from ? OpenToday::State::open : OpenToday::State::later;
        answer.from = range.from;
        answer.until = range.until;
        if (range.until < midnight)
            return answer;
        const auto tomorrow = day_ranges(*hours, today + std::chrono::days{1}, calendar);
        if (tomorrow.empty() || tomorrow.front().from > 0)
            return answer;
        answer.until = tomorrow.front().until;
        answer.until_tomorrow = true;
        if (answer.until == midnight)
            answer.state = OpenToday::State::always; // two whole days say it
        return answer;
    }
    answer.state = OpenToday::State::closed;
    for (int days = 1; days <= 7 && !answer.day; ++days)
        if (const auto ranges = day_ranges(*hours, today + std::chrono::days{days}, calendar); !ranges.empty()) {
            answer.day = today + std::chrono::days{days};
            answer.from = ranges.front().from;
        }
    return answer;
}

bool is_confirmed(const ListedPlace& place, LocalDay today) {
    const auto day = parse_day(place.text("date_maj"));
    if (!day || *day > today)
        return false;
    const std::chrono::year_month_day date{*day};
    auto over = std::chrono::year_month_day{date.year() + std::chrono::years{1}, date.month(), date.day()};
    if (!over.ok()) // 29 February
        over = {over.year(), std::chrono::March, std::chrono::day{1}};
    return today < LocalDay{over};
}

bool receives_people(const ListedPlace& place) { return !place.has("modalites_acces", "Ce lieu n'accueille pas de public"); }

std::vector<NearbyPlace> nearby(const std::vector<ListedPlace>& places, const NearbyQuestion& question, const Zone& zone, const Calendar& calendar) {
    const LocalDay today = zone.day(question.instant);
    std::vector<NearbyPlace> found;
    for (const ListedPlace& place : places) {
        if (!place.position || !receives_people(place) || (question.confirmed == Confirmed::lately && !is_confirmed(place, today)))
            continue;
        const double metres = distance_metres(question.from, *place.position);
        if (metres <= question.within_metres)
            found.push_back({&place, metres, {}});
    }
    const auto most = found.begin() + static_cast<std::ptrdiff_t>(std::min(question.most, found.size()));
    std::partial_sort(found.begin(), most, found.end(), [](const NearbyPlace& left, const NearbyPlace& right) {
        return left.metres != right.metres ? left.metres < right.metres : left.place->text("id") < right.place->text("id");
    });
    found.erase(most, found.end());
    for (NearbyPlace& place : found)
        place.open = open_today(place.place->text("horaires"), zone, question.instant, calendar);
    return found;
}

} // namespace capsule
