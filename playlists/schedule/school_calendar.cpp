#include "playlists/schedule/school_calendar.hpp"

#include "playlists/schedule/zone.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace capsule {

namespace {

constexpr std::size_t most_entries = 20'000;

struct Entry {
    std::size_t line = 0;
    std::string name, places;
    std::string from, until; // as they stand in the file
};

std::string lower(std::string_view text) {
    std::string all{text};
    std::transform(all.begin(), all.end(), all.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return all;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// "Zone C", "Zones A/B/C - Corse", "Zones A B C": the single letters after the word.
std::optional<std::string> zones_in(std::string_view text) {
    const std::string small = lower(text);
    const std::size_t at = small.find("zone");
    if (at == std::string::npos)
        return std::nullopt;
    std::string letters;
    for (std::size_t i = at + 4; i < small.size(); ++i) {
        const auto letter = [&](std::size_t j) { return j < small.size() && ((small[j] >= 'a' && small[j] <= 'z') || (small[j] & 0x80)); };
        if (small[i] >= 'a' && small[i] <= 'c' && !letter(i + 1) && !letter(i - 1))
            letters += static_cast<char>(small[i] - 'a' + 'A');
    }
    return letters;
}

// Of the académies of zone C one is enough: they have the same holidays.
bool concerns(const Entry& entry, char zone) {
    for (const std::string* text : {&entry.places, &entry.name})
        if (const auto letters = zones_in(*text))
            return has(*letters, std::string(1, zone));
    // "Lundi de Pentecôte - Corse": what follows is where.
    const std::size_t dash = entry.name.rfind(" - ");
    const std::string places = !entry.places.empty() || dash == std::string::npos ? entry.places : entry.name.substr(dash + 3);
    if (places.empty())
        return true;
    static constexpr std::array<std::string_view, 5> of_zone_c{"Versailles", "Cr\u00E9teil", "Paris", "Montpellier", "Toulouse"};
    return zone == 'C' && std::any_of(of_zone_c.begin(), of_zone_c.end(), [&](std::string_view academy) { return has(places, academy); });
}

bool of_pupils(const Entry& entry) {
    const std::string name = lower(entry.name);
    return !has(name, "enseignant") && !has(name, "rentr");
}

// "20261219", "2026-12-19", "20261218T230000Z", "2026-12-18T23:00:00+00:00": the local day.
std::optional<LocalDay> day_of(const std::string& text) {
    const auto dashed = [](std::string_view eight) {
        return std::string(eight.substr(0, 4)) + "-" + std::string(eight.substr(4, 2)) + "-" + std::string(eight.substr(6, 2));
    };
    if (text.size() == 8)
        return parse_day(dashed(text));
    if (text.size() == 10)
        return parse_day(text);
    std::string moment = text;
    if (text.size() >= 15 && text[8] == 'T') {
        moment = dashed(text) + "T" + text.substr(9, 2) + ":" + text.substr(11, 2) + ":" + text.substr(13);
        if (moment.back() != 'Z')
            return parse_day(moment.substr(0, 10)); // local
    }
    const auto instant = parse_rfc3339(moment);
    return instant ? std::optional(Zone("Europe/Paris").day(*instant)) : std::nullopt;
}

// Commas, semicolons and line ends are escaped in iCalendar.
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            plain += text[++i] == 'n' ? ' ' : text[i];
        else
            plain += text[i];
    }
    return plain;
}

// RFC 5545: a line that begins with a space goes on the one before.
Result<std::vector<Entry>> read_icalendar(std::string_view text) {
    std::vector<std::pair<std::size_t, std::string>> lines;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty() && (line.front() == ' ' || line.front() == '\t') && !lines.empty())
            lines.back().second += line.substr(1);
        else
            lines.emplace_back(number, line);
    }
    std::vector<Entry> entries;
    std::optional<Entry> open;
    for (const auto& [at, line] : lines) {
        if (line == "BEGIN:VEVENT") {
            open.emplace().line = at;
            continue;
        }
        if (!open)
            continue;
        if (line == "END:VEVENT") {
            entries.push_back(std::move(*open));
            open.reset();
            if (entries.size() > most_entries)
                return Error{Category::invalid, "line " + std::to_string(at) + ": more than " + std::to_string(most_entries) + " entries"};
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos)
            continue;
        const std::string key = line.substr(0, std::min(colon, line.find(';')));
        const std::string value = unescaped(std::string_view(line).substr(colon + 1));
        if (key == "SUMMARY")
            open->name = value;
        else if (key == "LOCATION")
            open->places = value;
        else if (key == "DTSTART")
            open->from = value;
        else if (key == "DTEND")
            open->until = value;
    }
    return entries;
}

// "Vacances d'Hiver - Zones A/C - Corse" is "Vacances d'Hiver".
std::string base_name(const std::string& name) {
    const std::size_t end = std::min(name.find(" - Zone"), name.find(" \u2014 "));
    return name.substr(0, end);
}

} // namespace

Result<SchoolCalendar> read_school_calendar(std::string_view text, char zone) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (!text.starts_with("BEGIN:VCALENDAR"))
        return Error{Category::invalid, "no iCalendar file (it begins with BEGIN:VCALENDAR): take the calendar of the zone from data.education.gouv.fr"};
    CAPSULE_TRY(entries, read_icalendar(text));
    SchoolCalendar calendar;
    struct Span {
        LocalDay from, until;
        std::string name;
    };
    std::vector<Span> spans;
    for (const Entry& entry : entries) {
        if (!of_pupils(entry) || !concerns(entry, zone))
            continue;
        const std::string place = "line " + std::to_string(entry.line) + ": ";
        const auto from = day_of(entry.from), until = entry.until.empty() ? from : day_of(entry.until);
        if (!from || !until || *until < *from)
            return Error{Category::invalid, place + "\"" + entry.name + "\" begins \"" + entry.from + "\" and ends \"" + entry.until +
                                                "\": two dates in their order are expected"};
        if (*until == *from)
            calendar.warnings.push_back(place + "\"" + entry.name + "\" begins on " + to_text(*from) +
                                        " and has no end yet: it does not count; import the calendar again when it is complete");
        else
            spans.push_back({*from, *until, base_name(entry.name)});
    }
    if (spans.empty())
        return Error{Category::invalid, std::string("there are no school holidays of zone ") + zone + " in it"};
    std::sort(spans.begin(), spans.end(), [](const Span& left, const Span& right) { return left.from < right.from; });
    for (const Span& span : spans) {
        if (!calendar.holidays.empty() && to_text(span.from) <= calendar.holidays.back().until) {
            calendar.holidays.back().until = std::max(calendar.holidays.back().until, to_text(span.until));
            continue;
        }
        calendar.holidays.push_back({span.name, to_text(span.from), to_text(span.until)});
    }
    std::sort(calendar.warnings.begin(), calendar.warnings.end());
    calendar.warnings.erase(std::unique(calendar.warnings.begin(), calendar.warnings.end()), calendar.warnings.end());
    return calendar;
}

} // namespace capsule
