#include "playlists/cli/command_line.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/changes.hpp"
#include "playlists/cli/enrol.hpp"
#include "playlists/cli/export.hpp"
#include "playlists/cli/fleet.hpp"
#include "playlists/cli/foresight.hpp"
#include "playlists/cli/hours.hpp"
#include "playlists/cli/ingest.hpp"
#include "playlists/cli/ledger.hpp"
#include "playlists/cli/keys.hpp"
#include "playlists/cli/local_store.hpp"
#include "playlists/cli/places.hpp"
#include "playlists/cli/push.hpp"
#include "playlists/cli/report.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace capsule::cli {

namespace {

using Command = std::function<Result<void>()>;

void add_access(CLI::App& app, Access& access) {
    app.add_option("--server", access.server, "Address of the server, http://HOST:PORT (default: the one signed in at)");
    app.add_option("--token-file", access.token_file,
                   "File with the token (default: ${XDG_CONFIG_HOME:-~/.config}/capsule/token.json)");
    app.add_option("--ca-bundle", access.ca_bundle, "File with extra certificate authorities, PEM")->check(CLI::ExistingFile);
    app.add_option("--proxy", access.proxy, "Proxy, http://HOST:PORT (default: as the environment says)");
}

// Everything that the commands' options are written into.
struct Options {
    IngestOptions ingest;
    std::string samples_store;
    LoginOptions login;
    PushOptions push;
    PublishOptions publish;
    DeviceOptions device;
    EnrolOptions enrolling;
    ScreensOptions screens;
    ReportOptions report;
    LedgerOptions ledger;
    ChangesOptions changes;
    HoursOptions hours;
    ForesightOptions foresight;
    KeysOptions keys;
    ExportOptions to_folder;
    PlacesOptions places;
};

void add_content_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    auto* ingest = app.add_subcommand("ingest", "Make a capsule from a video or an image");
    ingest->add_option("MASTER", options.ingest.master, "The video or image")->required();
    ingest->add_option("--meta", options.ingest.meta, "capsule.toml: title, theme, rights, …")->required();
    ingest->add_option("--store", options.ingest.store, "Folder in which capsules are kept")->capture_default_str();
    ingest->add_flag("--json", options.ingest.json, "Print the result as JSON");
    ingest->callback([&] { chosen = [&] { return run_ingest(options.ingest, terminal); }; });

    auto* samples = app.add_subcommand("samples", "Build the capsules that ship with the program");
    samples->add_option("--store", options.samples_store, "Folder in which capsules are kept")->capture_default_str();
    samples->callback([&] { chosen = [&] { return run_samples(options.samples_store, terminal); }; });

    auto* push =
        app.add_subcommand("push", "Send playlists with their capsules, schedules, sites and screens to the server's draft");
    push->add_option("FILE", options.push.files, "playlist.toml, schedule.toml, sites.csv, a directory of places (CSV, JSON), school holidays (.ics)")->required();
    push->add_option("--store", options.push.store, "Folder in which capsules are kept")->capture_default_str();
    add_access(*push, options.push.access);
    push->callback([&] { chosen = [&] { return run_push(options.push, terminal); }; });

    auto* publish = app.add_subcommand("publish", "Send the draft out to the screens");
    publish->add_flag("--json", options.publish.json, "Print the result as JSON");
    add_access(*publish, options.publish.access);

    auto* exporting = app.add_subcommand("export", "Write the release and its files into a folder, which a screen takes as a source");
    exporting->add_option("--to", options.to_folder.to, "The folder; what it holds already is not fetched again")->required();
    exporting->add_option("--screen", options.to_folder.screen, "Only what this screen needs (default: what any screen needs)");
    add_access(*exporting, options.to_folder.access);
    exporting->callback([&] { chosen = [&] { return run_export(options.to_folder, terminal); }; });
    publish->callback([&] { chosen = [&] { return run_publish(options.publish, terminal); }; });
}

