#include "playlists/cli/account.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

Result<Path> token_path(const Access& access, Terminal& terminal) {
    if (!access.token_file.empty())
        return Path(access.token_file);
    const std::string config = terminal.environment("XDG_CONFIG_HOME"), home = terminal.environment("HOME");
    if (config.empty() && home.empty())
        return Error{Category::invalid, "neither XDG_CONFIG_HOME nor HOME is set: say where the token is with --token-file"};
    return (config.empty() ? Path(home) / ".config" : Path(config)) / "capsule" / "token.json";
}

http::Settings http_settings(const Access& access) {
    http::Settings settings;
    settings.stall_timeout = std::chrono::seconds(60); // publishing and reports take a while on the server
    settings.ca_bundle = access.ca_bundle;
    settings.proxy = access.proxy;
    return settings;
}

std::string without_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

Result<std::string> password(const LoginOptions& options, Terminal& terminal) {
    if (options.password_file.empty())
        return terminal.ask_secret("Password of " + options.login + ": ");
    CAPSULE_TRY(text, terminal.disk.read(options.password_file, 4096));
    text = without_line_end(std::move(text));
    if (text.empty())
        return Error{Category::invalid, options.password_file + " is empty: it must hold the password"};
    return std::move(text);
}

// "http://HOST/console#premier-compte=SECRET"
Result<std::pair<std::string, std::string>> split_first_link(const std::string& link) {
    constexpr std::string_view mark = "#premier-compte=";
    const auto at = link.find(mark);
    const auto host = link.find("://");
    if (at == std::string::npos || host == std::string::npos || at + mark.size() == link.size())
        return Error{Category::invalid,
                     "--first needs the whole link that the server printed, such as http://HOST:PORT/console#premier-compte=…"};
    return std::pair(link.substr(0, link.find('/', host + 3)), link.substr(at + mark.size()));
}

} // namespace

Result<void> run_login(const LoginOptions& options, Terminal& terminal) {
    std::string server = options.access.server, secret;
    if (!options.first_link.empty()) {
        CAPSULE_TRY(parts, split_first_link(options.first_link));
        if (server.empty())
            server = parts.first;
        secret = parts.second;
    }
    if (server.empty())
        return Error{Category::invalid, "--server http://HOST:PORT is needed: it is not known yet which server"};
    CAPSULE_TRY(path, token_path(options.access, terminal));
    CAPSULE_TRY(word, password(options, terminal));
    client::ApiClient api(server, "", http_settings(options.access));
    if (!secret.empty())
        CAPSULE_CHECK(api.create_first_account(secret, options.login, word));
    CAPSULE_TRY(signed_in, api.sign_in(options.login, word, options.code));
    const nlohmann::ordered_json token = {{"format", 1},
                                          {"server", api.address()},
                                          {"login", signed_in.login},
                                          {"role", signed_in.role},
                                          {"token", signed_in.token}};
    CAPSULE_CHECK(terminal.disk.make_directories(path.parent_path().empty() ? Path(".") : path.parent_path()));
    CAPSULE_CHECK(write_durably(terminal.disk, path, token.dump(2) + "\n", 0600));
    terminal.out << "signed in at " << api.address() << " as " << signed_in.login << " (" << signed_in.role << ")";
    if (!signed_in.expires_at.empty())
        terminal.out << ", until " << signed_in.expires_at;
    terminal.out << "\n";
    return {};
}

Result<client::ApiClient> open_client(const Access& access, Terminal& terminal) {
    CAPSULE_TRY(path, token_path(access, terminal));
    const auto text = terminal.disk.read(path, 65536);
    if (!text && text.error().category == Category::missing)
        return Error{Category::refused,
                     "not signed in (" + path.string() + " is not there): run `capsule login --server URL --login NAME`"};
    if (!text)
        return text.error();
    const auto token = json::parse_strict(*text, {.bytes = 65536, .depth = 4, .floats = false});
    if (!token || !token->is_object() || !token->contains("server") || !(*token)["server"].is_string() ||
        !token->contains("token") || !(*token)["token"].is_string())
        return Error{Category::invalid, path.string() + " is no token file: run `capsule login` again"};
    std::string server = access.server;
    while (server.ends_with('/'))
        server.pop_back();
    const std::string known = (*token)["server"].get<std::string>();
    // A token is a secret of one server: no other may see it.
    if (!server.empty() && server != known)
        return Error{Category::refused, "the token in " + path.string() + " is for " + known + ", not for " + server +
                                            ": run `capsule login --server " + server + "` first"};
    return client::ApiClient(known, (*token)["token"].get<std::string>(), http_settings(access));
}

} // namespace capsule::cli
