#include "content/lib/json/strict.hpp"
#include "playlists/schedule/holidays.hpp"
#include "playlists/schedule/hours.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <random>

using namespace capsule;
using std::chrono::days;
using std::chrono::minutes;

namespace {

std::optional<std::string> shared_text(const std::string& name) {
    std::ifstream file(std::string{CAPSULE_SHARED_DIR} + "/data/" + name);
    if (!file)
        return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

std::string text_of(LocalTime local) {
    const LocalDay day = std::chrono::floor<days>(local);
    const auto minute = std::chrono::floor<minutes>(local - day).count();
    char hour[16];
    std::snprintf(hour, sizeof hour, "T%02d:%02d", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
    return to_text(day) + hour;
}

// The open spans of seven local days, as [["2025-05-05T09:00","2025-05-05T12:00"], …].
nlohmann::json week_of(const OpeningHours& hours, LocalDay first) {
    nlohmann::json week = nlohmann::json::array();
    for (const auto& [from, until] : open_spans(hours, first, 7))
        week.push_back({text_of(from), text_of(until)});
    return week;
}

// "2025-05-05" (a Monday) and the expression → "Mo 09:00-12:00 …" by day index, for short expectations.
std::string week_text(const std::string& expression, const char* monday = "2025-05-12") {
    const auto hours = parse_hours(expression);
    if (!hours.ok())
        return "error: " + hours.error().message;
    static const char* names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    std::string text;
    for (int day = 0; day < 7; ++day)
        for (const MinuteRange& range : day_ranges(*hours, *parse_day(monday) + days{day})) {
            char span[48];
            std::snprintf(span, sizeof span, "%s%s %d:%02d-%d:%02d", text.empty() ? "" : " ", names[day], range.from / 60, range.from % 60,
                          range.until / 60, range.until % 60);
            text += span;
        }
    return text;
}

} // namespace

TEST_CASE("real French opening hours open and close when two other engines say so") {
    const auto text = shared_text("opening_hours_fr.json");
    if (!text) {
        WARN("shared data are absent: skipped");
        return;
    }
    const auto data = json::parse_strict(*text);
    REQUIRE(data.ok());
    int weeks = 0;
    for (const auto& one : (*data)["cases"]) {
        const auto hours = parse_hours(one["value"].get<std::string>());
        INFO(one["value"]);
        REQUIRE(hours.ok());
        for (const auto& [first, expected] : one["weeks"].items()) {
            INFO(first);
            CHECK(week_of(*hours, *parse_day(first)) == expected);
            ++weeks;
        }
    }
    CHECK(weeks > 400);
    for (const auto& bad : (*data)["errors"]) {
        INFO(bad[0]);
        CHECK_FALSE(parse_hours(bad[0].get<std::string>()).ok());
    }
}

TEST_CASE("hours as people type them are read or reported, never a crash") {
    const auto text = shared_text("fs_hours_strings.tsv");
    if (!text) {
        WARN("shared data are absent: skipped");
        return;
    }
    int lines = 0, read = 0;
    long uses = 0, uses_read = 0;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        std::string line = text->substr(at, end - at);
        at = end + 1;
        const auto tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        const long count = std::stol(line.substr(0, tab));
        std::string value = line.substr(tab + 1);
        if (value.size() >= 2 && value.front() == '\'')
            value = value.substr(1, value.size() - 2);
        const auto hours = parse_hours(value);
        ++lines;
        uses += count;
        if (hours.ok()) {
            ++read;
            uses_read += count;
            CHECK_FALSE(hours->rules.empty());
        } else {
            CHECK(hours.error().message.find("opening hours: at character ") == 0);
        }
    }
    CHECK(lines == 970);
    INFO("read " << read << " of " << lines << " texts, which stand for " << uses_read << " of " << uses << " uses");
    CHECK(read == 278);
}

TEST_CASE("weekday lists, ranges that wrap, several times and case are understood") {
    CHECK(week_text("Mo-We 09:00-12:00") == "Mo 9:00-12:00 Tu 9:00-12:00 We 9:00-12:00");
    CHECK(week_text("Sa-Mo 9:00-12:00") == "Mo 9:00-12:00 Sa 9:00-12:00 Su 9:00-12:00");
    CHECK(week_text("  tU , fR  08:30 - 12:00 , 13:30 - 17:00 ;") == "Tu 8:30-12:00 Tu 13:30-17:00 Fr 8:30-12:00 Fr 13:30-17:00");
    CHECK(week_text("Mo open; Tu off") == "Mo 0:00-24:00");
    CHECK(week_text("We") == "We 0:00-24:00");
    CHECK(week_text("off").empty());
    CHECK(week_text("24/7; Tu-Su closed") == "Mo 0:00-24:00");
    CHECK(week_text("Mo 10:00-14:00,14:00-19:00") == "Mo 10:00-19:00");
}

TEST_CASE("a later rule replaces its days, a comma adds to them") {
    CHECK(week_text("Mo-Tu 09:00-12:00; Tu 14:00-16:00") == "Mo 9:00-12:00 Tu 14:00-16:00");
    CHECK(week_text("Mo-Tu 09:00-12:00, Tu 14:00-16:00") == "Mo 9:00-12:00 Tu 9:00-12:00 Tu 14:00-16:00");
    CHECK(week_text("Mo 09:00-12:00, 24/7; Tu-Su off") == "Mo 0:00-24:00");
    CHECK(week_text("Mo-We 09:00-12:00; 14:00-16:00; Tu-Su off") == "Mo 14:00-16:00");
    CHECK(week_text("Mo-Tu 09:00-12:00; Tu off; We 10:00-11:00") == "Mo 9:00-12:00 We 10:00-11:00");
    CHECK(week_text("Mo 09:00-17:00; Mo 12:00-13:00 off") == "Mo 9:00-12:00 Mo 13:00-17:00");
    CHECK(week_text("Mo 09:00-17:00, Mo 12:00-13:00 off") == "Mo 9:00-12:00 Mo 13:00-17:00");
}

TEST_CASE("a range past midnight goes on the next day, until a rule for that day") {
    CHECK(week_text("Fr 22:00-02:00") == "Fr 22:00-24:00 Sa 0:00-2:00");
    CHECK(week_text("Su 22:00-26:00") == "Mo 0:00-2:00 Su 22:00-24:00");
    CHECK(week_text("Mo-Tu 22:00-02:00") == "Mo 22:00-24:00 Tu 0:00-2:00 Tu 22:00-24:00 We 0:00-2:00");
    CHECK(week_text("Fr 22:00-02:00; Sa off") == "Fr 22:00-24:00");
    CHECK(week_text("Fr 22:00-02:00; Sa 10:00-12:00") == "Fr 22:00-24:00 Sa 10:00-12:00");
}

TEST_CASE("public holidays close, open, or are days like others") {
    const char* eighth_of_may = "2025-05-05"; // the Thursday of that week
    CHECK(week_text("Th 09:00-12:00", eighth_of_may) == "Th 9:00-12:00");
    CHECK(week_text("Th 09:00-12:00; PH off", eighth_of_may).empty());
    CHECK(week_text("PH 10:00-11:00", eighth_of_may) == "Th 10:00-11:00");
    CHECK(week_text("Mo,PH 10:00-11:00", eighth_of_may) == "Mo 10:00-11:00 Th 10:00-11:00");
    CHECK(week_text("PH Mo-We 10:00-11:00", eighth_of_may).empty());
    CHECK(week_text("We-Th 09:00-12:00; Su,PH off", eighth_of_may) == "We 9:00-12:00");
}

TEST_CASE("what is not in the syntax is an error at its place") {
    const auto message = [](const char* text) {
        const auto hours = parse_hours(text);
        INFO(text);
        REQUIRE_FALSE(hours.ok());
        return hours.error().message;
    };
    CHECK(message("Mo 09:00") == "opening hours: at character 9: expected \"-\" and an end, found the end");
    CHECK(message("Mo-Fr 9h-12h30") == "opening hours: at character 7: expected a time as 09:00, found \"9h-12h30\"");
    CHECK(message("09:00 - 12:00 / 14:00") == "opening hours: at character 15: expected \",\" or \";\", found \"/\"");
    CHECK(message("é 09:00-12:00").find("opening hours: at character 1: ") == 0);
    for (const char* bad : {"", " ", "-", ";", "Mo;;Tu", "Lu 09:00-12:00", "Mo- 09:00-12:00", "Mo 25:00-26:00", "Mo 09:60-10:00", "Mo 09:00-48:01",
                            "Mo 09:00-12:00+", "Jan-Mar Mo 09:00-12:00", "Mo[0] 09:00-12:00", "Mo[1 09:00-12:00", "Mo[2-1]", "Mo[1]-Fr", "Mo[--1]", "SH off", "Mo 09:00-12:00 || off",
                            "Mo 09:00-12:00 \"sur rendez-vous\"", "Mo,", "Mo 09:00-12:00,", "Mo-Fr PH off", "Mon 09:00-12:00", "24/8", "openx"})
        CHECK(message(bad).find("opening hours: at character ") == 0);
}

TEST_CASE("any text is read or reported, and what is read has ranges that are in order and apart") {
    const std::vector<std::string> pieces{"Mo", "tu", "SU", "-", ",", ";", " ", "09:00", "23:30", "26:00", "PH", "off", "24/7", "open", ":", "é", "\xff", "9", "\t"};
    std::mt19937 random{3};
    int read = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t i = 0, count = 1 + random() % 9; i < count; ++i)
            text += pieces[random() % pieces.size()];
        const auto hours = parse_hours(text);
        if (!hours.ok())
            continue;
        ++read;
        for (int day = 0; day < 7; ++day) {
            int last = -1;
            for (const MinuteRange& range : day_ranges(*hours, *parse_day("2025-05-05") + days{day})) {
                if (range.from <= last || range.from >= range.until || range.until > 1440) {
                    INFO(text);
                    FAIL("ranges out of order");
                }
                last = range.until;
            }
        }
    }
    CHECK(read > 100);
}

TEST_CASE("Easter and the holidays that hang on it are computed") {
    const auto easter = [](int year) { return to_text(easter_sunday(std::chrono::year{year})); };
    CHECK(easter(2000) == "2000-04-23");
    CHECK(easter(2024) == "2024-03-31");
    CHECK(easter(2025) == "2025-04-20");
    CHECK(easter(2026) == "2026-04-05");
    CHECK(easter(2038) == "2038-04-25");
    int holidays = 0;
    for (LocalDay day = *parse_day("2026-01-01"); day < *parse_day("2027-01-01"); day += days{1})
        holidays += is_public_holiday(day);
    CHECK(holidays == 11);
    for (const char* day : {"2026-04-06", "2026-05-14", "2026-05-25", "2026-12-25"})
        CHECK(is_public_holiday(*parse_day(day)));
    CHECK_FALSE(is_public_holiday(*parse_day("2026-04-05")));
}
