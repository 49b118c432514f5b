// Sites, screens and devices, and fleet.json. Thread-safe; each call takes the caller's connection.
// Records go in and out as JSON text, as in fleet.json (without id).
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/release/writer.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view fleet_schema();

// What the ledger knows of a screen.
struct ScreenRows {
    std::int64_t showings_today = 0;
    std::optional<Instant> last_received; // of any row that named the screen
};

struct EnrolledDevice {
    std::string screen;
    bool revoked = false;
};

class FleetRegister {
public:
    // Keeps references.
    FleetRegister(const Clock& clock, Random& random, ReleaseWriter& release)
        : m_clock(clock), m_random(random), m_release(release) {}

    // All that is registered, devices that were revoked left out; its number is that in force.
    Result<Fleet> fleet(sqlite::Database& database) const;

    // When the first machine was enrolled for each screen that ever had one.
    Result<std::map<std::string, Instant>> enrolled_since(sqlite::Database& database) const;

    // {"<id>": record, …}
    Result<std::string> sites(sqlite::Database& database) const;
    // Missing when there is none.
    Result<std::string> site(sqlite::Database& database, const std::string& id) const;
    Result<std::string> screen(sqlite::Database& database, const std::string& id) const;
    // Missing when the key was never enrolled.
    Result<EnrolledDevice> device(sqlite::Database& database, const std::string& id) const;
    // Devices that serve it, revoked ones left out.
    Result<std::vector<std::string>> devices_of(sqlite::Database& database, const std::string& screen) const;
    // {"devices": [{"id", "screen", "since", "revoked", "public_key"}]}
    Result<std::string> devices(sqlite::Database& database) const;
    // {"screens": […]} as the API says; `rows` by screen id. A screen was heard of when its device told its state or its rows came,
    // whichever was later.
    Result<std::string> screens_overview(sqlite::Database& database, const std::map<std::string, ScreenRows>& rows) const;

    // What machines said last of their disks; screens of which nothing is known are left out.
    Result<std::map<ScreenId, std::int64_t>> free_bytes(sqlite::Database& database) const;
    // How long people usually wait there, where a site's record says so ("waiting_minutes", which is not published).
    Result<std::map<SiteId, Milliseconds>> waiting_times(sqlite::Database& database) const;

    // Each of these rewrites fleet.json. True: it is new. Invalid: the record cannot be read, or refers to what is not there.
    Result<bool> put_site(sqlite::Database& database, const std::string& id, std::string_view record);
    // Many at once: id and record. All or none.
    Result<void> put_sites(sqlite::Database& database, const std::vector<std::pair<std::string, std::string>>& records);
    Result<bool> put_screen(sqlite::Database& database, const std::string& id, std::string_view record);
    // A screen that is new: its id is made of the site's and the name. Returns the id.
    Result<std::string> add_screen(sqlite::Database& database, const std::string& site, const std::string& name);
    // `record`: {"public_key": 64 hexadecimal digits, "screen": id}. Refused for a key that was revoked.
    Result<bool> put_device(sqlite::Database& database, const std::string& id, std::string_view record);
    // Refused while something depends on it (screens on a site, devices on a screen). Well also when it was not there.
    Result<void> remove_site(sqlite::Database& database, const std::string& id);
    Result<void> remove_screen(sqlite::Database& database, const std::string& id);
    // Missing when there is no such device.
    Result<void> revoke_device(sqlite::Database& database, const std::string& id);

    // Puts fleet.json in force when it differs from what is registered. Call once at start, and after committing a transaction in which
    // one of the above was called: screens must not follow what may yet be rolled back, so inside a transaction this does nothing.
    Result<void> write_document(sqlite::Database& database);

    // What a device says of itself: JSON as the API says, kept as it is.
    Result<void> note_state(sqlite::Database& database, const std::string& device, std::string_view state) const;

    // A request of that device bore a counter below its last. Once is a store that was restored; again and again within a day are two
    // machines with one key, which the list of screens then says. Not kept over a restart.
    void note_rival(const std::string& device);

private:
    Result<bool> keep(sqlite::Database& database, std::string_view table, const std::string& id, const std::string& site,
                      std::string_view record);

    const Clock& m_clock;
    Random& m_random;
    ReleaseWriter& m_release;
    std::mutex m_writing;
    mutable std::mutex m_rivals_mutex;
    std::map<std::string, std::deque<Instant>> m_rivals; // by device, guarded
    bool has_rival(const std::string& device) const;
};

} // namespace capsule::server