void add_fleet_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    auto* login = app.add_subcommand("login", "Sign in; the token stays in a file");
    login->add_option("--login", options.login.login, "Login name")->required();
    login->add_option("--password-file", options.login.password_file, "File with the password (default: ask)");
    login->add_option("--code", options.login.code, "Code of the second factor, where the account has one");
    login->add_option("--first", options.login.first_link,
                      "The one-time link that a new server printed: makes the first account");
    add_access(*login, options.login.access);
    login->callback([&] { chosen = [&] { return run_login(options.login, terminal); }; });

    auto* device = app.add_subcommand("device", "Which machine serves which screen");
    device->require_subcommand(1);
    auto* add = device->add_subcommand("add", "Enrol a machine by its key, without a code (for scripts)");
    add->add_option("--screen", options.device.screen, "The screen's name")->required();
    add->add_option("--key", options.device.key, "The machine's public key, 64 hexadecimal digits")->required();
    add_access(*add, options.device.access);
    add->callback([&] { chosen = [&] { return run_device_add(options.device, terminal); }; });
    auto* enrol = device->add_subcommand("enrol", "Give the machine that shows a code its screen");
    enrol->add_option("CODE", options.device.code, "The eight letters and digits on its display")->required();
    enrol->add_option("--screen", options.device.screen, "Which screen it is to be");
    enrol->add_option("--site", options.device.site, "Where a new screen is");
    enrol->add_option("--name", options.device.name, "What a new screen is called: \"Hall\"");
    enrol->add_flag("--replace", options.device.replace, "Revoke the machine that serves the screen now");
    add_access(*enrol, options.device.access);
    enrol->callback([&] { chosen = [&] { return run_device_enrol(options.device, terminal); }; });
    auto* list = device->add_subcommand("list", "List machines");
    list->add_flag("--json", options.device.json, "Print them as JSON");
    add_access(*list, options.device.access);
    list->callback([&] { chosen = [&] { return run_device_list(options.device, terminal); }; });
    auto* revoke = device->add_subcommand("revoke", "Refuse a machine from now on");
    revoke->add_option("DEVICE", options.device.device, "The machine's id, 16 hexadecimal digits")->required();
    add_access(*revoke, options.device.access);
    revoke->callback([&] { chosen = [&] { return run_device_revoke(options.device, terminal); }; });

    auto* many = app.add_subcommand("enrol", "Write single-use tokens onto a stick, one per screen of sites.csv: machines that start with it are enrolled");
    many->add_option("--sites", options.enrolling.sites, "sites.csv; places and screens that the server does not know yet are added")->required();
    many->add_option("--to", options.enrolling.to, "The stick's folder")->required();
    many->add_option("--valid-for", options.enrolling.valid_for, "How long the tokens count")->capture_default_str();
    many->add_option("--server-for-screens", options.enrolling.server_for_screens,
                     "Address by which the screens reach the server (default: the one that this command uses)");
    many->add_flag("--json", options.enrolling.json, "Print the tokens' files as JSON");
    add_access(*many, options.enrolling.access);
    many->callback([&] { chosen = [&] { return run_enrol(options.enrolling, terminal); }; });

    auto* screens = app.add_subcommand("screens", "How the screens are doing");
    screens->add_flag("--json", options.screens.json, "Print them as JSON");
    add_access(*screens, options.screens.access);
    screens->callback([&] { chosen = [&] { return run_screens(options.screens, terminal); }; });
}

// Words with commas between, each one of these.
CLI::Validator each_of(std::vector<std::string> words) {
    return {[words = std::move(words)](std::string& text) {
                for (std::size_t at = 0; at <= text.size();) {
                    const std::size_t comma = std::min(text.find(',', at), text.size());
                    const std::string word = text.substr(at, comma - at);
                    if (std::find(words.begin(), words.end(), word) == words.end())
                        return "\"" + word + "\" is none of " + CLI::detail::join(words, ", ");
                    at = comma + 1;
                }
                return std::string{};
            },
            ""};
}

void add_changes_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    auto* changes = app.add_subcommand("changes", "Who changed what at the server (administrators)");
    changes->require_subcommand(1);
    auto* verify = changes->add_subcommand("verify", "Walk the log's chain; print its last row, to be kept elsewhere");
    verify->add_option("--since", options.changes.since, "NUMBER:DIGEST that was kept: the log must go on from there");
    verify->add_flag("--json", options.changes.json, "Print the result as JSON");
    add_access(*verify, options.changes.access);
    verify->callback([&] { chosen = [&] { return run_changes_verify(options.changes, terminal); }; });
    auto* list = changes->add_subcommand("list", "All changes, oldest first");
    list->add_flag("--json", options.changes.json, "A line of JSON for each, with before, after and digest");
    add_access(*list, options.changes.access);
    list->callback([&] { chosen = [&] { return run_changes_list(options.changes, terminal); }; });
}

