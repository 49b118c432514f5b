// fleet.json: sites, screens and devices, written by the server itself. Format: playlists/release/README.md. Reentrant values.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct Site {
    SiteId id;
    std::string name;
    std::string type;     // code of vocabulaire.json's place types ("RFS", "MUNI", …)
    std::string commune;  // INSEE code
    std::string postcode, ept;
    std::string zone = "Europe/Paris"; // IANA
    std::string hours;    // OpenStreetMap opening_hours; empty: always open
    std::vector<std::string> offers; // what a capsule may need of the place
    int waiting_minutes = 0; // how long people usually wait, as the place says; 0: it does not say
    std::optional<std::int64_t> latitude_e6, longitude_e6;
    std::vector<std::string> tags;
    bool operator==(const Site&) const = default;
};

struct Screen {
    ScreenId id;
    SiteId site;
    std::string name;
    std::string code;      // three of Crockford's characters, given by the server
    int rotation = 0;      // 0, 90, 180, 270 degrees clockwise
    int diagonal_mm = 813;
    int distance_mm = 3000;
    int volume = 0;        // percent; 0: muted
    std::string quiet;     // opening_hours expression: hours in which nothing is heard, in the site's time; empty: none
    std::vector<std::string> languages = {"fr"}; // captions and versions, preferred first
    std::vector<std::string> strip; // shown in a corner all day long: "clock", "site"; what is not known is passed over
    std::vector<std::string> tags;
    bool operator==(const Screen&) const = default;
};

struct DeviceAssignment {
    std::string device; // 16 hexadecimal digits
    ScreenId screen;
    Instant since{};
    bool operator==(const DeviceAssignment&) const = default;
};

struct Fleet {
    std::int64_t number = 0;
    std::map<SiteId, Site> sites;
    std::map<ScreenId, Screen> screens;
    std::map<std::string, DeviceAssignment> devices; // by device id
};

Result<Fleet> parse_fleet(std::string_view text);
std::string serialise(const Fleet& fleet);

nlohmann::json to_json(const Site& site);     // without its id
Result<Site> site_from_json(const SiteId& id, const nlohmann::json& object);
nlohmann::json to_json(const Screen& screen); // without its id
Result<Screen> screen_from_json(const ScreenId& id, const nlohmann::json& object);

} // namespace capsule
