#include "playlists/model/fleet.hpp"
#include "playlists/model/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule {

using Json = nlohmann::json;
using model::Fields;
using model::place_of;

namespace {

Result<Site> read_site(const SiteId& id, const Json& value, const std::string& place) {
    Fields fields(value, place);
    Site site;
    site.id = id;
    site.name = fields.text("name");
    site.type = fields.text("type");
    site.commune = fields.text("commune");
    site.postcode = fields.text("postcode");
    site.ept = fields.text("ept");
    site.zone = fields.text("zone", "Europe/Paris");
    site.hours = fields.text("hours");
    site.offers = fields.texts("offers");
    site.waiting_minutes = static_cast<int>(fields.integer("waiting_minutes", 0, 480, 0));
    site.latitude_e6 = fields.optional_integer("lat_e6", -90'000'000, 90'000'000);
    site.longitude_e6 = fields.optional_integer("lon_e6", -180'000'000, 180'000'000);
    site.tags = fields.texts("tags");
    if (fields.complaint())
        return *fields.complaint();
    return site;
}

Result<Screen> read_screen(const ScreenId& id, const Json& value, const std::string& place) {
    Fields fields(value, place);
    Screen screen;
    screen.id = id;
    screen.site = fields.needed_id<SiteId>("site");
    screen.name = fields.text("name");
    screen.code = fields.text("code");
    screen.rotation = static_cast<int>(fields.integer("rotation", 0, 270, 0));
    if (screen.rotation % 90 != 0)
        fields.complain("rotation", "expected 0, 90, 180 or 270, not " + std::to_string(screen.rotation));
    screen.diagonal_mm = static_cast<int>(fields.integer("diagonal_mm", 50, 20'000, 813));
    screen.distance_mm = static_cast<int>(fields.integer("distance_mm", 100, 100'000, 3000));
    screen.volume = static_cast<int>(fields.integer("volume", 0, 100, 0));
    screen.quiet = fields.text("quiet");
    screen.languages = fields.texts("languages", {"fr"});
    screen.strip = fields.texts("strip");
    screen.tags = fields.texts("tags");
    if (fields.complaint())
        return *fields.complaint();
    return screen;
}

bool is_device(std::string_view text) {
    return text.size() == 16 &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<void> read_devices(Fleet& fleet, const Json& devices, const std::string& place) {
    for (const auto& [key, value] : devices.items()) {
        if (!is_device(key))
            return Error{Category::invalid, place_of(place, key) + ": not a device: expected 16 lower-case hexadecimal digits"};
        Fields fields(value, place_of(place, key));
        DeviceAssignment assignment{key, fields.needed_id<ScreenId>("screen"), fields.needed_instant("since")};
        if (fields.complaint())
            return *fields.complaint();
        fleet.devices.emplace(key, std::move(assignment));
    }
    return {};
}

// The entries of `objects`, each read by `read` and kept in `all`.
template <typename Id, typename Value, typename Read>
Result<void> read_all(std::map<Id, Value>& all, const Json& objects, const std::string& place, Read read) {
    for (const auto& [key, value] : objects.items()) {
        const auto id = Id::parse(key);
        if (!id)
            return Error{Category::invalid, place_of(place, key) + ": not an identifier: use 1 to 64 of a-z, 0-9 and hyphen"};
        auto one = read(*id, value, place_of(place, key));
        if (!one.ok())
            return one.error();
        all.emplace(*id, std::move(*one));
    }
    return {};
}

} // namespace

Json to_json(const Site& site) {
    Json written{{"name", site.name}, {"type", site.type}, {"commune", site.commune}, {"postcode", site.postcode},
                 {"ept", site.ept},   {"zone", site.zone}, {"hours", site.hours},     {"offers", site.offers},
                 {"tags", site.tags}};
    if (site.waiting_minutes > 0)
        written["waiting_minutes"] = site.waiting_minutes;
    if (site.latitude_e6)
        written["lat_e6"] = *site.latitude_e6;
    if (site.longitude_e6)
        written["lon_e6"] = *site.longitude_e6;
    return written;
}

Result<Site> site_from_json(const SiteId& id, const Json& object) { return read_site(id, object, {}); }

Json to_json(const Screen& screen) {
    Json written{{"site", screen.site.text()},         {"name", screen.name},
                 {"code", screen.code},                {"rotation", screen.rotation},
                 {"diagonal_mm", screen.diagonal_mm},  {"distance_mm", screen.distance_mm},
                 {"volume", screen.volume},            {"languages", screen.languages},
                 {"tags", screen.tags}};
    if (!screen.strip.empty())
        written["strip"] = screen.strip;
    if (!screen.quiet.empty())
        written["quiet"] = screen.quiet;
    return written;
}

Result<Screen> screen_from_json(const ScreenId& id, const Json& object) { return read_screen(id, object, {}); }

Result<Fleet> parse_fleet(std::string_view text) {
    CAPSULE_TRY(document, model::parse_document("fleet.json", text));
    Fields fields(document, "fleet.json: ");
    fields.check_format();
    Fleet fleet;
    fleet.number = fields.needed_integer("number", 0, INT64_MAX);
    if (const Json* sites = fields.object("sites"))
        CAPSULE_CHECK(read_all(fleet.sites, *sites, fields.place("sites"), read_site));
    if (const Json* screens = fields.object("screens"))
        CAPSULE_CHECK(read_all(fleet.screens, *screens, fields.place("screens"), read_screen));
    if (const Json* devices = fields.object("devices"))
        CAPSULE_CHECK(read_devices(fleet, *devices, fields.place("devices")));
    if (fields.complaint())
        return *fields.complaint();
    return fleet;
}

std::string serialise(const Fleet& fleet) {
    Json sites = Json::object(), screens = Json::object(), devices = Json::object();
    for (const auto& [id, site] : fleet.sites)
        sites[id.text()] = to_json(site);
    for (const auto& [id, screen] : fleet.screens)
        screens[id.text()] = to_json(screen);
    for (const auto& [id, assignment] : fleet.devices)
        devices[id] = Json{{"screen", assignment.screen.text()}, {"since", to_rfc3339(assignment.since)}};
    return model::write_document(Json{{"format", 1},
                                      {"requires", Json::array()},
                                      {"number", fleet.number},
                                      {"sites", std::move(sites)},
                                      {"screens", std::move(screens)},
                                      {"devices", std::move(devices)}});
}

} // namespace capsule
