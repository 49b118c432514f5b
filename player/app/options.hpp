// What capsule-player is told on its command line. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/log.hpp"
#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"
#include "player/app/sync_options.hpp"
#include "player/present/stage.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace capsule {

struct Options {
    // One of: local files; a server (or what its configuration file says).
    std::vector<Path> play;
    std::string server;
    Path store, config;
    Path root; // root.json to trust first; empty: the server's at first contact
    std::string public_url;
    Nanoseconds poll_interval = std::chrono::seconds(60);
    bool poll_given = false; // on the command line
    Milliseconds qr_card_duration = std::chrono::seconds(20);

    SyncOptions sync;

    StageOptions stage;
    bool wait_for_display = false; // with a server it always does
    enum class Decode { automatic, software, hardware } decode = Decode::automatic;
    std::string connector; // the one that the screen hangs on, for the panel's state; empty: any that has a cable
    bool sound = false;
    std::optional<Nanoseconds> play_for; // from the first frame
    int loops = 0;                       // passes through `play`; 0: without end
    bool exit_on_end = false;            // one pass
    std::vector<std::string> captions = {"fr", "*"}; // of `play`: languages, preferred first; "*": any other; empty: none
    Path frames_log, screenshot, screenshot_qr;
    std::optional<std::int64_t> screenshot_frame; // of the first capsule, from 0; empty: about 40 % into it
    bool print_key = false;
    bool print_network = false;
    bool diagnostic = false; // the diagnostic panel stays
    bool prepare_image = false;
    // Not from the command line: why there is no sound, in words; empty: there is.
    std::function<std::string()> sound_trouble;
    std::optional<LogLevel> log_level; // empty: info with a server; with --play only what is wrong
};

struct Leave {
    int code = 0; // the program's exit code, after `text` has been printed (code 0: on standard output)
    std::string text;
};

// The options, or a reason to leave at once: help, version, wrong usage (code 2).
std::variant<Options, Leave> parse_options(int count, const char* const* arguments);

} // namespace capsule
