// The client workflow of The Update Framework (specification 1.0, section 5), as a passive object: it says which file it wants
// next and is told what came; it opens no connection and asks no clock. Reentrant; one refresh at a time.
//
//   begin ─▶ N+1.root.json … until there is none ─▶ timestamp.json ─▶ N.snapshot.json ─▶ N.targets.json ─▶ finished
//
//     if (!client.begin(now)) …
//     while (auto wanted = client.wanted()) client.received(…) | client.absent() | client.failed(…);
//     if (client.refusal()) … else client.targets() is trusted, whole and in date
//
// Whatever was trusted on the way is kept in the store at once, and nothing else; a refresh that ends with a refusal can be begun
// again at any time. What the store holds of snapshot and targets is not fetched again while it is the announced version and in date.
#pragma once

#include "playlists/release/metadata.hpp"
#include "playlists/release/trust_store.hpp"

#include <optional>
#include <string>
#include <variant>

namespace capsule::tuf {

struct ClientLimits {
    int roots = 256; // in one refresh; more are taken by the next one
    std::uint64_t root_bytes = 512u << 10;
    std::uint64_t timestamp_bytes = 16u << 10;
    std::uint64_t snapshot_bytes = 2u << 20; // where the timestamp does not say
    std::uint64_t targets_bytes = 5u << 20;  // where the snapshot does not say
};

struct WantedFile {
    std::string name;       // below the repository's metadata address
    std::uint64_t most = 0; // bytes; what is larger need not be read to its end
};

class Client {
public:
    // Keeps a reference to `store`, which must outlive it.
    explicit Client(TrustStore& store, ClientLimits limits = {}) : m_store(store), m_limits(limits) {}

    // Reads what is trusted and begins a refresh; `now` is what expiry is held against, for all of it. Where root.json has rotted or
    // is gone, the newest root of the store's history that holds stands in and is written back. False: what the store holds cannot
    // be used, see refusal(); no source is to blame.
    bool begin(Instant now);

    // The file to fetch now; empty when the refresh is over.
    std::optional<WantedFile> wanted() const;
    // What `wanted` asked for.
    void received(std::string bytes);
    void absent(); // the repository has no such file
    void failed(const Error& error);
    // More bytes than were wanted.
    void overlong();

    // Why the refresh ended before its end.
    const std::optional<Refusal>& refusal() const { return m_refusal; }

    // What is trusted by now; in date and complete only after a refresh that ended well. Null: nothing.
    const Metadata* root() const { return m_root ? &*m_root : nullptr; }
    const Metadata* timestamp() const { return m_timestamp ? &*m_timestamp : nullptr; }
    const Metadata* snapshot() const { return m_snapshot ? &*m_snapshot : nullptr; }
    const Metadata* targets() const { return m_targets ? &*m_targets : nullptr; }

private:
    enum class Stage { over, root, timestamp, snapshot, targets };

    using Parsed = std::optional<Metadata>;
    Parsed parse(std::string bytes, Role role, const std::string& file);
    bool signed_by_role(const Metadata& metadata, Role role) const;
    void refuse(Reason reason, const std::string& file, std::string detail);
    bool keep(const Metadata& metadata);
    std::optional<Metadata> trusted_copy(Role role, bool& by_other_keys);
    void recall_trusted();
    std::optional<Metadata> root_of_history();

    void take_root(std::string bytes);
    void end_of_roots();
    void take_timestamp(std::string bytes);
    void go_on_with_snapshot();
    void take_snapshot(std::string bytes);
    void go_on_with_targets();
    void take_targets(std::string bytes);
    std::string name_of_wanted() const;

    TrustStore& m_store;
    const ClientLimits m_limits;
    Instant m_now{};
    Stage m_stage = Stage::over;
    int m_roots_taken = 0;
    std::optional<Metadata> m_root, m_timestamp, m_snapshot, m_targets;
    std::optional<Refusal> m_refusal;
};

// A root that is held against nothing but itself, as `begin` holds the trusted one.
std::variant<Metadata, Refusal> parse_first_root(std::string bytes);
// Makes `store` and puts a first root into it, if it is good. Empty when it is trusted from now on.
std::optional<Refusal> trust_first_root(TrustStore& store, const std::string& bytes);

} // namespace capsule::tuf
