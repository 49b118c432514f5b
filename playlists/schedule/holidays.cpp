#include "playlists/schedule/holidays.hpp"

namespace capsule {

LocalDay easter_sunday(std::chrono::year in_year) {
    const int year = static_cast<int>(in_year);
    const int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return LocalDay{in_year / std::chrono::month{static_cast<unsigned>(n / 31)} / std::chrono::day{static_cast<unsigned>(n % 31 + 1)}};
}

bool is_public_holiday(LocalDay day) {
    const std::chrono::year_month_day date{day};
    switch (static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day())) {
    case 101:
    case 501:
    case 508:
    case 714:
    case 815:
    case 1101:
    case 1111:
    case 1225:
        return true;
    default:
        break;
    }
    const auto after_easter = (day - easter_sunday(date.year())).count();
    return after_easter == 1 || after_easter == 39 || after_easter == 50; // Easter Monday, Ascension, Whit Monday
}

} // namespace capsule
