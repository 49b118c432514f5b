// Does what the engine asks, one action at a time, and says how it went. Blobs may be fetched from another thread than the rest;
// beyond that, one caller at a time. Nothing here decides anything: see engine.hpp.
#pragma once

#include "content/store/store.hpp"
#include "playlists/sync/active_store.hpp"
#include "playlists/sync/blob_download.hpp"
#include "playlists/sync/engine.hpp"
#include "playlists/sync/release_trust.hpp"
#include "playlists/sync/source.hpp"

#include <functional>

namespace capsule::sync {

class Executor {
public:
    // All outlive the executor. What the source says is judged by what STORE/trust holds.
    Executor(ReleaseSource& source, ActiveStore& active, Store& store, const Clock& clock, TrustSettings trust = {})
        : m_source(source), m_active(active), m_store(store),
          m_trust(store.disk(), store.root() / "trust", clock, std::move(trust)) {}

    Input execute(const Poll& action);
    Input execute(const FetchDocument& action);
    Input execute(const Activate& action);
    // `hours_over`: see FetchBlob::at_hours_only; null: they never are.
    Input execute(const FetchBlob& action, const BlobDownload::Progress& progress, const std::atomic<bool>* hours_over = nullptr);
    // What cannot be removed stays until the next time.
    Result<void> execute(const Collect& action);

private:
    std::optional<std::string> from_patch(const FetchDocument& action);

    ReleaseSource& m_source;
    ActiveStore& m_active;
    Store& m_store;
    ReleaseTrust m_trust;
};

// What is in force and present, as an engine is to be told at start. A blob of the active release whose size is wrong counts as
// missing.
struct Beginning {
    LoadedRelease loaded;
    std::set<Digest> held;
};
Result<Beginning> begin(ActiveStore& active, Store& store, const std::string& device);

// Carries out all that the engine asks at `clock`'s present time, until it asks for nothing more, in this thread.
void run_until_idle(Engine& engine, Executor& executor, const Clock& clock);

} // namespace capsule::sync