void add_ledger_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    auto* ledger = app.add_subcommand("ledger", "The rows behind the figures: take them away, check them");
    ledger->require_subcommand(1);
    const auto add_choice = [&](CLI::App& command) {
        command.add_option("--device", options.ledger.device, "Only this machine");
        command.add_option("--screen", options.ledger.screen, "Only machines that ever served this screen");
        command.add_option("--from", options.ledger.from, "Received on this day or later, 2026-11-22");
        command.add_option("--to", options.ledger.to, "Received on this day or before");
        add_access(command, options.ledger.access);
    };
    auto* out = ledger->add_subcommand("export", "Write the rows with their signatures to a file, for an auditor");
    out->add_option("--out", options.ledger.file, "The file")->required();
    add_choice(*out);
    out->callback([&] { chosen = [&] { return run_ledger_export(options.ledger, terminal); }; });
    auto* verify = ledger->add_subcommand("verify", "Walk chains, signatures and sequences; say what is missing");
    verify->add_option("FILE", options.ledger.file, "An export; without it the server is asked");
    verify->add_flag("--json", options.ledger.json, "Print the result as JSON");
    add_choice(*verify);
    verify->callback([&] { chosen = [&] { return run_ledger_verify(options.ledger, terminal); }; });
    auto* corrections = ledger->add_subcommand("corrections", "How figures of closed hours were corrected");
    corrections->add_option("--from", options.ledger.from, "First corrected day (default: 30 days ago)");
    corrections->add_option("--to", options.ledger.to, "Last corrected day, included (default: today)");
    corrections->add_flag("--json", options.ledger.json, "Print them as JSON");
    add_access(*corrections, options.ledger.access);
    corrections->callback([&] { chosen = [&] { return run_ledger_corrections(options.ledger, terminal); }; });
}

void add_keys_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    KeysOptions& o = options.keys;
    auto* keys = app.add_subcommand("keys", "Who signs for the screens");
    keys->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, Result<void> (*run)(const KeysOptions&, Terminal&)) {
        auto* command = keys->add_subcommand(name, help);
        command->callback([&o, &terminal, &chosen, run] { chosen = [&o, &terminal, run] { return run(o, terminal); }; });
        return command;
    };
    const auto with_key = [&](CLI::App* command) {
        command->add_option("--key", o.key, "File of the root key (default: ${XDG_CONFIG_HOME:-~/.config}/capsule/root.key)");
        command->add_option("--passphrase-file", o.passphrase_file, "File with its passphrase (default: ask)");
    };
    const auto with_server = [&](CLI::App* command) {
        add_access(*command, o.access);
        command->add_option("--expires", o.expires, "How long the root.json is valid")->capture_default_str();
    };
    auto* create = add("create", "Make the root key, sealed by a passphrase, and its recovery sheet", run_keys_create);
    with_key(create);
    create->add_option("--sheet", o.sheet, "File for the recovery sheet (default: standard output)");
    auto* sign = add("sign", "Sign the next root.json and send it to the server", run_keys_sign);
    with_key(sign);
    with_server(sign);
    sign->add_flag("--renew", o.renew, "Also when nothing has changed");
    auto* rotate = add("rotate", "Replace a key that others may have", run_keys_rotate);
    with_key(rotate);
    with_server(rotate);
    rotate->add_flag("--server-keys", o.server_keys, "The server's keys, not the root key");
    rotate->add_option("--new-key", o.new_key, "File for the new root key (default: the old one's, numbered)");
    rotate->add_option("--sheet", o.sheet, "File for the new recovery sheet (default: standard output)");
    auto* restore = add("restore", "Make the root key's file anew from the recovery sheet", run_keys_restore);
    with_key(restore);
    restore->add_option("--code-file", o.code_file, "File with the sheet's code (default: ask)");
    add_access(*add("show", "Which keys are in use", run_keys_show), o.access);
}

