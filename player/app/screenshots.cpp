#include "player/app/screenshots.hpp"

#include "content/base/log.hpp"
#include "content/drawing/png.hpp"

#include <algorithm>
#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {

// Of files that do not know how long they are, or claim to last for hours: five seconds in.
Nanoseconds moment_in(const PlayItem& item) {
    if (item.duration <= 0ms || item.duration > 1h)
        return 5s;
    return Nanoseconds(item.duration) * 2 / 5;
}

} // namespace

Screenshots::Screenshots(Stage& stage, Path of_capsule, Path of_qr_card, std::optional<std::int64_t> frame)
    : m_stage(stage), m_of_capsule(std::move(of_capsule)), m_of_qr_card(std::move(of_qr_card)), m_frame(frame) {}

Screenshots::~Screenshots() {
    for (auto& writer : m_writers)
        writer.join();
}

void Screenshots::save(Path& to) {
    Path path = std::exchange(to, {});
    m_writers.emplace_back([picture = m_stage.grab(), path = std::move(path)] {
        if (auto written = write_png(picture, path); !written)
            log_error("screenshot", written.error().message);
        else
            log_info("screenshot", "saved " + path.string());
    });
}

void Screenshots::frame_shown(const PlayItem& item, const ShownFrame& frame) {
    const bool still = item.media != MediaKind::video;
    if (item.shown == ShownItem::capsule && !m_of_capsule.empty() && (still || (m_frame ? frame.frame >= *m_frame : frame.pts >= moment_in(item))))
        save(m_of_capsule);
    else if (item.shown == ShownItem::qr_card && !m_of_qr_card.empty())
        save(m_of_qr_card);
}

void Screenshots::showing_ended(const PlayItem& item, const Showing& showing) {
    if (showing.end == ShowingEnd::stopped && showing.frames_shown > 0 && item.shown == ShownItem::capsule && !m_of_capsule.empty())
        save(m_of_capsule);
}

} // namespace capsule
