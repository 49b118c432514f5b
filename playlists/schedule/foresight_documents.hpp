// Forecasts, explanations and week plans as JSON: what the command line prints and the server's API answers. Local times of the
// screen's site, "2026-11-24T10:00:00". Pure. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/schedule/explanation.hpp"
#include "playlists/schedule/forecast.hpp"
#include "playlists/schedule/week_plan.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace capsule {

nlohmann::json document_of(const Forecast& seen, const Zone& zone);
// The same text, item by item: a year has a million of them.
void write_document(const Forecast& seen, const Zone& zone, std::ostream& out);
nlohmann::json document_of(const Explanation& explained, const Zone& zone);
nlohmann::json document_of(const WeekPlan& plan, const Zone& zone);

// "2026-11-24T10:00:05".
std::string local_text(const Zone& zone, Instant instant);
// "2026-11-24", "2026-11-24T10:00" or "2026-11-24T10:00:00". Invalid: says what is expected.
Result<Instant> moment_of(std::string_view text, const Zone& zone);

const char* name_of(Forecast::Kind kind);      // "capsule", "qr-card", …
const char* name_of(Timetable::Standing standing); // "plays", "outranked", …

} // namespace capsule
