// Whoever started the player (systemd) hears that it is ready and alive from pictures that were put on the screen, and from nothing
// else: a player that runs but shows nothing is started again. Presenting thread.
#pragma once

#include "content/base/service_manager.hpp"
#include "player/playback/item.hpp"

#include <optional>

namespace capsule {

class Heartbeat final : public PlaybackListener {
public:
    // Keeps a reference.
    explicit Heartbeat(const ServiceManager& manager) : m_manager(manager) {}

    void frame_shown(const PlayItem& item, const ShownFrame& frame) override;
    void picture_renewed(Nanoseconds at) override;

private:
    void seen(Nanoseconds at);

    const ServiceManager& m_manager;
    std::optional<Nanoseconds> m_told; // when; empty: nothing was shown yet
};

} // namespace capsule
