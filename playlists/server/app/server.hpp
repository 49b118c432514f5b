// The whole server in one object: what main runs and tests start in their own process. Thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "playlists/release/signed_release.hpp"
#include "playlists/server/http/connection_watch.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace capsule::server {

struct ServerSettings {
    Path data;
    std::string listen = "127.0.0.1:0";
    std::string public_url; // without a slash at the end; empty: scans are not measured
    Path console;           // folder of the web console; may be absent
    std::string version = "0";
    std::int64_t scans_per_minute = 60; // uses of one code in one minute that count
    std::int64_t keep_rows_days = 0;    // rows received longer ago are dropped, their sums stay; 0: all are kept
    Patience patience;
    tuf::Validity validity; // of signed metadata
};

class RouteTable;

class Server {
public:
    // Opens or makes the data folder and listens. Nothing is left running on failure. Keeps references to clock, disk and random.
    static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, const Clock& clock, Disk& disk, Random& random);
    ~Server(); // stops

    // Ends what is being handled, writes what is queued, closes. Again: does nothing.
    void stop();

    // "127.0.0.1:40123"
    const std::string& address() const;
    // The secret of the first account; empty when there is an account.
    const std::optional<std::string>& first_secret() const;
    // The root key lies here, not with an administrator.
    bool root_is_provisional() const;
    const RouteTable& routes() const;
    // Whether the database answers. May wait for a connection.
    Result<void> check() const;

private:
    Server();
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

// "https://screens.example.fr": http or https, a host, no path, query or fragment; a slash at the end is dropped. Invalid
// otherwise.
Result<std::string> check_public_url(const std::string& url);

} // namespace capsule::server
