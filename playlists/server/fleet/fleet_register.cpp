#include "playlists/server/fleet/fleet_register.hpp"

#include "content/lib/json/strict.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "playlists/server/codes/codes.hpp"
#include "playlists/server/database/records.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Result<bool> exists(sqlite::Database& database, std::string_view sql, std::string_view id) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, id);
    return select.step();
}

Result<std::string> record_of(sqlite::Database& database, std::string_view sql, const std::string& what, const std::string& id) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "there is no " + what + " \"" + id + "\""};
    return select.text(0);
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

std::string_view fleet_schema() {
    return "CREATE TABLE sites(id TEXT PRIMARY KEY, record TEXT NOT NULL, changed_ms INTEGER NOT NULL) STRICT;"
           "CREATE TABLE screens(id TEXT PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(id), record TEXT NOT NULL,"
           " changed_ms INTEGER NOT NULL) STRICT;"
           "CREATE INDEX screens_site ON screens(site);"
           "CREATE TABLE devices(id TEXT PRIMARY KEY, public_key TEXT NOT NULL, screen TEXT NOT NULL, since_ms INTEGER NOT NULL,"
           " revoked_ms INTEGER, counter INTEGER NOT NULL) STRICT;"
           "CREATE TABLE device_assignments(device TEXT NOT NULL, screen TEXT NOT NULL, since_ms INTEGER NOT NULL,"
           " PRIMARY KEY(device, since_ms)) STRICT;"
           "CREATE TABLE device_states(device TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, state TEXT NOT NULL) STRICT;";
}

Result<Fleet> FleetRegister::fleet(sqlite::Database& database) const {
    Fleet fleet;
    fleet.number = m_release.next_number(DocumentKind::fleet) - 1;
    CAPSULE_TRY(sites, database.prepare("SELECT id, record FROM sites"));
    for (;;) {
        CAPSULE_TRY(row, sites.step());
        if (!row)
            break;
        CAPSULE_TRY(record, json::parse_strict(sites.text(1)));
        CAPSULE_TRY(site, site_from_json(SiteId::parse(sites.text(0)).value_or(SiteId{}), record));
        fleet.sites.emplace(site.id, site);
    }
    CAPSULE_TRY(screens, database.prepare("SELECT id, record FROM screens"));
    for (;;) {
        CAPSULE_TRY(row, screens.step());
        if (!row)
            break;
        CAPSULE_TRY(record, json::parse_strict(screens.text(1)));
        CAPSULE_TRY(screen, screen_from_json(ScreenId::parse(screens.text(0)).value_or(ScreenId{}), record));
        fleet.screens.emplace(screen.id, screen);
    }
    CAPSULE_TRY(devices, database.prepare("SELECT id, screen, since_ms FROM devices WHERE revoked_ms IS NULL"));
    for (;;) {
        CAPSULE_TRY(row, devices.step());
        if (!row)
            break;
        const auto screen = ScreenId::parse(devices.text(1));
        if (screen && fleet.screens.contains(*screen))
            fleet.devices.emplace(devices.text(0),
                                  DeviceAssignment{devices.text(0), *screen, instant_from_ms(devices.integer(2))});
    }
    return fleet;
}

Result<std::map<std::string, Instant>> FleetRegister::enrolled_since(sqlite::Database& database) const {
    std::map<std::string, Instant> out;
    CAPSULE_TRY(select, database.prepare("SELECT screen, MIN(since_ms) FROM device_assignments GROUP BY screen"));
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return out;
        out.emplace(select.text(0), instant_from_ms(select.integer(1)));
    }
}

Result<void> FleetRegister::write_document(sqlite::Database& database) {
    if (database.in_transaction())
        return {};
    const std::lock_guard lock(m_writing);
    CAPSULE_TRY(fleet, this->fleet(database));
    if (fleet.number > 0) {
        CAPSULE_TRY(in_force, m_release.current(DocumentKind::fleet));
        if (serialise(fleet) == in_force)
            return {};
    }
    ++fleet.number;
    auto replaced = m_release.replace(DocumentKind::fleet, fleet.number, serialise(fleet));
    if (!replaced)
        return in_context("the change is kept, but fleet.json could not be written", replaced.error());
    return {};
}

