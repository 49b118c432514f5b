// Keeps the signed release fresh while the server runs: signs what could not be signed before, and what has grown old, once a minute
// if there is anything to do. The thread ends with the object; a failure is logged and tried again.
#pragma once

#include "playlists/release/writer.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace capsule::server {

class ReleaseKeeper {
public:
    // Keeps references.
    ReleaseKeeper(ReleaseWriter& release, tuf::SignedRelease& signer);
    ~ReleaseKeeper();

private:
    void run();

    ReleaseWriter& m_release;
    tuf::SignedRelease& m_signer;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_ends = false;
    std::thread m_thread;
};

} // namespace capsule::server
