// What the kernel says of its display connectors. Reentrant; reads a few small files.
#pragma once

#include "content/base/disk.hpp"

#include <string>
#include <vector>

namespace capsule::drm {

enum class Cable { connected, disconnected, unknown };

struct Connector {
    std::string name; // "HDMI-A-1": of "card0-HDMI-A-1"
    Cable cable = Cable::unknown;
    bool enabled = false;   // a display circuit feeds it
    bool powered = false;   // its power state (DPMS) is "On"
    std::string best_mode;  // "1920x1080"; empty when it names none
    bool operator==(const Connector&) const = default;
};

inline constexpr const char* sysfs_folder = "/sys/class/drm";

// In the order of their names; empty where the machine has none (no GPU driver, a virtual machine, a container). Connectors without
// a wall to hang on (Writeback) are left out.
std::vector<Connector> read_connectors(const Path& folder = sysfs_folder);

} // namespace capsule::drm
