// Saves what is on screen as PNG, once each: a capsule about 40 % into it, and a QR card. Called on the presenting thread; a thread of
// its own writes the files.
#pragma once

#include "content/base/disk.hpp"
#include "player/playback/item.hpp"
#include "player/present/stage.hpp"

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

namespace capsule {

class Screenshots final : public PlaybackListener {
public:
    // An empty path: not wanted. The stage is borrowed and must outlive this object.
    // `frame`: which one of the capsule, from 0; empty: about 40 % into it.
    Screenshots(Stage& stage, Path of_capsule, Path of_qr_card, std::optional<std::int64_t> frame);
    // Waits until they are written.
    ~Screenshots() override;

    void frame_shown(const PlayItem& item, const ShownFrame& frame) override;
    // What is stopped before its 40 % is better than nothing.
    void showing_ended(const PlayItem& item, const Showing& showing) override;

    // False: what was wanted has not been seen yet.
    bool complete() const { return m_of_capsule.empty() && m_of_qr_card.empty(); }

private:
    void save(Path& to);

    Stage& m_stage;
    Path m_of_capsule, m_of_qr_card; // emptied when taken
    const std::optional<std::int64_t> m_frame;
    std::vector<std::thread> m_writers;
};

} // namespace capsule
