// `capsule export`: the release and its blobs as a folder, which a screen takes like any other source. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"
#include "playlists/client/api_client.hpp"
#include "playlists/model/release.hpp"

#include <string>

namespace capsule::cli {

struct ExportOptions {
    Access access;
    std::string to;     // the folder; made when it is not there
    std::string screen; // only what this screen needs; empty: what any screen needs
};

// Blobs first, timestamp.json last: a folder that was exported before stays a whole release until the new one is. What is there
// already is not fetched again. What earlier exports brought, and this release names for no screen, goes once the switch is done;
// files that no export brought stay (export_inventory.hpp). Nothing is signed here: screens verify the folder by the same signatures as the server's.
Result<void> run_export(const ExportOptions& options, Terminal& terminal);

// The documents that the server has published, held against the digests that it lists; its signatures are not checked.
Result<Release> release_at_server(client::ApiClient& api);

} // namespace capsule::cli
