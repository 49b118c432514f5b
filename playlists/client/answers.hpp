// What the server's API answers, as values. Empty optionals are the API's null. Reentrant.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace capsule::client {

struct SignedIn {
    std::string login, role, token, expires_at;
};

// `problems` not empty: nothing was published.
struct Published {
    std::int64_t number = 0;
    bool changed = false;
    std::vector<std::string> problems;
    std::vector<std::string> warnings; // it was published all the same
};

struct ScreenStatus {
    std::string id, name, code, site, site_name, type, commune, ept;
    std::string device, state, last_seen; // state: "online", "silent", "never"
    std::optional<std::int64_t> programme, fleet;
    std::string playing, reason;
    std::int64_t showings_today = 0;
};

// A machine that got its screen.
struct Enrolled {
    std::string device, screen;
};

// A token by which one machine may become that screen, once.
struct EnrolmentToken {
    std::string screen, token, expires_at;
    std::string public_url; // of the server; empty: none
};

struct DeviceStatus {
    std::string id, screen, since, public_key;
    bool revoked = false;
};

struct ReportRow {
    std::string key, label;
    std::int64_t showings = 0, complete = 0, shown_ms = 0, frames_due = 0, frames_shown = 0;
    std::optional<std::int64_t> scans; // empty: not measured
    std::int64_t panel_off = 0;        // of the showings, those with the panel known to be off
};

struct Report {
    std::string from, to, by, generated_at;
    std::vector<ReportRow> rows;
    ReportRow total;
    std::int64_t bounded_showings = 0, bounded_shown_ms = 0; // of boots whose time is not known; in no row
    std::int64_t received_rows = 0, missing_rows = 0, screens = 0;
    std::int64_t unknown_gaps = 0; // losses that do not say how much
    std::int64_t open_ms = 0, proven_ms = 0, off_ms = 0, unknown_ms = 0; // opening hours of all screens together
    std::int64_t corrections = 0;                                        // of closed hours of the period
    std::int64_t forked_rows = 0;                                        // kept apart, in no figure
    std::int64_t refused = 0;                                            // requests with rows that were refused
    std::int64_t dropped_rows = 0;                                       // by retention; their sums stay
    std::string json; // the answer as it came
};

// Whose keys sign the release, in hexadecimal by role.
struct ReleaseKeys {
    std::int64_t root_version = 0;
    bool provisional = false; // the root key is still the server's own
    std::map<std::string, std::string> keys;
    std::optional<std::map<std::string, std::string>> next; // made for a rotation
};

} // namespace capsule::client
