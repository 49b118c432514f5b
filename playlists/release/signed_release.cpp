#include "playlists/release/signed_release.hpp"

#include "content/base/log.hpp"

#include <charconv>

namespace capsule::tuf {

namespace {

constexpr std::uint64_t most_bytes = 16u << 20;
constexpr std::int64_t versions_kept = 100; // for screens in the middle of a refresh

std::string versioned(std::int64_t version, Role role) {
    return std::to_string(version) + "." + to_string(role) + ".json";
}

std::string key_file(Role role) {
    return std::string(to_string(role)) + ".key";
}

std::map<std::string, TargetToSign> targets_of(const ReleaseIndex& index) {
    std::map<std::string, TargetToSign> targets;
    for (const DocumentKind kind : all_document_kinds)
        if (const auto& entry = index.entry(kind))
            targets[std::string(to_string(kind)) + ".json"] = {entry->bytes, entry->sha256.hex(), entry->number};
    return targets;
}

} // namespace

Result<std::unique_ptr<SignedRelease>> SignedRelease::open(Disk& disk, const Path& release, const Path& keys, const Clock& clock,
                                                           Validity validity) {
    CAPSULE_CHECK(disk.make_directories(release));
    CAPSULE_CHECK(disk.sync_directory(release.parent_path()));
    std::unique_ptr<SignedRelease> self(new SignedRelease(disk, release, keys, clock, validity));
    CAPSULE_CHECK(self->load());
    return self;
}

Result<void> SignedRelease::load() {
    CAPSULE_TRY(keys, load_or_make_online_keys(m_disk, m_keys_folder));
    m_keys = keys;
    const auto has_next = m_disk.size(m_keys_folder / "next" / "targets.key");
    if (!has_next && has_next.error().category != Category::missing)
        return has_next.error();
    if (has_next) {
        CAPSULE_TRY(next, load_or_make_online_keys(m_disk, m_keys_folder / "next"));
        m_next = next;
    }
    const auto provisional = load_secret_key(m_disk, m_keys_folder / "provisional-root.key");
    if (!provisional && provisional.error().category != Category::missing)
        return provisional.error();
    if (provisional)
        m_provisional = *provisional;
    CAPSULE_CHECK(load_root());
    CAPSULE_TRY(timestamp, read("timestamp.json", Role::timestamp));
    m_timestamp = timestamp;
    if (!m_timestamp)
        return {};
    m_last_timestamp = m_timestamp->version + 1;
    CAPSULE_TRY(snapshot, read(versioned(m_timestamp->snapshot.version, Role::snapshot), Role::snapshot));
    m_snapshot = snapshot;
    if (!m_snapshot || !m_snapshot->files.contains("targets.json"))
        return {};
    CAPSULE_TRY(targets, read(versioned(m_snapshot->files.at("targets.json").version, Role::targets), Role::targets));
    m_targets = targets;
    return {};
}

Result<void> SignedRelease::load_root() {
    CAPSULE_TRY(version, newest(Role::root));
    if (version == 0)
        return make_provisional_root();
    CAPSULE_TRY(root, read(versioned(version, Role::root), Role::root));
    if (!root)
        return Error{Category::io, (m_release / versioned(version, Role::root)).string() + " is listed but not there: check the disk"};
    follow_root(std::move(*root));
    if (!names(m_root, m_keys))
        return Error{Category::invalid, (m_release / versioned(version, Role::root)).string() + " does not name the keys in " +
                                            m_keys_folder.string() + ": put both back from the same backup"};
    try_to_settle_while_locked();
    return {};
}

// The keys that sign from now on are those that `root` names, wherever their files still lie: after a takeover or a rotation they
// have to be moved yet, also when that failed or was cut before.
void SignedRelease::follow_root(Metadata root) {
    m_root = std::move(root);
    if (m_next && names(m_root, *m_next)) {
        m_keys = *m_next;
        m_next.reset();
        m_unsettled = true;
    }
    if (m_provisional && !m_root.keys.contains(key_id(ed25519_key(m_provisional->public_key())))) {
        m_provisional.reset();
        m_unsettled = true;
    }
}

Result<void> SignedRelease::settle_while_locked() {
    if (!m_unsettled)
        return {};
    // Once more: the old keys may go only when this root cannot be lost any more.
    CAPSULE_CHECK(write_durably(m_disk, m_release / versioned(m_root.version, Role::root), m_root.bytes));
    for (const Role role : online_roles)
        CAPSULE_CHECK(save_secret_key(m_disk, m_keys_folder / key_file(role), m_keys.at(role)));
    if (!m_next)
        for (const Role role : online_roles) // targets.key first: without it there is no next set
            CAPSULE_CHECK(m_disk.remove(m_keys_folder / "next" / key_file(role)));
    if (!m_provisional)
        CAPSULE_CHECK(m_disk.remove(m_keys_folder / "provisional-root.key"));
    m_unsettled = false;
    return {};
}

void SignedRelease::try_to_settle_while_locked() {
    if (const auto done = settle_while_locked(); !done)
        log_warning("release", "keys are not in their place yet, to be tried again: " + done.error().message);
}

Result<void> SignedRelease::make_provisional_root() {
    if (!m_provisional) {
        m_provisional = SecretKey::generate();
        CAPSULE_CHECK(save_secret_key(m_disk, m_keys_folder / "provisional-root.key", *m_provisional));
    }
    std::map<Role, Signers> roles{{Role::root, {{ed25519_key(m_provisional->public_key())}, 1}}};
    for (const auto& [role, key] : public_keys(m_keys))
        roles[role] = {{key}, 1};
    CAPSULE_TRY(bytes, with_signature(compose_root(1, m_clock.wall() + m_validity.root, roles), *m_provisional));
    CAPSULE_CHECK(write_durably(m_disk, m_release / "1.root.json", bytes));
    CAPSULE_TRY(root, read("1.root.json", Role::root));
    m_root = *root;
    return {};
}

bool SignedRelease::names(const Metadata& root, const OnlineKeys& keys) const {
    for (const auto& [role, key] : public_keys(keys)) {
        const RoleKeys& named = root.roles.at(role);
        const std::string id = key_id(key);
        const auto found = root.keys.find(id);
        if (named.threshold != 1 || !named.keyids.contains(id) || found == root.keys.end() || found->second != key)
            return false;
    }
    return true;
}

Result<std::optional<Metadata>> SignedRelease::read(const std::string& name, Role role) const {
    auto bytes = m_disk.read(m_release / name, most_bytes);
    if (!bytes && bytes.error().category == Category::missing)
        return std::optional<Metadata>{};
    if (!bytes)
        return bytes.error();
    auto parsed = parse_metadata(std::move(*bytes), role, (m_release / name).string());
    if (const auto* refusal = std::get_if<Refusal>(&parsed))
        return in_context("put it back from a backup", to_error(*refusal));
    return std::optional(std::move(std::get<Metadata>(parsed)));
}

Result<std::int64_t> SignedRelease::newest(Role role) const {
    std::int64_t highest = 0;
    CAPSULE_TRY(names_there, m_disk.list(m_release));
    for (const std::string& name : names_there)
        if (const auto found = parse_metadata_file_name(name); found && found->role == to_string(role))
            highest = std::max(highest, found->version);
    return highest;
}

Result<std::string> SignedRelease::sign(std::string metadata, Role role) const {
    return with_signature(metadata, m_keys.at(role));
}

Result<void> SignedRelease::publish(const ReleaseIndex& index) {
    const std::lock_guard lock(m_mutex);
    try_to_settle_while_locked();
    if (m_targets && m_timestamp)
        if (const auto in_force = index_of(*m_targets); in_force && *in_force == index)
            return {};
    return sign_while_locked(index, false);
}

Result<bool> SignedRelease::refresh() {
    const std::lock_guard lock(m_mutex);
    try_to_settle_while_locked();
    const Instant now = m_clock.wall();
    if (!m_timestamp || !m_snapshot || !m_targets)
        return false; // nothing was published yet
    const auto half_gone = [&](const Metadata& metadata, Milliseconds validity) { return metadata.expires - now < validity / 2; };
    // A cut between a new root and the signatures by its keys.
    const auto by_others = [&](const Metadata& metadata) {
        return !signed_by(metadata, m_root.keys, m_root.roles.at(metadata.role));
    };
    const bool all = half_gone(*m_snapshot, m_validity.snapshot) || half_gone(*m_targets, m_validity.targets) ||
                     by_others(*m_timestamp) || by_others(*m_snapshot) || by_others(*m_targets);
    // Or of a time that has not come yet, by a clock that was wrong: it is a floor for screens' clocks.
    const bool old = !m_timestamp->signed_at || now - *m_timestamp->signed_at >= m_validity.timestamp_every ||
                     *m_timestamp->signed_at > now || half_gone(*m_timestamp, m_validity.timestamp);
    if (!all && !old)
        return false;
    CAPSULE_TRY(index, index_of(*m_targets));
    CAPSULE_CHECK(sign_while_locked(index, all));
    return true;
}

// Targets and snapshot only where they change or `all` is asked for; the timestamp always.
Result<void> SignedRelease::sign_while_locked(const ReleaseIndex& index, bool all) {
    const Instant now = m_clock.wall();
    const auto in_force = m_targets ? index_of(*m_targets) : Result<ReleaseIndex>(Error{});
    const auto metadata_of = [](std::string bytes, Role role) { return std::get<Metadata>(parse_metadata(std::move(bytes), role, "")); };
    auto targets = m_targets, snapshot = m_snapshot;
    if (all || !targets || !snapshot || !in_force || *in_force != index) {
        CAPSULE_TRY(newest_targets, newest(Role::targets));
        CAPSULE_TRY(newest_snapshot, newest(Role::snapshot));
        const std::int64_t targets_version = newest_targets + 1, snapshot_version = newest_snapshot + 1;
        CAPSULE_TRY(targets_bytes, sign(compose_targets(targets_version, now + m_validity.targets, targets_of(index)), Role::targets));
        CAPSULE_CHECK(write_durably(m_disk, m_release / versioned(targets_version, Role::targets), targets_bytes));
        CAPSULE_TRY(snapshot_bytes,
                    sign(compose_snapshot(snapshot_version, now + m_validity.snapshot, targets_version, targets_bytes), Role::snapshot));
        CAPSULE_CHECK(write_durably(m_disk, m_release / versioned(snapshot_version, Role::snapshot), snapshot_bytes));
        targets = metadata_of(targets_bytes, Role::targets);
        snapshot = metadata_of(snapshot_bytes, Role::snapshot);
    }
    CAPSULE_TRY(bytes, sign(compose_timestamp(++m_last_timestamp, now + m_validity.timestamp, now, snapshot->version, snapshot->bytes),
                            Role::timestamp));
    CAPSULE_CHECK(write_durably(m_disk, m_release / "timestamp.json", bytes));
    m_timestamp = metadata_of(bytes, Role::timestamp);
    m_targets = std::move(targets);
    m_snapshot = std::move(snapshot);
    sweep(Role::targets, m_targets->version);
    sweep(Role::snapshot, m_snapshot->version);
    return {};
}

void SignedRelease::sweep(Role role, std::int64_t newest) const {
    // One goes as one comes; what is left over harms nobody.
    const Path old = m_release / versioned(newest - versions_kept, role);
    if (newest > versions_kept && m_disk.exists(old))
        (void)m_disk.remove(old);
}

std::string SignedRelease::timestamp() const {
    const std::lock_guard lock(m_mutex);
    return m_timestamp ? m_timestamp->bytes : std::string{};
}

std::string SignedRelease::root() const {
    const std::lock_guard lock(m_mutex);
    return m_root.bytes;
}

KeyState SignedRelease::key_state() const {
    const std::lock_guard lock(m_mutex);
    return key_state_while_locked();
}

KeyState SignedRelease::key_state_while_locked() const {
    KeyState state{m_root.version, m_root.expires, m_provisional.has_value(), public_keys(m_keys), {}};
    if (m_next)
        state.next = public_keys(*m_next);
    return state;
}

Result<KeyState> SignedRelease::prepare_rotation() {
    const std::lock_guard lock(m_mutex);
    CAPSULE_CHECK(settle_while_locked());
    if (!m_next) // what an interrupted rotation left would be the keys in use
        for (const Role role : online_roles)
            CAPSULE_CHECK(m_disk.remove(m_keys_folder / "next" / key_file(role)));
    CAPSULE_TRY(next, load_or_make_online_keys(m_disk, m_keys_folder / "next"));
    m_next = next;
    return key_state_while_locked();
}

Result<KeyState> SignedRelease::take_root(const std::string& bytes) {
    const std::lock_guard lock(m_mutex);
    const std::string file = versioned(m_root.version + 1, Role::root);
    std::string complete = bytes;
    if (m_provisional) {
        CAPSULE_TRY(by_provisional, with_signature(bytes, *m_provisional));
        complete = by_provisional;
    }
    auto parsed = parse_metadata(complete, Role::root, file);
    if (const auto* refusal = std::get_if<Refusal>(&parsed))
        return to_error(*refusal);
    Metadata& next = std::get<Metadata>(parsed);
    if (next.version != m_root.version + 1)
        return to_error({Reason::mismatch, file, "it says version " + std::to_string(next.version) + ": fetch the root in force and sign again"});
    if (!signed_by(next, m_root.keys, m_root.roles.at(Role::root)) || !signed_by(next, next.keys, next.roles.at(Role::root)))
        return to_error({Reason::signatures, file, "not signed by enough root keys, old and new"});
    if (next.expires <= m_clock.wall() || !next.consistent_snapshot)
        return to_error({Reason::expired, file, "it must expire in the future and have consistent snapshots"});
    if (!names(next, m_keys) && !(m_next && names(next, *m_next)))
        return to_error({Reason::mismatch, file, "it does not name this server's keys for targets, snapshot and timestamp"});
    if (const auto written = write_durably(m_disk, m_release / file, complete); !written) {
        const auto seen = m_disk.read(m_release / file, most_bytes);
        if (!seen || *seen != complete)
            return written.error();
    }
    follow_root(std::move(next));
    log_info("release", "root " + std::to_string(m_root.version) + " is in force");
    try_to_settle_while_locked();
    if (const auto done = sign_anew_while_locked(); !done)
        return in_context("root " + std::to_string(m_root.version) + " is in force, but not all is signed by its keys yet (to be tried again soon)",
                          done.error());
    return key_state_while_locked();
}

Result<void> SignedRelease::sign_anew_while_locked() {
    if (!m_targets)
        return {};
    CAPSULE_TRY(index, index_of(*m_targets));
    return sign_while_locked(index, true);
}

Result<ReleaseIndex> index_of(const Metadata& targets) {
    ReleaseIndex index;
    for (const DocumentKind kind : all_document_kinds) {
        const std::string name = std::string(to_string(kind)) + ".json";
        const auto found = targets.targets.find(name);
        if (found == targets.targets.end())
            continue;
        const auto hash = found->second.hashes.find("sha256");
        const auto digest = hash == found->second.hashes.end() ? std::nullopt : Digest::parse(hash->second);
        if (!digest || found->second.number.value_or(0) < 1)
            return to_error({Reason::malformed, "targets.json", "\"" + name + "\" needs a sha256 and custom.number from 1"});
        index.entry(kind) = DocumentEntry{*found->second.number, *digest, found->second.length};
    }
    return index;
}

} // namespace capsule::tuf
