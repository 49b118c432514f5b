#include "playlists/sync/release_trust.hpp"

#include "content/base/digest.hpp"
#include "content/base/log.hpp"
#include "playlists/release/signed_release.hpp"

#include <algorithm>

namespace capsule::sync {

namespace {

constexpr std::uint64_t most_root_bytes = 512u << 10;
constexpr std::uint64_t most_timestamp_bytes = 16u << 10;

tuf::Refusal too_large(const std::string& file, std::uint64_t most) {
    return {tuf::Reason::too_large, file, "more than the " + std::to_string(most) + " bytes that there can be"};
}

// What a source's own words are about is the network; what metadata says is about trust.
Trouble trouble_of(const tuf::Refusal& refusal) {
    switch (refusal.reason) {
    case tuf::Reason::expired:
        return Trouble::stale;
    case tuf::Reason::unavailable:
        return Trouble::unreachable;
    case tuf::Reason::storage:
        return Trouble::disk_failed;
    case tuf::Reason::malformed:
    case tuf::Reason::missing:
        return Trouble::not_a_release;
    default:
        return Trouble::untrusted;
    }
}

// Rather than of the way to it or of the own disk, which others would suffer from too.
bool is_fault_of_content(tuf::Reason reason) {
    return reason != tuf::Reason::unavailable && reason != tuf::Reason::too_large && reason != tuf::Reason::storage;
}

struct Signing {
    std::int64_t version = 0;
    std::optional<Instant> at;
};

// What a timestamp says of itself; nothing is verified here.
Signing signing_of(const std::string& timestamp) {
    const auto parsed = tuf::parse_metadata(timestamp, tuf::Role::timestamp, "timestamp.json");
    const auto* metadata = std::get_if<tuf::Metadata>(&parsed);
    return metadata ? Signing{metadata->version, metadata->signed_at} : Signing{};
}

std::string signers_of_targets(const tuf::Metadata& root) {
    std::string keyids;
    for (const std::string& id : root.roles.at(tuf::Role::targets).keyids)
        keyids += id + "\n";
    return sha256(keyids).hex().substr(0, 16);
}

} // namespace

Instant ReleaseTrust::now(std::optional<Instant> other) const {
    const KnownTime known = m_settings.known_time ? m_settings.known_time() : KnownTime{};
    Instant floor = known.utc ? m_floor : std::max(m_floor, known.floor);
    if (other)
        floor = std::min(floor, *other);
    return std::max(known.utc.value_or(m_clock.wall()), floor);
}

void ReleaseTrust::verified(Instant signed_at) {
    m_floor = signed_at;
    if (m_settings.signed_time)
        m_settings.signed_time(signed_at);
}

bool ReleaseTrust::may_stop_at_unchanged() const {
    return m_verified_at && m_clock.monotonic() - *m_verified_at < m_settings.whole_workflow_every && now() < m_expires;
}

Input ReleaseTrust::refused(const ReleaseSource& source, const tuf::Refusal& refusal) {
    m_verified_at.reset();
    return PollFailed{in_context(source.name(), to_error(refusal)), trouble_of(refusal)};
}

// The timestamp in the store was verified when it was written; only this program writes there.
void ReleaseTrust::read_floor() {
    const auto bytes = m_store.read(tuf::Role::timestamp);
    if (!bytes || !*bytes)
        return;
    const Signing signing = signing_of(**bytes);
    m_version = signing.version;
    if (signing.at)
        verified(*signing.at);
}

std::optional<tuf::Refusal> ReleaseTrust::ensure_root(ReleaseSource& source) {
    if (m_store.has_root())
        return std::nullopt;
    std::string bytes = m_settings.first_root;
    if (bytes.empty()) {
        auto file = source.file("1.root.json", "", most_root_bytes);
        if (!file && file.error().category == Category::missing)
            return tuf::Refusal{tuf::Reason::missing, "1.root.json", file.error().message};
        if (!file)
            return tuf::Refusal{tuf::Reason::unavailable, "1.root.json", file.error().message};
        if (file->overlong)
            return too_large("1.root.json", most_root_bytes);
        bytes = std::move(file->bytes);
    }
    const auto refusal = tuf::trust_first_root(m_store, bytes);
    if (!m_settings.first_root.empty())
        return refusal;
    if (!refusal)
        log_info("sync", "first contact: the root of " + source.name() + " is trusted from now on, SHA-256 " + sha256(bytes).hex());
    else if (is_fault_of_content(refusal->reason))
        source.judged(false);
    return refusal;
}

Input ReleaseTrust::poll(ReleaseSource& source, const std::string& etag) {
    if (!m_prepared) {
        if (const auto done = m_store.prepare(); !done)
            return PollFailed{done.error(), Trouble::disk_failed};
        read_floor();
        m_prepared = true;
    }
    if (const auto refusal = ensure_root(source))
        return refused(source, *refusal);
    auto timestamp = source.file("timestamp.json", may_stop_at_unchanged() ? etag : "", most_timestamp_bytes);
    if (!timestamp) {
        // Nobody to be asked, while what is here has grown old: that is the graver news.
        if (m_verified_at && now() >= m_expires)
            return refused(source, {tuf::Reason::expired, "timestamp.json", "in date until " + to_rfc3339(m_expires) + "; " + timestamp.error().message});
        return PollFailed{timestamp.error()};
    }
    if (timestamp->overlong)
        return refused(source, too_large("timestamp.json", most_timestamp_bytes));
    if (!timestamp->changed)
        return IndexUnchanged{};

    // A server whose clock ran ahead for a while takes it back by a newer timestamp of an earlier time, which is judged as of then.
    // The same one once more is not: a clock that has lost the time would never see it grow old.
    const Signing offered = signing_of(timestamp->bytes);
    if (!m_client.begin(now(offered.version != m_version ? offered.at : std::nullopt))) {
        m_verified_at.reset();
        return PollFailed{in_context(m_store.folder().string() + " cannot be used; remove that folder, and this screen trusts as at its first start",
                                     to_error(*m_client.refusal())),
                          Trouble::disk_failed};
    }
    std::string no_root; // what was said of the next one
    while (const auto wanted = m_client.wanted()) {
        if (wanted->name == "timestamp.json") {
            m_client.received(std::move(timestamp->bytes));
            continue;
        }
        auto file = source.file(wanted->name, "", wanted->most);
        if (file && file->overlong)
            m_client.overlong();
        else if (file)
            m_client.received(std::move(file->bytes));
        else if (file.error().category == Category::missing) {
            if (wanted->name.ends_with(".root.json"))
                no_root = file.error().message;
            m_client.absent();
        } else {
            m_client.failed(file.error());
        }
    }
    if (const auto* trusted = m_client.timestamp()) {
        m_version = trusted->version;
        if (trusted->signed_at)
            verified(*trusted->signed_at);
    }
    if (m_client.refusal()) {
        if (is_fault_of_content(m_client.refusal()->reason))
            source.judged(false);
        tuf::Refusal refusal = *m_client.refusal();
        if (refusal.reason == tuf::Reason::signatures && !no_root.empty())
            refusal.detail += "; perhaps by those of a later root, but " + no_root;
        return refused(source, refusal);
    }
    source.judged(true);
    auto index = tuf::index_of(*m_client.targets());
    if (!index)
        return PollFailed{in_context(source.name(), index.error()), Trouble::not_a_release};
    for (const DocumentKind kind : all_document_kinds)
        if (auto& entry = index->entry(kind))
            entry->signers = signers_of_targets(*m_client.root());
    m_verified_at = m_clock.monotonic();
    m_expires = std::min({m_client.root()->expires, m_client.timestamp()->expires, m_client.snapshot()->expires,
                          m_client.targets()->expires});
    return IndexChanged{*index, timestamp->etag};
}

} // namespace capsule::sync
