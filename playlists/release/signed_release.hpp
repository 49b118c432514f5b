// The signed side of a release folder: root, timestamp, snapshot and targets beside the documents that they sign. Thread-safe.
//
//   N.root.json       every root; the newest is in force
//   N.targets.json    programme.json, fleet.json, now.json: length, SHA-256, custom.number
//   N.snapshot.json   which targets
//   timestamp.json    which snapshot; bears x-signed-at. Replacing it is the switch
//
// A new server makes a provisional root key of its own, so that all is signed from its first second. `capsule keys` takes over: the
// next root names the administrator's key, the provisional one signs it for the last time and is deleted.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/release/index.hpp"
#include "playlists/release/online_keys.hpp"
#include "playlists/release/signing.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace capsule::tuf {

struct Validity {
    Milliseconds timestamp = std::chrono::hours(24 * 35);
    Milliseconds snapshot = std::chrono::hours(24 * 365);
    Milliseconds targets = std::chrono::hours(24 * 365);
    Milliseconds root = std::chrono::hours(24 * 365 * 5); // of the provisional root
    Milliseconds timestamp_every = std::chrono::hours(24); // signed anew this often, so that x-signed-at is a fresh floor
};

// What an administrator's tool must know to write the next root.
struct KeyState {
    std::int64_t root_version = 0;
    Instant root_expires{};
    bool provisional = false;             // the root key is still the server's own
    std::map<Role, Key> keys;             // targets, snapshot, timestamp
    std::optional<std::map<Role, Key>> next; // made for a rotation
};

class SignedRelease {
public:
    // Reads `release` (made when it is not there) and `keys`; makes keys and a provisional root where there are none. Invalid when
    // what is there cannot be understood: it is then left as it is, since starting anew would send versions back.
    static Result<std::unique_ptr<SignedRelease>> open(Disk& disk, const Path& release, const Path& keys, const Clock& clock,
                                                       Validity validity = {});

    // Signs `index` unless that is what is signed already. After a failure the release signed before is in force.
    Result<void> publish(const ReleaseIndex& index);
    // Signs anew what has grown old. Call now and then; does nothing most of the time. True: something was signed.
    Result<bool> refresh();

    // Empty before the first publication.
    std::string timestamp() const;
    // root.json in force, as served.
    std::string root() const;
    KeyState key_state() const;
    // Makes new online keys, which are used once a root names them. Again: the same ones.
    Result<KeyState> prepare_rotation();
    // Puts the next root in force and signs everything anew by the keys that it names. Refused when it is not the next version, not
    // signed by enough keys of the one in force (the provisional key signs by itself), or names other online keys than ours. Once
    // its file is there, a screen may have it, so it is in force whatever fails after that; what failed is made good by the next
    // publish, refresh or start.
    Result<KeyState> take_root(const std::string& bytes);

private:
    SignedRelease(Disk& disk, Path release, Path keys, const Clock& clock, Validity validity)
        : m_disk(disk), m_release(std::move(release)), m_keys_folder(std::move(keys)), m_clock(clock), m_validity(validity) {}

    Result<void> load();
    Result<void> load_root();
    void follow_root(Metadata root);
    Result<void> settle_while_locked();
    void try_to_settle_while_locked();
    Result<void> make_provisional_root();
    Result<std::optional<Metadata>> read(const std::string& name, Role role) const;
    // 0: none.
    Result<std::int64_t> newest(Role role) const;
    Result<std::string> sign(std::string metadata, Role role) const;
    Result<void> sign_while_locked(const ReleaseIndex& index, bool all);
    Result<void> sign_anew_while_locked();
    void sweep(Role role, std::int64_t newest) const;
    KeyState key_state_while_locked() const;
    bool names(const Metadata& root, const OnlineKeys& keys) const;

    Disk& m_disk;
    const Path m_release, m_keys_folder;
    const Clock& m_clock;
    const Validity m_validity;
    mutable std::mutex m_mutex; // guards all below
    OnlineKeys m_keys;
    std::optional<OnlineKeys> m_next;
    std::optional<SecretKey> m_provisional;
    bool m_unsettled = false; // the root in force names m_keys, but the key folder does not say so yet
    Metadata m_root;
    std::optional<Metadata> m_timestamp, m_snapshot, m_targets;
    // The highest version that a screen may have seen, also of one whose writing failed or was lost to a power cut: given out again for
    // something else, it would be passed over.
    std::int64_t m_last_timestamp = 0;
};

// What trusted targets say is in force; invalid when a document's entry lacks its number or SHA-256. Other targets are passed over.
Result<ReleaseIndex> index_of(const Metadata& targets);

} // namespace capsule::tuf
