// `capsule changes`: who changed what at the server, and whether the log of it holds. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct ChangesOptions {
    Access access;
    std::string since; // "SEQ:DIGEST": a last row that was kept; empty: from the first row
    bool json = false;
};

// Refused, after it was told, when the log does not hold.
Result<void> run_changes_verify(const ChangesOptions& options, Terminal& terminal);
// All rows, oldest first, one line of JSON each or a line for people.
Result<void> run_changes_list(const ChangesOptions& options, Terminal& terminal);

} // namespace capsule::cli