void add_reading_commands(CLI::App& app, Options& options, Terminal& terminal, Command& chosen) {
    auto* report = app.add_subcommand("report", "What was shown");
    report->add_option("--from", options.report.from, "First day, 2026-11-22 (default: 30 days ago)");
    report->add_option("--to", options.report.to, "Last day, included (default: today)");
    report
        ->add_option("--by", options.report.by,
                     "One row per …: capsule, theme, site, commune, ept, day, month, hour; several with commas between")
        ->check(each_of({"capsule", "theme", "site", "commune", "ept", "day", "month", "hour"}))
        ->capture_default_str();
    report->add_option("--format", options.report.format, "How to print it")
        ->check(CLI::IsMember({"table", "csv", "json"}))
        ->capture_default_str();
    add_access(*report, options.report.access);
    report->callback([&] { chosen = [&] { return run_report(options.report, terminal); }; });

    add_ledger_commands(app, options, terminal, chosen);
    add_changes_commands(app, options, terminal, chosen);

    const auto add_foresight = [&](CLI::App& command) {
        command.add_option("--screen", options.foresight.screen, "The screen's name")->required();
        command.add_option("--release", options.foresight.release,
                           "Folder with programme.json, fleet.json, now.json (default: what the server has published)");
        command.add_flag("--json", options.foresight.json, "Print it as JSON");
        add_access(command, options.foresight.access);
    };
    auto* simulate = app.add_subcommand("simulate", "What a screen will play, with the reason for each item");
    simulate->add_option("--from", options.foresight.from, "2026-11-24 or 2026-11-24T10:00, local to the site")->required();
    simulate->add_option("--to", options.foresight.to, "Likewise, not included")->required();
    add_foresight(*simulate);
    simulate->callback([&] { chosen = [&] { return run_simulate(options.foresight, terminal); }; });
    auto* explain = app.add_subcommand("explain", "Why a screen plays this at a moment and not that");
    explain->add_option("--at", options.foresight.at, "2026-11-24T10:00, local to the site")->required();
    add_foresight(*explain);
    explain->callback([&] { chosen = [&] { return run_explain(options.foresight, terminal); }; });

    auto* hours = app.add_subcommand("hours", "What opening hours mean, day by day");
    hours->add_option("EXPRESSION", options.hours.expression, "Opening hours, such as 'Mo-Fr 09:00-17:00; PH off'")->required();
    hours->add_option("--from", options.hours.from, "First day (default: today)");
    hours->add_option("--days", options.hours.days, "How many days")->check(CLI::Range(1, 3660))->capture_default_str();
    hours->add_flag("--json", options.hours.json, "Print them as JSON");
    hours->callback([&] { chosen = [&] { return run_hours(options.hours, terminal); }; });
}

void add_places_commands(CLI::App& app, PlacesOptions& options, Terminal& terminal, Command& chosen) {
    auto* places = app.add_subcommand("places", "Directory files of the national scheme of places that help");
    places->require_subcommand(1);
    const auto add_files = [&](CLI::App& command) {
        command.add_option("FILE", options.files, "CSV or JSON of the scheme; several count as one")->required();
        command.add_flag("--json", options.json, "Print the result as JSON");
    };
    auto* import = places->add_subcommand("import", "Read them row by row: what is taken, what is not and why (`capsule push` sends them)");
    import->add_option("--out", options.out, "File for the document that screens get");
    add_files(*import);
    import->callback([&] { chosen = [&] { return run_places_import(options, terminal); }; });
    auto* nearest = places->add_subcommand("nearest", "The nearest places, as a screen there would name them");
    nearest->add_option("--latitude", options.latitude, "Where: degrees, 48.753")->required();
    nearest->add_option("--longitude", options.longitude, "Likewise, 2.297")->required();
    nearest->add_option("--count", options.count, "How many")->check(CLI::Range(1, 10000))->capture_default_str();
    nearest->add_option("--at", options.at, "When, local: 2026-11-24T10:00 (default: now)");
    nearest->add_flag("--all", options.all, "Also places farther than 10 km or not confirmed for twelve months");
    add_files(*nearest);
    nearest->callback([&] { chosen = [&] { return run_places_nearest(options, terminal); }; });
}

// What is not known is what is wrong, rather than what is missing because of it.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining(true);
    if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr || unknown.empty())
        return error.what();
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        commands.push_back(command->get_name());
    const auto meant = nearest_of(commands, unknown.front());
    return "\"" + unknown.front() + "\" is not known" + (meant ? "; did you mean \"" + *meant + "\"?" : "");
}

} // namespace

int run(int argc, const char* const* argv, Terminal& terminal) {
    Options options;
    const std::string store = default_store(terminal.environment("XDG_DATA_HOME"), terminal.environment("HOME")).string();
    options.ingest.store = options.samples_store = options.push.store = store;
    Command chosen;
    CLI::App app("Makes capsules, sends them to the server, reads what was shown.", "capsule");
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "Help of all commands");
    add_content_commands(app, options, terminal, chosen);
    add_fleet_commands(app, options, terminal, chosen);
    add_keys_commands(app, options, terminal, chosen);
    add_reading_commands(app, options, terminal, chosen);
    add_places_commands(app, options.places, terminal, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) { // help
            app.exit(error, terminal.out, terminal.err);
            return 0;
        }
        terminal.err << "capsule: " << what_is_wrong(app, error) << "; see capsule --help\n";
        return 2;
    }
    const auto done = chosen();
    if (done)
        return 0;
    terminal.err << "capsule: " << done.error().message << "\n";
    // A complaint about the value of an option begins with its name.
    return done.error().message.starts_with("--") ? 2 : 1;
}

} // namespace capsule::cli
