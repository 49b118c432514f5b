#include "playlists/server/database/records.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

Result<nlohmann::json> parse_record(std::string_view text) {
    auto record = json::parse_strict(text, {.bytes = 1u << 20, .floats = false});
    if (!record)
        return in_context("the body", record.error());
    if (!record->is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    return std::move(*record);
}

Result<std::string> records_as_object(sqlite::Statement& select) {
    std::string all = "{";
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return all + "}";
        all += (all.size() > 1 ? ",\"" : "\"") + select.text(0) + "\":" + select.text(1);
    }
}

} // namespace capsule::server
