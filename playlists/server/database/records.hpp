// JSON records as people send them and as tables keep them: id, record. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace capsule::server {

// The body of a request: one JSON object of at most 1 MiB, strictly read. Invalid otherwise.
Result<nlohmann::json> parse_record(std::string_view text);

// All rows of a query for (id, record), as one JSON object. Ids need no escaping and records are well-formed JSON: both were checked
// when they came.
Result<std::string> records_as_object(sqlite::Statement& select);

} // namespace capsule::server
