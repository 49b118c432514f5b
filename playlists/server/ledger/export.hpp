// The ledger as an auditor takes it away: what the server was sent, byte for byte, with what shows who sent it. Reentrant; reads
// only. Format: playlists/audit/README.md.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace capsule::server {

struct ExportFilter {
    std::string device; // empty: all
    std::string screen; // of devices that ever served it; empty: all
};

// {"journals": […], "refusals": […]}: of each journal what is kept of it and the key of its device.
Result<std::string> export_journals(sqlite::Database& database, const ExportFilter& filter);

// Batches of one journal after the batch `after` (0: from the first kept one), with their rows: lines, about four megabytes at
// most; the last line says with which batch to go on. Missing when there is no such journal. Batches received outside `from` …
// `until` (half-open) are left out.
Result<std::string> export_batches(sqlite::Database& database, const std::string& device, const std::string& journal,
                                   std::int64_t after, std::optional<Instant> from, std::optional<Instant> until);

// {"corrections": […]} of closed hours from one local day to another, the newest first, `most` at most; "more" says whether there
// are more.
Result<std::string> list_corrections(sqlite::Database& database, std::int64_t from, std::int64_t to, std::int64_t most);

} // namespace capsule::server
