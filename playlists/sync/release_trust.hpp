// Judges what a source says is in force: signed metadata by the client workflow of The Update Framework. One caller at a time.
//
// What is trusted lies in STORE/trust/ (playlists/release/trust_store.hpp). The first root comes from whoever installs the screen, or,
// where nobody gave one, from the first source that answers: it is believed once, and every later root must be signed by the one
// before it.
//
// A source that has no next root, or denies it, ends the chain of roots there, as the specification has it. That hides no root for ever:
// what is signed by keys of a root that was kept back is refused with [signatures], and what was signed before expires within
// weeks; either is reported, and makes a list of sources ask the next one. (Whoever holds the stolen keys too, and sits on every way to
// the screen, holds it back until the root that it trusts expires: so has the specification.)
//
// A poll is one request for timestamp.json; when it has not changed, is in date and the whole workflow ran within a day, that is all
// and nothing is written. What expires is held against the time that the caller knows, where it does; else against the wall clock or,
// when that is behind, the caller's floor and the x-signed-at of the newest timestamp that was verified: a clock that has lost the time
// cannot make old metadata young. Newest by its version: a server whose clock was ahead and was put right is believed with the next
// timestamp that it signs, and nobody else is.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "playlists/release/client.hpp"
#include "playlists/sync/engine.hpp"
#include "playlists/sync/source.hpp"

#include <functional>
#include <optional>
#include <string>

namespace capsule::sync {

// What a machine knows of the time beside its wall clock.
struct KnownTime {
    std::optional<Instant> utc; // what time it is; empty: not known
    Instant floor{};            // it is not before this
};

struct TrustSettings {
    std::string first_root;                                // bytes of a root.json; empty: the source's own first one
    Nanoseconds whole_workflow_every = std::chrono::hours(24);
    std::function<KnownTime()> known_time = {};            // empty: nothing is known
    std::function<void(Instant)> signed_time = {};         // told the x-signed-at of each timestamp that was verified, before any request too
};

class ReleaseTrust {
public:
    // `folder` is STORE/trust. Keeps references to disk and clock, which must outlive it.
    ReleaseTrust(Disk& disk, Path folder, const Clock& clock, TrustSettings settings)
        : m_clock(clock), m_settings(std::move(settings)), m_store(disk, std::move(folder)), m_client(m_store) {}

    // IndexChanged, IndexUnchanged or PollFailed. `etag` as IndexChanged gave it.
    Input poll(ReleaseSource& source, const std::string& etag);

private:
    std::optional<tuf::Refusal> ensure_root(ReleaseSource& source);
    bool may_stop_at_unchanged() const;
    void read_floor();
    void verified(Instant signed_at);
    // `other`: x-signed-at of a timestamp of another version than the trusted one, as of which it is judged if that is earlier. What
    // is older or not rightly signed is refused whatever the time.
    Instant now(std::optional<Instant> other = std::nullopt) const;
    Input refused(const ReleaseSource& source, const tuf::Refusal& refusal);

    const Clock& m_clock;
    const TrustSettings m_settings;
    tuf::TrustStore m_store;
    tuf::Client m_client;
    bool m_prepared = false;
    Instant m_floor{};                        // x-signed-at of the newest timestamp that was verified
    std::int64_t m_version = 0;               // of that timestamp
    std::optional<Nanoseconds> m_verified_at; // end of the last whole workflow that went well
    Instant m_expires{};                      // of what was verified then, the first
};

} // namespace capsule::sync
