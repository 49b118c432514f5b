// Sites from a directory of places in the national scheme, row by row. Reentrant; takes the caller's connection.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/fleet/fleet_register.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

struct ImportedSite {
    enum class Outcome { added, changed, same, refused };
    struct Remark {
        std::string column, what; // empty column: the row as a whole
    };
    std::size_t line = 0;
    std::string id, name; // of the site that it became, or as the row has them
    Outcome outcome = Outcome::refused;
    std::vector<Remark> remarks;
    std::optional<std::string> before, after; // the record as JSON text; `after` where it is added or changed
};

enum class Import { try_out, keep };

// Every row of the file, in its order: what it became, or would become, and what is wrong with it. A row that is refused costs no other.
// Of a site that is there, what the file does not say stays (offers, tags, how long people wait, hours where the row has none).
// A row is refused when it would change, or make, a site that `may_change` says no to. Invalid: not one row can be read as a place's;
// nothing is kept then.
Result<std::vector<ImportedSite>> import_sites(sqlite::Database& database, FleetRegister& fleet, std::string_view text, const std::string& name,
                                               const std::function<bool(const Site&)>& may_change, Import import);

} // namespace capsule::server
