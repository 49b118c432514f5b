// `capsule ingest` and `capsule samples`. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct IngestOptions {
    std::string master, meta, store;
    bool json = false;
};

Result<void> run_ingest(const IngestOptions& options, Terminal& terminal);
// The shipped capsules into a store.
Result<void> run_samples(const std::string& store, Terminal& terminal);

} // namespace capsule::cli
