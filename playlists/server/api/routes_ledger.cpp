#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/ledger/export.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <charconv>
#include <optional>

namespace capsule::server {

namespace {

// The days of a request, as instants in Paris; false when one of them cannot be read. Absent ones are no limit.
bool read_days(const RequestHead& head, std::optional<Instant>& from, std::optional<Instant>& until) {
    for (const char* name : {"from", "to"}) {
        const std::string text = head.parameter(name);
        if (text.empty())
            continue;
        const auto day = parse_day(text);
        if (!day)
            return false;
        if (name[0] == 'f')
            from = day_span("", *day).first;
        else
            until = day_span("", *day).second;
    }
    return true;
}

Response journals(const Services& services, Call& call) {
    if (auto written = services.refusals.write(call.database); !written)
        return error_response(written.error());
    const auto list = export_journals(call.database, {call.request.parameter("device"), call.request.parameter("screen")});
    return list ? json_response(*list) : error_response(list.error());
}

Response batches(Call& call) {
    std::optional<Instant> from, until;
    if (!read_days(call.request, from, until))
        return problem(422, "from and to: dates such as 2026-11-01 are expected");
    const std::string text = call.request.parameter("after");
    std::int64_t after = 0;
    if (const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), after);
        !text.empty() && (code != std::errc{} || end != text.data() + text.size()))
        return problem(422, "after: a number is expected");
    auto page = export_batches(call.database, call.parameters.at("device"), call.parameters.at("journal"), after, from, until);
    return page ? text_response(200, "application/x-ndjson", *std::move(page)) : error_response(page.error());
}

Response corrections(Call& call) {
    const auto from = parse_day(call.request.parameter("from")), to = parse_day(call.request.parameter("to"));
    if (!from || !to)
        return problem(422, "from and to: dates such as 2026-11-01 are expected");
    const auto list = list_corrections(call.database, *from, *to, 1000);
    return list ? json_response(*list) : error_response(list.error());
}

} // namespace

void add_ledger_routes(RouteTable& table, const Services& services) {
    const auto add = [&](const char* pattern, std::function<Response(Call&)> handler) {
        table.add({"GET", pattern, Admission::Body::none, 0, std::move(handler)});
    };
    add("/api/v1/ledger", [&services](Call& call) { return journals(services, call); });
    add("/api/v1/ledger/corrections", [](Call& call) { return corrections(call); });
    add("/api/v1/ledger/{device}/{journal}", [](Call& call) { return batches(call); });
}

} // namespace capsule::server
