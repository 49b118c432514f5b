#include "player/app/options.hpp"

#include "content/captions/language.hpp"
#include "player/app/config_file.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>
#include <sstream>

namespace capsule {

namespace {

std::optional<Size> parse_size(const std::string& text) {
    Size size;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &size.width, &size.height, &rest) != 2)
        return std::nullopt;
    if (size.width < 16 || size.height < 16 || size.width > 16384 || size.height > 16384)
        return std::nullopt;
    return size;
}

std::optional<std::vector<std::string>> parse_languages(const std::string& text) {
    std::vector<std::string> languages;
    if (text == "none")
        return languages;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) {
        if (word != "*" && (word = language_tag(word)).empty())
            return std::nullopt;
        languages.push_back(word);
    }
    return languages;
}

} // namespace

std::variant<Options, Leave> parse_options(int count, const char* const* arguments) {
    Options options;
    std::string size, play_for, poll, qr_card_for, captions, bandwidth, hours, kind = "auto", decode = "auto";
    std::vector<std::string> play, sources;
    int degrees = 0;
    double overscan = 0;
    bool version = false;

    CLI::App app{"Plays capsules on a screen, from a server or from local files."};
    app.name("capsule-player");
    app.add_option("--play", play, "Play these local files in a loop, without a server")->type_name("FILE");
    app.add_option("--server", options.server, "Address of the central server")->type_name("URL");
    app.add_option("--store", options.store, "Folder for what has been fetched and shown")->type_name("DIR");
    app.add_option("--config", options.config, "Settings (player.toml); the command line wins")->type_name("FILE");
    app.add_option("--root", options.root, "The root.json to trust first (without it: the server's, at first contact)")->type_name("FILE");
    app.add_option("--public-url", options.public_url, "Where visitors' phones reach the server, for QR codes")->type_name("URL");
    app.add_option("--poll", poll, "How often the server is asked for news, 60s unless told")->type_name("DURATION");
    app.add_option("--source", sources, "Where capsules come from, in order of preference: an address or a folder; the server comes last")
        ->type_name("URL|DIR");
    app.add_option("--bandwidth", bandwidth, "Most that capsules may take of the line: 500kB/s, 4Mbit/s")->type_name("RATE");
    app.add_option("--download-hours", hours, "When large downloads may run, local time: 20:00-06:00")->type_name("HOURS");
    app.add_option("--proxy", options.sync.proxy, "Way out to the network")->type_name("URL");
    app.add_option("--ca-bundle", options.sync.ca_bundle, "Certificate authorities beside the system's, PEM")->type_name("FILE");
    app.add_option("--qr-card-for", qr_card_for, "How long a QR card stays, 20s unless told")->type_name("DURATION");
    app.add_option("--size", size, "Size of the picture; without it, the whole display (off screen: 1920x1080)")->type_name("WxH");
    app.add_flag("--headless", options.stage.headless, "Draw off screen");
    app.add_flag("--windowed", options.stage.windowed, "In a window with a frame");
    app.add_option("--display", options.stage.display, "Which display, from 0")->type_name("N")->check(CLI::NonNegativeNumber);
    app.add_option("--rotation", degrees, "The screen hangs turned: 0, 90, 180 or 270 degrees")->check(CLI::IsMember({0, 90, 180, 270}));
    app.add_option("--overscan", overscan, "Percent of each side that the panel hides, left black: 0 to 10")->type_name("PERCENT")->check(CLI::Range(0.0, 10.0));
    app.add_flag("--wait-for-display", options.wait_for_display, "Without a display, wait for one instead of ending (always so with a server)");
    app.add_option("--stage", kind, "How pictures are drawn: auto, gpu or cpu")->check(CLI::IsMember({"auto", "gpu", "cpu"}));
    app.add_option("--decode", decode, "How pictures are decoded: auto (in hardware where there is a GPU too), software or hardware")
        ->check(CLI::IsMember({"auto", "software", "hardware"}));
    app.add_flag("--sound", options.sound, "Let the sound of capsules be heard");
    app.add_option("--for", play_for, "End after this time from the first frame: 30s, 10min, 2h")->type_name("DURATION");
    auto* loops = app.add_option("--loops", options.loops, "With --play: end after so many passes")->type_name("N")->check(CLI::PositiveNumber);
    auto* once = app.add_flag("--exit-on-end", options.exit_on_end, "With --play: end after one pass");
    app.add_option("--captions", captions, "With --play: languages of captions, preferred first, * for any other, or none; fr,* unless told")
        ->type_name("LANGUAGES");
    app.add_option("--frames-log", options.frames_log, "Append one JSON line for each frame put on screen")->type_name("FILE");
    app.add_option("--screenshot", options.screenshot, "Save the picture of a capsule as PNG")->type_name("FILE");
    app.add_option("--screenshot-frame", options.screenshot_frame, "Which frame of it, from 0; without it, one at about 40 %")->type_name("N");
    app.add_option("--screenshot-qr", options.screenshot_qr, "Save the picture of a QR card as PNG")->type_name("FILE");
    app.add_flag("--diagnostic", options.diagnostic, "Keep the diagnostic panel on screen (any key shows it for 20 s)");
    app.add_flag("--network", options.print_network, "Print what a firewall must let through and leave");
    app.add_flag("--print-key", options.print_key, "Print this device's public key and leave");
    app.add_flag("--prepare-image", options.prepare_image, "Before this disk is copied: remove key, journal and all that was fetched, and leave");
    app.add_option("--log-level", options.log_level, "debug, info, warning or error")
        ->transform(CLI::CheckedTransformer(std::map<std::string, LogLevel>{{"debug", LogLevel::debug},
                                                                             {"info", LogLevel::info},
                                                                             {"warning", LogLevel::warning},
                                                                             {"error", LogLevel::error}},
                                            CLI::ignore_case));
    app.add_flag("--version", version, "Print the version and leave");

    const auto wrong = [](const std::string& text) { return Leave{2, "capsule-player: " + text + " (see --help)\n"}; };
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        return Leave{0, app.help()};
    } catch (const CLI::ParseError& error) {
        return wrong(error.what());
    }
    if (version)
        return Leave{0, "capsule-player " CAPSULE_VERSION "\n"};
    options.play.assign(play.begin(), play.end());
    options.stage.quarter_turns = degrees / 90;
    options.stage.margin = overscan / 100;
    options.stage.kind = kind == "gpu" ? StageKind::gpu : kind == "cpu" ? StageKind::cpu : StageKind::automatic;
    options.decode = decode == "hardware"   ? Options::Decode::hardware
                     : decode == "software" ? Options::Decode::software
                                            : Options::Decode::automatic;
    if (!size.empty()) {
        const auto parsed = parse_size(size);
        if (!parsed)
            return wrong("--size " + size + ": give it as 1920x1080");
        options.stage.size = *parsed;
    }
    if (!captions.empty()) {
        const auto parsed = parse_languages(captions);
        if (!parsed)
            return wrong("--captions " + captions + ": give languages as fr,ar or fr,* or none");
        options.captions = *parsed;
    }
    if (!play_for.empty()) {
        const auto parsed = parse_duration(play_for);
        if (!parsed || parsed->count() <= 0)
            return wrong("--for " + play_for + ": give a duration as 30s, 10min or 2h");
        options.play_for = *parsed;
    }
    if (!poll.empty()) {
        const auto parsed = parse_duration(poll);
        if (!parsed || parsed->count() <= 0)
            return wrong("--poll " + poll + ": give a duration as 60s or 5min");
        options.poll_interval = *parsed;
        options.poll_given = true;
    }
    for (const std::string& source : sources)
        options.sync.sources.push_back({source, 0});
    if (!bandwidth.empty()) {
        const auto parsed = parse_bandwidth(bandwidth);
        if (!parsed)
            return wrong("--bandwidth " + bandwidth + ": give it as 500kB/s or 4Mbit/s");
        options.sync.bytes_per_second = *parsed;
    }
    if (!hours.empty())
        if (const auto set = set_hours(options.sync, hours); !set)
            return wrong("--download-hours: " + set.error().message);
    if (!qr_card_for.empty()) {
        const auto parsed = parse_duration(qr_card_for);
        if (!parsed || parsed->count() <= 0)
            return wrong("--qr-card-for " + qr_card_for + ": give a duration as 20s");
        options.qr_card_duration = *parsed;
    }
    if (!options.config.empty()) {
        SystemDisk disk;
        if (const auto read = read_config(options.config, disk, options); !read)
            return Leave{read.error().category == Category::invalid ? 2 : 1, "capsule-player: " + read.error().message + "\n"};
    }
    if (!options.server.empty() && !is_web_address(options.server))
        return wrong("--server " + options.server + ": give an address like http://HOST:PORT");
    if (!options.play.empty() && !options.server.empty())
        return wrong("--play and --server exclude each other");
    if (options.play.empty() && !captions.empty())
        return wrong("--captions needs --play: on an enrolled screen the fleet says the languages");
    if (options.play.empty() && (loops->count() > 0 || once->count() > 0))
        return wrong("--loops and --exit-on-end need --play");
    if (options.play.empty() && options.server.empty() && options.config.empty() && options.store.empty())
        return wrong("give --play FILE..., --server URL or --config player.toml");
    return options;
}

} // namespace capsule
