// `capsule report`. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct ReportOptions {
    Access access;
    std::string from, to;         // local dates; empty: 30 days ago, today (Europe/Paris)
    std::string by = "capsule";   // theme, site, commune, ept, day, month, hour; several with commas
    std::string format = "table"; // csv, json
};

Result<void> run_report(const ReportOptions& options, Terminal& terminal);

// What is missing, not placed in time or not known beside the figures, in sentences: at the end of the table, and on the standard error
// beside CSV, which has no place for it.
std::string report_completeness(const client::Report& report);
// The report as a table in French, or as CSV (RFC 4180, UTF-8, numbers without grouping).
std::string report_table(const client::Report& report);
std::string report_csv(const client::Report& report);

} // namespace capsule::cli
