#include "playlists/server/app/release_keeper.hpp"

#include "content/base/log.hpp"

namespace capsule::server {

ReleaseKeeper::ReleaseKeeper(ReleaseWriter& release, tuf::SignedRelease& signer)
    : m_release(release), m_signer(signer), m_thread([this] { run(); }) {}

ReleaseKeeper::~ReleaseKeeper() {
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
    }
    m_ended.notify_all();
    m_thread.join();
}

void ReleaseKeeper::run() {
    std::unique_lock lock(m_mutex);
    while (!m_ends) {
        lock.unlock();
        if (const auto done = m_release.sign_with(m_signer); !done)
            log_error("release", "what is in force cannot be signed: " + done.error().message);
        if (const auto done = m_signer.refresh(); !done)
            log_error("release", "signatures cannot be renewed: " + done.error().message);
        lock.lock();
        m_ended.wait_for(lock, std::chrono::minutes(1), [this] { return m_ends; });
    }
}

} // namespace capsule::server
