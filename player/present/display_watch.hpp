// What happens to the display beside the window: outputs that come, go or change, cables, the server's death. Thread-bound: to the
// presenting thread, unless said otherwise.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "player/lib/drm/connectors.hpp"
#include "player/lib/xcb/server.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace capsule {

enum class DisplayNews {
    none,
    changed, // other outputs, places, modes, or a cable that is back: the stage has to be opened anew
    gone,    // the display server has died
};

class DisplayWatch {
public:
    virtual ~DisplayWatch() = default;
    // Returns within a millisecond; may be asked every few milliseconds. `changed` is said once, when the change has settled.
    virtual DisplayNews poll(Nanoseconds now) = 0;
    // The exact period of the display that covers this place; empty when it is not known here.
    virtual std::optional<Nanoseconds> period(int x, int y) const = 0;
};

// For X. Where outputs are connected and none of them is lit (the player started before the television), it lights the first one itself
// after half a second: without a desktop nobody else would.
std::unique_ptr<DisplayWatch> watch_x_outputs(xcb::Server server);
// For the bare display: a cable that is plugged in again, or leads to another screen, calls for a new stage.
std::unique_ptr<DisplayWatch> watch_connectors(Path folder = drm::sysfs_folder);

// The output that somebody has to light: the first connected one when none is lit. Pure.
std::optional<std::uint32_t> output_to_light(const std::vector<xcb::Output>& outputs);

} // namespace capsule
