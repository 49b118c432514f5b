// `capsule ledger`: takes the ledger away, checks it, says what was corrected. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct LedgerOptions {
    Access access;
    std::string device, screen; // empty: all
    std::string from, to; // days: of receipt; of corrections the corrected days. Empty: no limit (corrections: the last 30 days)
    std::string file;     // export: where to write; verify: what to read instead of asking the server
    bool json = false;
};

// Writes the export to a file, whole or not at all (a name of its own until it is done).
Result<void> run_ledger_export(const LedgerOptions& options, Terminal& terminal);
// Refused, after all was told, when the ledger does not hold.
Result<void> run_ledger_verify(const LedgerOptions& options, Terminal& terminal);
Result<void> run_ledger_corrections(const LedgerOptions& options, Terminal& terminal);

} // namespace capsule::cli
