#include "playlists/schedule/school_calendar.hpp"
#include "playlists/schedule/hours.hpp"
#include "tests/catch.hpp"

using namespace capsule;

namespace {

std::string event(const std::string& from, const std::string& until, const std::string& name, const std::string& more = {}) {
    return "BEGIN:VEVENT\r\nDTSTAMP:20250114T124531Z\r\nDTSTART;VALUE=DATE:" + from + "\r\nDTEND;VALUE=DATE:" + until + "\r\nSUMMARY:" + name + "\r\n" +
           more + "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
}
std::string calendar(const std::string& events) { return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + events + "END:VCALENDAR\r\n"; }

std::string told(const SchoolCalendar& found) {
    std::string text;
    for (const SchoolHoliday& holiday : found.holidays)
        text += holiday.name + " " + holiday.from + " " + holiday.until + "\n";
    return text;
}

} // namespace

TEST_CASE("the school holidays of zone C are read from the calendar of all zones, its parts joined") {
    const auto found = read_school_calendar(
        calendar(event("20260302", "20260309", "Vacances d'Hiver - Zone C") + event("20260223", "20260302", "Vacances d'Hiver - Zones B/C") +
                 event("20260221", "20260223", "Vacances d'Hiver - Zones A/B/C") + event("20260214", "20260221", "Vacances d'Hiver - Zones A/B") +
                 event("20251220", "20260105", "Vacances de Noël - Zones A/B/C - Corse") + event("20250609", "20250609", "Lundi de Pentecôte - Corse") +
                 event("20250829", "20250901", "Vacances d'Été(prérentrée Enseignants) - Zones A/B/C")));
    REQUIRE(found.ok());
    CHECK(told(*found) == "Vacances de Noël 2025-12-20 2026-01-05\nVacances d'Hiver 2026-02-21 2026-03-09\n");
    CHECK(found->warnings.empty());
}

TEST_CASE("the calendar of one zone names académies or nothing, over several lines and with times") {
    const auto found = read_school_calendar(
        calendar(event("20081220", "20090105", "Vacances de No\xC3\xABl", "LOCATION:Bordeaux\\, Caen\\, Clermont-Fe\r\n rrand\\, Cr\xC3\xA9teil\\, Paris\r\n") +
                 event("20090207", "20090223", "Vacances d'hiver", "LOCATION:Caen\\, Grenoble\r\n") +
                 "BEGIN:VEVENT\nDTSTART:20090213T230000Z\nDTEND:20090301T230000Z\nSUMMARY:Vacances d'hiver\nEND:VEVENT\n" +
                 event("20090704", "20090704", "Début des Vacances d'Été")));
    REQUIRE(found.ok());
    CHECK(told(*found) == "Vacances de Noël 2008-12-20 2009-01-05\nVacances d'hiver 2009-02-14 2009-03-02\n");
    REQUIRE(found->warnings.size() == 1);
    CHECK(found->warnings[0] == "line 25: \"Début des Vacances d'Été\" begins on 2009-07-04 and has no end yet: it does not count; import the calendar "
                                "again when it is complete");
}

TEST_CASE("what is no school calendar is refused with its place") {
    CHECK(read_school_calendar("Description;Date\n").error().message.find("BEGIN:VCALENDAR") != std::string::npos);
    CHECK(read_school_calendar(calendar("")).error().message.find("no school holidays of zone C") != std::string::npos);
    CHECK(read_school_calendar(calendar(event("20260221", "20260231", "Vacances"))).error().message.starts_with("line 3: \"Vacances\" begins"));
    CHECK(read_school_calendar(calendar(event("20260309", "20260221", "Vacances"))).error().category == Category::invalid);
}