Result<bool> FleetRegister::keep(sqlite::Database& database, std::string_view table, const std::string& id,
                                 const std::string& site, std::string_view record) {
    const bool is_site = table == "sites";
    CAPSULE_TRY(known, exists(database, is_site ? "SELECT 1 FROM sites WHERE id=?1" : "SELECT 1 FROM screens WHERE id=?1", id));
    CAPSULE_TRY(
        insert,
        database.prepare(is_site ? "INSERT INTO sites(id, record, changed_ms) VALUES(?1, ?2, ?3)"
                                   " ON CONFLICT(id) DO UPDATE SET record=excluded.record, changed_ms=excluded.changed_ms"
                                 : "INSERT INTO screens(id, record, changed_ms, site) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(id)"
                                   " DO UPDATE SET record=excluded.record, changed_ms=excluded.changed_ms, site=excluded.site"));
    insert.bind(1, std::string_view(id));
    insert.bind(2, record);
    insert.bind(3, to_ms(m_clock.wall()));
    if (!is_site)
        insert.bind(4, std::string_view(site));
    CAPSULE_CHECK(insert.run());
    return !known;
}

Result<bool> FleetRegister::put_site(sqlite::Database& database, const std::string& id, std::string_view text) {
    CAPSULE_TRY(record, parse_record(text));
    CAPSULE_TRY(site, site_from_json(SiteId::parse(id).value_or(SiteId{}), record));
    if (site.name.empty())
        return Error{Category::invalid, "name: a site needs one"};
    CAPSULE_TRY(created, keep(database, "sites", id, {}, record.dump()));
    CAPSULE_CHECK(write_document(database));
    return created;
}

Result<void> FleetRegister::put_sites(sqlite::Database& database, const std::vector<std::pair<std::string, std::string>>& records) {
    {
        CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
        for (const auto& [id, text] : records) {
            CAPSULE_TRY(record, parse_record(text));
            CAPSULE_TRY(site, site_from_json(SiteId::parse(id).value_or(SiteId{}), record));
            CAPSULE_TRY(created, keep(database, "sites", id, {}, record.dump()));
            (void)site;
            (void)created;
        }
        CAPSULE_CHECK(transaction.commit());
    }
    return write_document(database);
}

Result<bool> FleetRegister::put_screen(sqlite::Database& database, const std::string& id, std::string_view text) {
    CAPSULE_TRY(record, parse_record(text));
    record.erase("code"); // the server's to give
    CAPSULE_TRY(screen, screen_from_json(ScreenId::parse(id).value_or(ScreenId{}), record));
    bool created = false;
    {
        CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
        CAPSULE_TRY(site_known, exists(database, "SELECT 1 FROM sites WHERE id=?1", screen.site.text()));
        if (!site_known)
            return Error{Category::invalid, "site: there is no site \"" + screen.site.text() + "\": add it first"};
        CAPSULE_TRY(code, code_for(database, m_random, CodeKind::screen, id));
        record["code"] = code;
        CAPSULE_TRY(fresh, keep(database, "screens", id, screen.site.text(), record.dump()));
        created = fresh;
        CAPSULE_CHECK(transaction.commit());
    }
    CAPSULE_CHECK(write_document(database));
    return created;
}

