// Where each QR code leads. An immutable value, made anew when something changes; shared by the threads that answer, hence the
// shared_ptr in whoever holds it.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

struct Destination {
    std::string address;
    // Set when the code is a known screen's, with or without a known capsule.
    std::string screen_code, site, zone, capsule;
};

class RedirectTable {
public:
    static Result<RedirectTable> make(sqlite::Database& database, const Fleet& fleet, const Programme& in_force);

    // `code`: six characters, any case. Empty when there is nowhere to lead to but the visitors' page.
    Destination find(std::string_view code) const;

private:
    Fleet m_fleet;
    std::map<std::string, std::string> m_screens, m_capsules; // ids by code
    std::map<std::string, Capsule> m_known;                   // of the programme in force
    std::map<std::string, std::string> m_templates;
};

} // namespace capsule::server
