#include "playlists/client/enrolment_ticket.hpp"

#include "content/lib/json/member.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::client {

namespace {

constexpr std::uint64_t most_bytes = 16u << 10;
constexpr std::size_t most_tickets = 2000;

} // namespace

std::string serialise(const EnrolmentTicket& ticket) {
    nlohmann::ordered_json json;
    json["format"] = 1;
    json["server"] = ticket.server;
    json["public_url"] = ticket.public_url;
    json["screen"] = ticket.screen;
    json["name"] = ticket.name;
    json["token"] = ticket.token;
    json["expires_at"] = to_rfc3339(ticket.expires_at);
    return json.dump(2) + "\n";
}

Result<EnrolmentTicket> ticket_from_json(std::string_view text) {
    CAPSULE_TRY(json, json::parse_strict(text, {.bytes = most_bytes, .floats = false}));
    const auto text_of = [&](const char* key) { return json::text_in(json, key); };
    EnrolmentTicket ticket{text_of("server"), text_of("public_url"), text_of("screen"), text_of("name"), text_of("token"), {}};
    if (!json.is_object() || json.value("format", nlohmann::json()) != 1)
        return Error{Category::invalid, "it is no ticket of enrolment of format 1"};
    if (!ticket.server.starts_with("https://") && !ticket.server.starts_with("http://"))
        return Error{Category::invalid, "server: an address is expected"};
    if (ticket.token.size() != 64)
        return Error{Category::invalid, "token: 64 hexadecimal digits are expected"};
    const auto expires = parse_rfc3339(text_of("expires_at"));
    if (!expires)
        return Error{Category::invalid, "expires_at: a time such as 2026-12-22T09:00:00Z is expected"};
    ticket.expires_at = *expires;
    return ticket;
}

Path ticket_folder(const Path& stick) { return stick / "enrolment"; }

std::vector<EnrolmentTicket> read_tickets(Disk& disk, const Path& stick, std::vector<std::string>& complaints) {
    std::vector<EnrolmentTicket> tickets;
    const Path folder = ticket_folder(stick);
    const auto names = disk.list(folder);
    if (!names) {
        complaints.push_back(names.error().message);
        return tickets;
    }
    for (const std::string& name : *names) {
        if (!name.ends_with(".json") || name.starts_with('.') || tickets.size() >= most_tickets)
            continue;
        const auto size = disk.size(folder / name); // first: a pipe would be read for ever
        const auto text = size ? disk.read(folder / name, most_bytes) : Result<std::string>(size.error());
        const auto ticket = text ? ticket_from_json(*text) : Result<EnrolmentTicket>(text.error());
        if (ticket)
            tickets.push_back(*ticket);
        else
            complaints.push_back((folder / name).string() + ": " + ticket.error().message);
    }
    return tickets;
}

} // namespace capsule::client
