#include "playlists/cli/keys.hpp"

#include "playlists/cli/root_key.hpp"
#include "playlists/release/signing.hpp"

#include <algorithm>

namespace capsule::cli {

namespace {

constexpr Milliseconds enough_left = std::chrono::hours(24 * 365);

Result<Path> key_path(const KeysOptions& options, Terminal& terminal) {
    if (!options.key.empty())
        return Path(options.key);
    const std::string config = terminal.environment("XDG_CONFIG_HOME"), home = terminal.environment("HOME");
    if (config.empty() && home.empty())
        return Error{Category::invalid, "neither XDG_CONFIG_HOME nor HOME is set: say where the root key is with --key"};
    return (config.empty() ? Path(home) / ".config" : Path(config)) / "capsule" / "root.key";
}

Result<std::string> first_line(Disk& disk, const std::string& file) {
    CAPSULE_TRY(text, disk.read(file, 4096));
    text.resize(std::min(text.size(), text.find_first_of("\r\n")));
    if (text.empty())
        return Error{Category::invalid, file + " is empty"};
    return std::move(text);
}

Result<std::string> passphrase(const KeysOptions& options, Terminal& terminal, bool is_new) {
    if (!options.passphrase_file.empty())
        return first_line(terminal.disk, options.passphrase_file);
    CAPSULE_TRY(first, terminal.ask_secret(is_new ? "Passphrase for the root key (12 characters or more): " : "Passphrase of the root key: "));
    if (!is_new)
        return std::move(first);
    CAPSULE_TRY(again, terminal.ask_secret("Again: "));
    if (first != again)
        return Error{Category::invalid, "the two passphrases differ: nothing was made"};
    return std::move(first);
}

// Saves `key` and gives out its recovery sheet; the sheet first, so that no key is ever in use without one. Neither replaces what is
// there: a sheet may be all that is left of a key that screens follow. `option` names the file in messages.
Result<void> keep(const KeysOptions& options, Terminal& terminal, const SecretKey& key, const Path& file, const std::string& option,
                  const std::string& word) {
    if (word.size() < 12)
        return Error{Category::invalid, "the passphrase needs 12 characters or more"};
    if (terminal.disk.exists(file))
        return Error{Category::refused, file.string() + " is there already: a root key is never overwritten; name another file with " + option};
    if (!options.sheet.empty() && terminal.disk.exists(options.sheet))
        return Error{Category::refused, options.sheet + " is there already: a recovery sheet is never overwritten; name another file with --sheet"};
    CAPSULE_TRY(sheet, recovery_sheet(key, to_rfc3339(terminal.clock.wall()).substr(0, 10)));
    if (!options.sheet.empty())
        CAPSULE_CHECK(write_durably(terminal.disk, options.sheet, sheet, 0600));
    if (const auto saved = save_root_key(terminal.disk, file, key, word); !saved) {
        if (!options.sheet.empty())
            (void)terminal.disk.remove(options.sheet); // of a key that nobody will ever have
        return saved;
    }
    if (options.sheet.empty())
        terminal.out << sheet;
    terminal.err << "root key in " << file.string() << (options.sheet.empty() ? "" : ", recovery sheet in " + options.sheet)
                 << ": print the sheet and lock it away\n";
    return {};
}

Result<tuf::Metadata> root_in_force(client::ApiClient& api, std::int64_t version) {
    const std::string name = std::to_string(version) + ".root.json";
    CAPSULE_TRY(bytes, api.release_file(name));
    auto parsed = tuf::parse_metadata(std::move(bytes), tuf::Role::root, name);
    if (const auto* refusal = std::get_if<tuf::Refusal>(&parsed))
        return to_error(*refusal);
    auto& root = std::get<tuf::Metadata>(parsed);
    if (root.version != version)
        return Error{Category::refused, "the server gives root " + std::to_string(root.version) + " as " + name + ": it may have been broken into"};
    return std::move(root);
}

// Composes the next root, signs it with `signers` and sends it.
Result<client::ReleaseKeys> send_root(client::ApiClient& api, const KeysOptions& options, Terminal& terminal, std::int64_t version,
                                      const tuf::Signers& root, const std::map<std::string, std::string>& online,
                                      const std::vector<SecretKey>& signers) {
    const auto validity = parse_duration(options.expires);
    if (!validity || validity->count() <= 0)
        return Error{Category::invalid, "--expires " + options.expires + ": give it in days, such as 1825d"};
    std::map<tuf::Role, tuf::Signers> roles{{tuf::Role::root, root}};
    for (const tuf::Role role : {tuf::Role::targets, tuf::Role::snapshot, tuf::Role::timestamp}) {
        const auto found = online.find(to_string(role));
        const auto key = found == online.end() ? std::nullopt : PublicKey::parse(found->second);
        if (!key)
            return Error{Category::invalid, "the server names no key for " + std::string(to_string(role))};
        roles[role] = {{tuf::ed25519_key(*key)}, 1};
    }
    std::string bytes = tuf::compose_root(version, terminal.clock.wall() + *validity, roles);
    for (const SecretKey& key : signers) {
        CAPSULE_TRY(with, tuf::with_signature(bytes, key));
        bytes = with;
    }
    return api.put_root(bytes);
}

// The keys that stand for root in what is in force.
tuf::Signers root_signers(const tuf::Metadata& root) {
    const auto& role = root.roles.at(tuf::Role::root);
    tuf::Signers signers{{}, role.threshold};
    for (const auto& id : role.keyids)
        if (const auto found = root.keys.find(id); found != root.keys.end())
            signers.keys.push_back(found->second);
    return signers;
}

bool names(const tuf::Signers& signers, const SecretKey& key) {
    return std::find(signers.keys.begin(), signers.keys.end(), tuf::ed25519_key(key.public_key())) != signers.keys.end();
}

} // namespace

Result<tuf::Signers> signers_of_next_root(const tuf::Metadata& root, const SecretKey& key, bool provisional) {
    const tuf::Key own = tuf::ed25519_key(key.public_key());
    if (provisional && root.version == 1)
        return tuf::Signers{{own}, 1};
    const tuf::Signers signers = root_signers(root);
    if (!names(signers, key))
        return Error{Category::refused, "the screens follow another root key than the one given"};
    if (provisional || !tuf::signed_by(root, {{tuf::key_id(own), own}}, {{tuf::key_id(own)}, 1}))
        return Error{Category::refused, "root " + std::to_string(root.version) + " as the server gives it was never signed by this root key: "
                                            "the server may have been broken into; nothing was signed"};
    if (signers.threshold != 1)
        return Error{Category::refused, "this root needs several signatures: sign it with the tool that made it"};
    return signers;
}

namespace {

struct Opened {
    client::ApiClient api;
    SecretKey key;
    client::ReleaseKeys state;
    tuf::Metadata root;
    tuf::Signers signers; // of root
    std::string word;
};

Result<Opened> open(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(path, key_path(options, terminal));
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(state, api.release_keys());
    CAPSULE_TRY(root, root_in_force(api, state.root_version));
    CAPSULE_TRY(word, passphrase(options, terminal, false));
    CAPSULE_TRY(key, load_root_key(terminal.disk, path, word));
    auto signers = signers_of_next_root(root, key, state.provisional);
    if (!signers)
        return in_context(path.string(), signers.error());
    return Opened{std::move(api), key, std::move(state), std::move(root), std::move(*signers), std::move(word)};
}

} // namespace

Result<void> run_keys_create(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(path, key_path(options, terminal));
    CAPSULE_TRY(word, passphrase(options, terminal, true));
    return keep(options, terminal, SecretKey::generate(), path, "--key", word);
}

Result<void> run_keys_sign(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(opened, open(options, terminal));
    const bool named = !opened.state.provisional && !opened.state.next;
    if (named && !options.renew && opened.root.expires - terminal.clock.wall() > enough_left) {
        terminal.out << "nothing to sign: root " << opened.state.root_version << " is in force until " << to_rfc3339(opened.root.expires) << "\n";
        return {};
    }
    CAPSULE_TRY(done, send_root(opened.api, options, terminal, opened.state.root_version + 1, opened.signers,
                                opened.state.next.value_or(opened.state.keys), {opened.key}));
    terminal.out << "root " << done.root_version << " is in force" << (opened.state.provisional ? "; the server has no root key any more" : "")
                 << "\n";
    return {};
}

Result<void> run_keys_rotate(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(opened, open(options, terminal));
    if (options.server_keys) {
        CAPSULE_TRY(state, opened.api.prepare_key_rotation());
        CAPSULE_TRY(done, send_root(opened.api, options, terminal, state.root_version + 1, opened.signers, state.next.value_or(state.keys),
                                    {opened.key}));
        terminal.out << "root " << done.root_version << " is in force; the server signs with new keys\n";
        return {};
    }
    CAPSULE_TRY(path, key_path(options, terminal));
    const Path file = options.new_key.empty() ? Path(path.string() + "." + std::to_string(opened.state.root_version + 1)) : Path(options.new_key);
    const SecretKey key = SecretKey::generate();
    CAPSULE_CHECK(keep(options, terminal, key, file, "--new-key", opened.word));
    tuf::Signers signers = opened.signers;
    std::replace(signers.keys.begin(), signers.keys.end(), tuf::ed25519_key(opened.key.public_key()), tuf::ed25519_key(key.public_key()));
    const auto done = send_root(opened.api, options, terminal, opened.state.root_version + 1, signers,
                                opened.state.next.value_or(opened.state.keys), {opened.key, key});
    if (!done) // the answer may have been lost after the server had taken it
        return in_context("`capsule keys show` says whether the new root key in " + file.string() + " is in force", done.error());
    terminal.out << "root " << done->root_version << " is in force; the root key is now " << file.string() << ", the old one signs no more\n";
    return {};
}

Result<void> run_keys_restore(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(path, key_path(options, terminal));
    auto code = options.code_file.empty() ? terminal.ask_secret("Code on the recovery sheet: ") : first_line(terminal.disk, options.code_file);
    if (!code)
        return code.error();
    CAPSULE_TRY(key, from_recovery_code(*code));
    CAPSULE_TRY(word, passphrase(options, terminal, true));
    if (word.size() < 12)
        return Error{Category::invalid, "the passphrase needs 12 characters or more"};
    CAPSULE_CHECK(save_root_key(terminal.disk, path, key, word));
    terminal.out << "root key " << key.public_key().hex() << " is back in " << path.string() << "\n";
    return {};
}

Result<void> run_keys_show(const KeysOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(state, api.release_keys());
    CAPSULE_TRY(root, root_in_force(api, state.root_version));
    terminal.out << "root " << state.root_version << ", until " << to_rfc3339(root.expires)
                 << (state.provisional ? ", provisional: take it over with `capsule keys create` and `capsule keys sign`" : "") << "\n";
    for (const auto& key : root_signers(root).keys)
        terminal.out << "  root       " << key.value << "\n";
    for (const auto& [role, key] : state.keys)
        terminal.out << "  " << role << std::string(11 - std::min<std::size_t>(10, role.size()), ' ') << key << "\n";
    return {};
}

} // namespace capsule::cli
