#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr int most_rows = 500;

// The whole number that a parameter holds, `otherwise` when it is absent, nothing when it is none or below 0.
std::optional<std::int64_t> number_of(const RequestHead& head, const char* name, std::int64_t otherwise) {
    const std::string text = head.parameter(name);
    if (text.empty())
        return otherwise;
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

Response list(const Services& services, Call& call) {
    const RequestHead& head = call.request;
    const auto before = number_of(head, "before", 0), after = number_of(head, "after", -1), asked = number_of(head, "limit", 100);
    if (!before || !after || !asked || *asked < 1)
        return problem(422, "before, after and limit: whole numbers are expected");
    const int most = static_cast<int>(std::min<std::int64_t>(*asked, most_rows));
    // One more than asked for tells whether there are more.
    auto rows = *after >= 0 ? services.changes.following(call.database, *after, most + 1)
                            : services.changes.newest(call.database, {head.parameter("who"), head.parameter("subject"), head.parameter("id")},
                                                      *before, most + 1);
    if (!rows)
        return error_response(rows.error());
    const bool more = rows->size() > static_cast<std::size_t>(most);
    if (more)
        rows->pop_back();
    Json changes = Json::array();
    for (const Change& row : *rows)
        changes.push_back(to_json(row));
    return json_response(Json{{"changes", std::move(changes)}, {"more", more}}.dump());
}

} // namespace

void add_changes_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/changes", Admission::Body::none, 0, [&services](Call& call) { return list(services, call); }});
}

} // namespace capsule::server
