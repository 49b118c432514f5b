// Overlays turned for a screen that hangs turned, each once. Thread-bound: to the presenting thread.
#pragma once

#include "content/drawing/picture.hpp"

#include <cstdint>
#include <functional>
#include <list>

namespace capsule {

class TurnedOverlays {
public:
    // `turn` makes the turned picture; called when there is none of that overlay yet.
    const Picture& of(const PlacedPicture& overlay, const std::function<Picture(const Picture&)>& turn);
    // Drops those that were not asked for since the last call.
    void drop_unused();

private:
    struct Entry {
        std::uint64_t serial = 0;
        bool used = false;
        Picture picture;
    };
    std::list<Entry> m_entries; // a handful
};

} // namespace capsule
