// `capsule keys`: who signs for the screens. The root key stays on this machine; the server gets root.json only. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"
#include "playlists/release/signing.hpp"

#include <string>

namespace capsule::cli {

struct KeysOptions {
    Access access;
    std::string key;             // file of the root key; empty: ${XDG_CONFIG_HOME:-~/.config}/capsule/root.key
    std::string new_key;         // rotate: file of the new root key; empty: the old file's name with the date
    std::string passphrase_file; // empty: ask
    std::string code_file;       // restore: file with the recovery code; empty: ask
    std::string sheet;           // file for the recovery sheet; empty: standard output
    std::string expires = "1825d";
    bool server_keys = false; // rotate: those of the server, not the root key
    bool renew = false;       // sign even when nothing has changed
};

// Makes the root key and its recovery sheet.
Result<void> run_keys_create(const KeysOptions& options, Terminal& terminal);
// Signs the next root.json for the server's present keys and sends it: the first time this takes over the provisional root of a new
// server. When nothing has changed and a year is left, does nothing.
Result<void> run_keys_sign(const KeysOptions& options, Terminal& terminal);
// A key may have leaked: a new root key in its place, or new keys of the server. Screens follow by themselves.
Result<void> run_keys_rotate(const KeysOptions& options, Terminal& terminal);
// The root key's file anew, from the recovery sheet.
Result<void> run_keys_restore(const KeysOptions& options, Terminal& terminal);
// The keys that the root after `root` names for root: those that `root` names, or `key` alone where a new server's provisional root is
// taken over. Nothing that the server says is believed for it: refused when `key` is not among them or has never signed `root`, since
// otherwise a server could slip in a root key of its own and have it signed.
Result<tuf::Signers> signers_of_next_root(const tuf::Metadata& root, const SecretKey& key, bool provisional);
// Which keys are in use.
Result<void> run_keys_show(const KeysOptions& options, Terminal& terminal);

} // namespace capsule::cli
