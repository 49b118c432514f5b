// What a machine finds on a stick of enrolment: FOLDER/enrolment/<screen>.json, one per screen. Reentrant.
//
//   {"format":1,"server":"https://ecrans.example.fr","public_url":"https://ecrans.example.fr","screen":"fs-antony-hall","name":"France services Antony – Hall",
//    "token":"…64 hexadecimal digits…","expires_at":"2026-12-22T09:00:00Z"}
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::client {

struct EnrolmentTicket {
    std::string server; // address that the machine is to use
    std::string public_url; // where visitors' phones reach it; empty: scans are not measured
    std::string screen, name;
    std::string token;
    Instant expires_at{};
};

std::string serialise(const EnrolmentTicket& ticket);
// Invalid: what is wrong with it.
Result<EnrolmentTicket> ticket_from_json(std::string_view text);

// The folder of tickets on a stick.
Path ticket_folder(const Path& stick);
// Those that can be read, in the order of their files' names; none when the stick is not there. `complaints`: a line for each other.
std::vector<EnrolmentTicket> read_tickets(Disk& disk, const Path& stick, std::vector<std::string>& complaints);

} // namespace capsule::client
