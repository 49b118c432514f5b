#include "playlists/release/client.hpp"

#include "content/base/log.hpp"

#include <algorithm>

namespace capsule::tuf {

namespace {

bool announced(const FileEntry& entry, std::string_view bytes) {
    return (!entry.length || *entry.length == bytes.size()) && (entry.hashes.empty() || hashes_hold(entry.hashes, bytes));
}

std::string versions(std::int64_t offered, std::int64_t trusted) {
    return "version " + std::to_string(offered) + ", but " + std::to_string(trusted) + " was trusted before";
}

} // namespace

bool Client::begin(Instant now) {
    m_now = now;
    m_stage = Stage::over;
    m_roots_taken = 0;
    m_refusal.reset();
    m_root.reset();
    m_timestamp.reset();
    m_snapshot.reset();
    m_targets.reset();
    auto bytes = m_store.read(Role::root);
    std::variant<Metadata, Refusal> root = Refusal{Reason::missing, "root.json", "nothing is trusted yet: a first root.json is needed"};
    if (!bytes)
        root = Refusal{Reason::storage, "root.json", bytes.error().message};
    else if (*bytes)
        root = parse_first_root(std::move(**bytes));
    if (auto* holds = std::get_if<Metadata>(&root))
        m_root = std::move(*holds);
    else
        m_root = root_of_history();
    if (!m_root) {
        m_refusal = std::get<Refusal>(root);
        return false;
    }
    m_stage = Stage::root;
    return true;
}

// Each was trusted before it was kept, and the one of root.json is among them.
std::optional<Metadata> Client::root_of_history() {
    const auto versions = m_store.history();
    if (!versions)
        return std::nullopt;
    for (const std::int64_t version : *versions) {
        auto bytes = m_store.read_from_history(version);
        if (!bytes)
            continue;
        auto root = parse_first_root(std::move(*bytes));
        if (auto* holds = std::get_if<Metadata>(&root)) {
            log_warning("release", m_store.folder().string() + ": root.json was damaged, its copy of version " + std::to_string(version) +
                                       " stands in");
            (void)m_store.write(Role::root, version, holds->bytes); // else again the next time
            return std::move(*holds);
        }
    }
    return std::nullopt;
}

std::string Client::name_of_wanted() const {
    const auto numbered = [this](std::int64_t version, const char* name) {
        return m_root->consistent_snapshot ? std::to_string(version) + "." + name : std::string(name);
    };
    switch (m_stage) {
    case Stage::root:
        return std::to_string(m_root->version + 1) + ".root.json";
    case Stage::snapshot:
        return numbered(m_timestamp->snapshot.version, "snapshot.json");
    case Stage::targets:
        return numbered(m_snapshot->files.at("targets.json").version, "targets.json");
    case Stage::timestamp:
    case Stage::over:
        break;
    }
    return "timestamp.json";
}

std::optional<WantedFile> Client::wanted() const {
    switch (m_stage) {
    case Stage::over:
        return std::nullopt;
    case Stage::root:
        return WantedFile{name_of_wanted(), m_limits.root_bytes};
    case Stage::timestamp:
        return WantedFile{name_of_wanted(), m_limits.timestamp_bytes};
    case Stage::snapshot:
        return WantedFile{name_of_wanted(),
                          std::min(m_timestamp->snapshot.length.value_or(m_limits.snapshot_bytes), m_limits.snapshot_bytes)};
    case Stage::targets:
        break;
    }
    const auto& entry = m_snapshot->files.at("targets.json");
    return WantedFile{name_of_wanted(), std::min(entry.length.value_or(m_limits.targets_bytes), m_limits.targets_bytes)};
}

void Client::received(std::string bytes) {
    const auto asked = wanted();
    if (!asked)
        return;
    if (bytes.size() > asked->most)
        return overlong();
    if (m_stage == Stage::root)
        take_root(std::move(bytes));
    else if (m_stage == Stage::timestamp)
        take_timestamp(std::move(bytes));
    else if (m_stage == Stage::snapshot)
        take_snapshot(std::move(bytes));
    else
        take_targets(std::move(bytes));
}

void Client::absent() {
    if (m_stage == Stage::root)
        end_of_roots();
    else if (m_stage != Stage::over)
        refuse(Reason::missing, name_of_wanted(), "the repository does not have it");
}

void Client::failed(const Error& error) {
    if (m_stage != Stage::over)
        refuse(Reason::unavailable, name_of_wanted(), error.message);
}

void Client::overlong() {
    if (const auto asked = wanted())
        refuse(Reason::too_large, asked->name, "more than the " + std::to_string(asked->most) + " bytes that there can be");
}

void Client::refuse(Reason reason, const std::string& file, std::string detail) {
    m_refusal = Refusal{reason, file, std::move(detail)};
    m_stage = Stage::over;
}

Client::Parsed Client::parse(std::string bytes, Role role, const std::string& file) {
    auto parsed = parse_metadata(std::move(bytes), role, file);
    if (auto* metadata = std::get_if<Metadata>(&parsed))
        return std::move(*metadata);
    const Refusal& refusal = std::get<Refusal>(parsed);
    refuse(refusal.reason, refusal.file, refusal.detail);
    return std::nullopt;
}

bool Client::signed_by_role(const Metadata& metadata, Role role) const {
    return signed_by(metadata, m_root->keys, m_root->roles.at(role));
}

bool Client::keep(const Metadata& metadata) {
    const auto written = m_store.write(metadata.role, metadata.version, metadata.bytes);
    if (!written)
        refuse(Reason::storage, std::string(to_string(metadata.role)) + ".json", written.error().message);
    return written.ok();
}

void Client::take_root(std::string bytes) {
    const std::string file = name_of_wanted();
    auto next = parse(std::move(bytes), Role::root, file);
    if (!next)
        return;
    if (!signed_by_role(*next, Role::root))
        return refuse(Reason::signatures, file, "not signed by enough keys of the root before it");
    if (!signed_by(*next, next->keys, next->roles.at(Role::root)))
        return refuse(Reason::signatures, file, "not signed by enough of its own keys");
    if (next->version != m_root->version + 1)
        return refuse(next->version <= m_root->version ? Reason::rollback : Reason::mismatch, file,
                      "it says version " + std::to_string(next->version));
    if (!keep(*next))
        return;
    m_root = std::move(next);
    if (++m_roots_taken >= m_limits.roots)
        end_of_roots();
}

// What the store holds, if keys that are trusted now have signed it.
std::optional<Metadata> Client::trusted_copy(Role role, bool& by_other_keys) {
    const auto bytes = m_store.read(role);
    if (!bytes || !*bytes)
        return std::nullopt;
    auto parsed = parse_metadata(**bytes, role, std::string(to_string(role)) + ".json");
    auto* metadata = std::get_if<Metadata>(&parsed);
    if (metadata && signed_by_role(*metadata, role))
        return std::move(*metadata);
    if (metadata)
        by_other_keys = true;
    else
        (void)m_store.remove(role); // it has rotted
    return std::nullopt;
}

// What is not trusted any more goes, which is how a repository recovers from versions that ran ahead: it rotates the keys. Timestamp
// and snapshot go together (5.3.11), since the timestamp also holds the snapshot's version; and in that order, so that a cut in
// between is seen the next time. What cannot be removed is not believed then either.
void Client::recall_trusted() {
    bool rotated = false, rotated_targets = false;
    m_timestamp = trusted_copy(Role::timestamp, rotated);
    m_snapshot = trusted_copy(Role::snapshot, rotated);
    m_targets = trusted_copy(Role::targets, rotated_targets);
    if (rotated) {
        m_timestamp.reset();
        m_snapshot.reset();
        if (m_store.remove(Role::timestamp))
            (void)m_store.remove(Role::snapshot);
    }
    if (rotated_targets)
        (void)m_store.remove(Role::targets);
}

void Client::end_of_roots() {
    recall_trusted();
    // Only the last root must be in date: those on the way have done their duty.
    if (m_root->expires <= m_now)
        return refuse(Reason::expired, "root.json", "it expired at " + to_rfc3339(m_root->expires));
    m_stage = Stage::timestamp;
}

void Client::take_timestamp(std::string bytes) {
    const std::string file = name_of_wanted();
    auto next = parse(std::move(bytes), Role::timestamp, file);
    if (!next)
        return;
    if (!signed_by_role(*next, Role::timestamp))
        return refuse(Reason::signatures, file, "not signed by enough trusted keys");
    if (m_timestamp) {
        if (next->version < m_timestamp->version)
            return refuse(Reason::rollback, file, versions(next->version, m_timestamp->version));
        if (next->version == m_timestamp->version) {
            // Nothing can have changed; what is here stays, whatever else the new one says.
            if (m_timestamp->expires <= m_now)
                return refuse(Reason::expired, file, "it expired at " + to_rfc3339(m_timestamp->expires));
            return go_on_with_snapshot();
        }
        if (next->snapshot.version < m_timestamp->snapshot.version)
            return refuse(Reason::rollback, file,
                          "of the snapshot, " + versions(next->snapshot.version, m_timestamp->snapshot.version));
    }
    if (next->expires <= m_now)
        return refuse(Reason::expired, file, "it expired at " + to_rfc3339(next->expires));
    if (!keep(*next))
        return;
    m_timestamp = std::move(next);
    go_on_with_snapshot();
}

void Client::go_on_with_snapshot() {
    const bool here = m_snapshot && m_snapshot->version == m_timestamp->snapshot.version && m_snapshot->expires > m_now &&
                      m_snapshot->files.contains("targets.json") && announced(m_timestamp->snapshot, m_snapshot->bytes);
    if (here)
        return go_on_with_targets();
    m_stage = Stage::snapshot;
}

void Client::take_snapshot(std::string bytes) {
    const std::string file = name_of_wanted();
    if (!announced(m_timestamp->snapshot, bytes))
        return refuse(Reason::mismatch, file, "not the length or digest that the timestamp announces");
    auto next = parse(std::move(bytes), Role::snapshot, file);
    if (!next)
        return;
    if (!signed_by_role(*next, Role::snapshot))
        return refuse(Reason::signatures, file, "not signed by enough trusted keys");
    if (next->version != m_timestamp->snapshot.version)
        return refuse(Reason::mismatch, file, "it says version " + std::to_string(next->version));
    if (m_snapshot)
        for (const auto& [name, entry] : m_snapshot->files) {
            const auto found = next->files.find(name);
            if (found == next->files.end())
                return refuse(Reason::rollback, file, "\"" + name + "\" has vanished from it");
            if (found->second.version < entry.version)
                return refuse(Reason::rollback, file, "of \"" + name + "\", " + versions(found->second.version, entry.version));
        }
    if (!next->files.contains("targets.json"))
        return refuse(Reason::malformed, file, "it does not name targets.json");
    if (next->expires <= m_now)
        return refuse(Reason::expired, file, "it expired at " + to_rfc3339(next->expires));
    if (!keep(*next))
        return;
    m_snapshot = std::move(next);
    go_on_with_targets();
}

void Client::go_on_with_targets() {
    const auto& entry = m_snapshot->files.at("targets.json");
    const bool here = m_targets && m_targets->version == entry.version && m_targets->expires > m_now && announced(entry, m_targets->bytes);
    m_stage = here ? Stage::over : Stage::targets;
}

void Client::take_targets(std::string bytes) {
    const std::string file = name_of_wanted();
    const auto& entry = m_snapshot->files.at("targets.json");
    if (!announced(entry, bytes))
        return refuse(Reason::mismatch, file, "not the length or digest that the snapshot announces");
    auto next = parse(std::move(bytes), Role::targets, file);
    if (!next)
        return;
    if (!signed_by_role(*next, Role::targets))
        return refuse(Reason::signatures, file, "not signed by enough trusted keys");
    if (next->version != entry.version)
        return refuse(Reason::mismatch, file, "it says version " + std::to_string(next->version));
    if (next->expires <= m_now)
        return refuse(Reason::expired, file, "it expired at " + to_rfc3339(next->expires));
    if (!keep(*next))
        return;
    m_targets = std::move(next);
    m_stage = Stage::over;
}

std::variant<Metadata, Refusal> parse_first_root(std::string bytes) {
    auto parsed = parse_metadata(std::move(bytes), Role::root, "root.json");
    if (const auto* root = std::get_if<Metadata>(&parsed); root && !signed_by(*root, root->keys, root->roles.at(Role::root)))
        return Refusal{Reason::signatures, "root.json", "it is not signed by enough of its own keys"};
    return parsed;
}

std::optional<Refusal> trust_first_root(TrustStore& store, const std::string& bytes) {
    const auto parsed = parse_first_root(bytes);
    if (const auto* refusal = std::get_if<Refusal>(&parsed))
        return *refusal;
    auto written = store.prepare();
    if (written)
        written = store.write(Role::root, std::get<Metadata>(parsed).version, bytes);
    return written ? std::nullopt : std::optional(Refusal{Reason::storage, "root.json", written.error().message});
}

} // namespace capsule::tuf
