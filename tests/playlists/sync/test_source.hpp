// A server that is a source of a release.
#pragma once

#include "playlists/sync/http_source.hpp"
#include "tests/fakes/faulty_http_server.hpp"
#include "tests/playlists/sync/test_release.hpp"

namespace capsule::sync {

inline void serve(FaultyHttpServer& server, const TestRelease& release) {
    for (const auto& [path, bytes] : release.files()) // timestamp.json, the switch, comes last
        server.put("/" + path, bytes, path.ends_with(".json") ? "application/json" : "application/octet-stream");
}

// Of a screen that a test does not want to wait for.
inline http::Settings impatient() {
    http::Settings settings;
    settings.connect_timeout = std::chrono::milliseconds(2000);
    settings.stall_timeout = std::chrono::seconds(2);
    return settings;
}

} // namespace capsule::sync
