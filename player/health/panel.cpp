#include "player/health/panel.hpp"

#include <algorithm>

namespace capsule {

namespace {

PanelState state_of(const drm::Connector& connector) {
    switch (connector.cable) {
    case drm::Cable::connected:
        return connector.enabled && connector.powered ? PanelState::on : PanelState::off;
    case drm::Cable::disconnected:
        return PanelState::off;
    case drm::Cable::unknown:
        break;
    }
    return PanelState::unknown;
}

} // namespace

PanelState panel_state(const std::vector<drm::Connector>& connectors, const std::string& wanted) {
    std::vector<drm::Connector> asked;
    std::copy_if(connectors.begin(), connectors.end(), std::back_inserter(asked),
                 [&](const drm::Connector& c) { return wanted.empty() || c.name == wanted; });
    // Sockets that nothing is plugged into say nothing about the one that is used.
    if (std::any_of(asked.begin(), asked.end(), [](const auto& c) { return c.cable != drm::Cable::disconnected; }))
        std::erase_if(asked, [](const drm::Connector& c) { return c.cable == drm::Cable::disconnected; });
    if (asked.empty())
        return PanelState::unknown;
    const PanelState first = state_of(asked.front());
    const bool agreed = std::all_of(asked.begin(), asked.end(), [first](const auto& c) { return state_of(c) == first; });
    return agreed ? first : PanelState::unknown;
}

} // namespace capsule
