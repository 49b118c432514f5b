// Signing in, and the token that stays: ${XDG_CONFIG_HOME:-~/.config}/capsule/token.json, mode 0600. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/terminal.hpp"
#include "playlists/client/api_client.hpp"

#include <string>

namespace capsule::cli {

// Where to reach the server and as whom; options that every command with a server has.
struct Access {
    std::string server;     // empty: the one that the token is for
    std::string token_file; // empty: the usual place
    std::string ca_bundle;
    std::string proxy;
};

struct LoginOptions {
    Access access;
    std::string login;
    std::string code; // of the second factor; empty: none
    std::string password_file; // empty: ask
    std::string first_link;    // the one-time link of a new server: makes the account first
};

// Signs in and keeps the token.
Result<void> run_login(const LoginOptions& options, Terminal& terminal);

// A client with the kept token. Refused, with the remedy, when there is none or it is another server's.
Result<client::ApiClient> open_client(const Access& access, Terminal& terminal);

} // namespace capsule::cli
