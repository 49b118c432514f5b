// What is on the screen at this moment, for those who ask from other threads. Thread-safe.
#pragma once

#include "player/playback/item.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace capsule {

class OnAir final : public PlaybackListener {
public:
    void showing_began(const PlayItem& item, std::int64_t) override {
        const std::lock_guard lock(m_mutex);
        m_capsule = item.shown == ShownItem::capsule ? item.capsule.text() : std::string{};
        if (!m_capsule.empty())
            m_capsule_seen = true;
    }
    void key_pressed() override { m_key = true; }
    // Whether a key was pressed since this was last asked.
    bool take_key() { return m_key.exchange(false); }
    // The capsule's id; empty while something else is shown.
    std::string capsule() const {
        const std::lock_guard lock(m_mutex);
        return m_capsule;
    }
    // Whether any capsule came on screen since start.
    bool capsule_seen() const { return m_capsule_seen; }

private:
    mutable std::mutex m_mutex;
    std::string m_capsule;
    std::atomic<bool> m_capsule_seen{false}, m_key{false};
};

} // namespace capsule