Result<bool> FleetRegister::put_device(sqlite::Database& database, const std::string& id, std::string_view text) {
    CAPSULE_TRY(record, parse_record(text));
    const auto key = PublicKey::parse(text_of(record, "public_key"));
    const std::string screen = text_of(record, "screen");
    if (!key)
        return Error{Category::invalid, "public_key: 64 lower-case hexadecimal digits are expected"};
    if (key->device_id() != id)
        return Error{Category::invalid, "public_key: it is not the key of device " + id + " but of " + key->device_id()};
    bool created = false;
    {
        CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
        CAPSULE_TRY(screen_known, exists(database, "SELECT 1 FROM screens WHERE id=?1", screen));
        if (!screen_known)
            return Error{Category::invalid, "screen: there is no screen \"" + screen + "\": add it first"};
        CAPSULE_TRY(select, database.prepare("SELECT screen, revoked_ms, since_ms FROM devices WHERE id=?1"));
        select.bind(1, std::string_view(id));
        CAPSULE_TRY(known, select.step());
        if (known && !select.is_null(1))
            return Error{Category::refused,
                         "device " + id + " was revoked for ever: make a new key on the machine and enrol that"};
        if (known && select.text(0) == screen) {
            select.reset();
            CAPSULE_CHECK(write_document(database)); // when the document could not be written the last time
            return false;
        }
        created = !known;
        const std::int64_t since = std::max(to_ms(m_clock.wall()), known ? select.integer(2) + 1 : 0);
        select.reset();
        CAPSULE_TRY(insert,
                    database.prepare("INSERT INTO devices(id, public_key, screen, since_ms, counter) VALUES(?1, ?2, ?3, ?4, 0)"
                                     " ON CONFLICT(id) DO UPDATE SET screen=excluded.screen, since_ms=excluded.since_ms"));
        insert.bind(1, std::string_view(id));
        insert.bind(2, std::string_view(key->hex()));
        insert.bind(3, std::string_view(screen));
        insert.bind(4, since);
        CAPSULE_CHECK(insert.run());
        CAPSULE_TRY(history, database.prepare("INSERT INTO device_assignments(device, screen, since_ms) VALUES(?1, ?2, ?3)"));
        history.bind(1, std::string_view(id));
        history.bind(2, std::string_view(screen));
        history.bind(3, since);
        CAPSULE_CHECK(history.run());
        CAPSULE_CHECK(transaction.commit());
    }
    CAPSULE_CHECK(write_document(database));
    return created;
}

Result<void> FleetRegister::remove_site(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(used, exists(database, "SELECT 1 FROM screens WHERE site=?1", id));
    if (used)
        return Error{Category::refused, "site \"" + id + "\" still has screens: remove them first"};
    CAPSULE_TRY(remove, database.prepare("DELETE FROM sites WHERE id=?1"));
    remove.bind(1, std::string_view(id));
    CAPSULE_CHECK(remove.run());
    return write_document(database);
}

Result<void> FleetRegister::remove_screen(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(used, exists(database, "SELECT 1 FROM devices WHERE screen=?1 AND revoked_ms IS NULL", id));
    if (used)
        return Error{Category::refused, "screen \"" + id + "\" is served by a device: revoke it or give it another screen first"};
    CAPSULE_TRY(remove, database.prepare("DELETE FROM screens WHERE id=?1"));
    remove.bind(1, std::string_view(id));
    CAPSULE_CHECK(remove.run());
    return write_document(database);
}

Result<void> FleetRegister::revoke_device(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(known, exists(database, "SELECT 1 FROM devices WHERE id=?1", id));
    if (!known)
        return Error{Category::missing, "there is no device \"" + id + "\""};
    CAPSULE_TRY(update, database.prepare("UPDATE devices SET revoked_ms=?2 WHERE id=?1 AND revoked_ms IS NULL"));
    update.bind(1, std::string_view(id));
    update.bind(2, to_ms(m_clock.wall()));
    CAPSULE_CHECK(update.run());
    return write_document(database);
}

Result<void> FleetRegister::note_state(sqlite::Database& database, const std::string& device, std::string_view state) const {
    CAPSULE_TRY(record, parse_record(state));
    CAPSULE_TRY(insert, database.prepare("INSERT INTO device_states(device, heard_ms, state) VALUES(?1, ?2, ?3)"
                                         " ON CONFLICT(device) DO UPDATE SET heard_ms=excluded.heard_ms, state=excluded.state"));
    insert.bind(1, std::string_view(device));
    insert.bind(2, to_ms(m_clock.wall()));
    insert.bind(3, std::string_view(record.dump()));
    return insert.run();
}

Result<std::string> FleetRegister::site(sqlite::Database& database, const std::string& id) const {
    return record_of(database, "SELECT record FROM sites WHERE id=?1", "site", id);
}

Result<std::string> FleetRegister::screen(sqlite::Database& database, const std::string& id) const {
    return record_of(database, "SELECT record FROM screens WHERE id=?1", "screen", id);
}

} // namespace capsule::server
