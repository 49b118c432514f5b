#include "player/health/heartbeat.hpp"

namespace capsule {

namespace {
constexpr Nanoseconds told_every = std::chrono::seconds(1);
} // namespace

void Heartbeat::frame_shown(const PlayItem&, const ShownFrame& frame) { seen(frame.at); }
void Heartbeat::picture_renewed(Nanoseconds at) { seen(at); }

void Heartbeat::seen(Nanoseconds at) {
    if (!m_told)
        m_manager.ready();
    else if (at - *m_told < told_every)
        return;
    m_told = at;
    m_manager.alive();
}

} // namespace capsule
