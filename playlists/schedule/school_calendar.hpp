// School holidays as the ministry of education publishes them ("Le calendrier scolaire", data.education.gouv.fr, Licence Ouverte):
// its iCalendar files, of one zone or of all. Pure. Reentrant.
//
// Zone C, in which the départements around Paris lie, unless another is asked for. What concerns teachers alone, the days of the
// return to school and other zones are passed over; parts of one holiday that touch or overlap become one. What bears no zone counts: the
// file is then of one zone. The end is the day on which classes begin again. The start of a holiday whose end is not published yet (the
// summer of the last year) is told, not guessed.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/programme.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct SchoolCalendar {
    std::vector<SchoolHoliday> holidays; // ascending, disjoint
    std::vector<std::string> warnings;   // one line each, with the line of the file
};

// Invalid: not such a file, an entry that cannot be read (names the line), or nothing for the zone.
Result<SchoolCalendar> read_school_calendar(std::string_view text, char zone = 'C');

} // namespace capsule
