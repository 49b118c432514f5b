#include "player/present/turned_overlays.hpp"

namespace capsule {

const Picture& TurnedOverlays::of(const PlacedPicture& overlay, const std::function<Picture(const Picture&)>& turn) {
    for (Entry& entry : m_entries)
        if (entry.serial == overlay.serial && overlay.serial != 0) {
            entry.used = true;
            return entry.picture;
        }
    m_entries.push_back({overlay.serial, true, turn(overlay.picture)});
    return m_entries.back().picture;
}

void TurnedOverlays::drop_unused() {
    m_entries.remove_if([](const Entry& entry) { return !entry.used || entry.serial == 0; });
    for (Entry& entry : m_entries)
        entry.used = false;
}

} // namespace capsule
