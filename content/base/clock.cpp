#include "content/base/clock.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <ctime>
#include <fstream>

namespace capsule {

namespace {

Nanoseconds read_clock(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return std::chrono::seconds{t.tv_sec} + Nanoseconds{t.tv_nsec};
}

// Reads exactly `count` digits at the front of `text` and drops them.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count)
        return std::nullopt;
    int value = 0;
    for (char c : text.substr(0, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

Nanoseconds SystemClock::monotonic() const { return read_clock(CLOCK_MONOTONIC); }
Nanoseconds SystemClock::boottime() const { return read_clock(CLOCK_BOOTTIME); }
Instant SystemClock::wall() const { return Instant{std::chrono::duration_cast<Milliseconds>(read_clock(CLOCK_REALTIME))}; }

std::string SystemClock::boot_id() const {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::string to_rfc3339(Instant instant) {
    using namespace std::chrono;
    const auto day = floor<days>(instant);
    const year_month_day date{day};
    const hh_mm_ss<Milliseconds> time{instant - day};
    std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                   static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
    if (time.subseconds().count() != 0)
        text += fmt::format(".{:03}", time.subseconds().count());
    return text + "Z";
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto year_part = take_digits(text, 4);
    if (!year_part || !take(text, '-'))
        return std::nullopt;
    const auto month_part = take_digits(text, 2);
    if (!month_part || !take(text, '-'))
        return std::nullopt;
    const auto day_part = take_digits(text, 2);
    if (!day_part || !(take(text, 'T') || take(text, 't')))
        return std::nullopt;
    const auto hour_part = take_digits(text, 2);
    if (!hour_part || !take(text, ':'))
        return std::nullopt;
    const auto minute_part = take_digits(text, 2);
    if (!minute_part || !take(text, ':'))
        return std::nullopt;
    const auto second_part = take_digits(text, 2);
    if (!second_part)
        return std::nullopt;
    const year_month_day date{year{*year_part}, month{static_cast<unsigned>(*month_part)}, day{static_cast<unsigned>(*day_part)}};
    if (!date.ok() || *hour_part > 23 || *minute_part > 59 || *second_part > 60)
        return std::nullopt;
    int thousandths = 0;
    if (take(text, '.')) {
        int weight = 100;
        std::size_t digits = 0;
        while (auto digit = take_digits(text, 1)) {
            thousandths += *digit * weight;
            weight /= 10;
            ++digits;
        }
        if (digits == 0)
            return std::nullopt;
    }
    minutes offset{0};
    if (!(take(text, 'Z') || take(text, 'z'))) {
        const bool behind = !text.empty() && text.front() == '-';
        if (!(take(text, '+') || take(text, '-')))
            return std::nullopt;
        const auto offset_hours = take_digits(text, 2);
        if (!offset_hours || !take(text, ':'))
            return std::nullopt;
        const auto offset_minutes = take_digits(text, 2);
        if (!offset_minutes || *offset_hours > 23 || *offset_minutes > 59)
            return std::nullopt;
        offset = hours{*offset_hours} + minutes{*offset_minutes};
        if (behind)
            offset = -offset;
    }
    if (!text.empty())
        return std::nullopt;
    return Instant{sys_days{date} + hours{*hour_part} + minutes{*minute_part} + seconds{*second_part} + Milliseconds{thousandths} - offset};
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        if (digits >= 9)
            return std::nullopt;
        value = value * 10 + (text[digits] - '0');
        ++digits;
    }
    if (digits == 0)
        return std::nullopt;
    const std::string_view unit = text.substr(digits);
    if (unit == "ms")
        return Milliseconds{value};
    if (unit == "s")
        return std::chrono::seconds{value};
    if (unit == "min" || unit == "m")
        return std::chrono::minutes{value};
    if (unit == "h")
        return std::chrono::hours{value};
    if (unit == "d")
        return std::chrono::days{value};
    return std::nullopt;
}

} // namespace capsule
