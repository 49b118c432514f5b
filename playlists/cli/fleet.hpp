// `capsule device …` and `capsule screens`. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct DeviceOptions {
    Access access;
    std::string screen; // add, enrol
    std::string code;   // enrol: as the machine shows it
    std::string site, name; // enrol: of a new screen
    bool replace = false;   // enrol
    std::string key;    // add: 64 hexadecimal digits
    std::string device; // revoke: 16 hexadecimal digits
    bool json = false;  // list
};

Result<void> run_device_add(const DeviceOptions& options, Terminal& terminal);
Result<void> run_device_enrol(const DeviceOptions& options, Terminal& terminal);
Result<void> run_device_list(const DeviceOptions& options, Terminal& terminal);
Result<void> run_device_revoke(const DeviceOptions& options, Terminal& terminal);

struct ScreensOptions {
    Access access;
    bool json = false;
};

Result<void> run_screens(const ScreensOptions& options, Terminal& terminal);

} // namespace capsule::cli
