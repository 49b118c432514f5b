#include "player/app/screen_overlays.hpp"

#include "player/director/director.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace capsule {

void ScreenOverlays::started(Director& director, Size stage) {
    const std::lock_guard lock(m_mutex);
    m_stage = stage;
    m_director = &director;
}

void ScreenOverlays::stop() {
    const std::lock_guard lock(m_mutex);
    m_director = nullptr;
}

void ScreenOverlays::show(const std::vector<ActiveMessage>& messages, const Strip& strip, const std::optional<DiagnosticPanel>& panel) {
    Size size;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_director)
            return;
        const Size now = m_director->stage_size();
        size = m_stage = now.width > 0 && now.height > 0 ? now : m_stage;
    }
    const bool new_size = !(size == m_drawn_for);
    const bool new_banner = messages != m_messages || (new_size && !messages.empty());
    const bool new_strip = !(strip == m_strip) || new_size;
    const bool new_panel = panel != m_panel || new_banner || (new_size && panel);
    if (!new_banner && !new_strip && !new_panel)
        return;
    std::string text;
    for (const ActiveMessage& message : messages)
        text += (text.empty() ? "" : "\n") + message.text;
    // Drawn without the lock: it takes a while.
    std::optional<PlacedPicture> banner, corner, drawn_panel;
    if (new_banner && !text.empty()) {
        banner = PlacedPicture{0, 0, draw_banner(text, messages.front().language, size)};
        banner->y = size.height - banner->picture.size.height;
    }
    if (PlacedPicture drawn = new_strip ? draw_strip(strip, size) : PlacedPicture{}; drawn.picture.size.width > 0)
        corner = std::move(drawn);
    if (new_banner)
        m_banner_top = banner ? banner->y : std::numeric_limits<int>::max();
    if (new_panel && panel) {
        drawn_panel = draw_diagnostic_panel(*panel, size);
        drawn_panel->y = std::max(0, std::min(drawn_panel->y, m_banner_top - drawn_panel->picture.size.height));
    }
    const std::lock_guard lock(m_mutex);
    if (!m_director)
        return;
    if (new_banner)
        m_director->set_banner(std::move(banner));
    if (new_strip)
        m_director->set_strip(std::move(corner));
    if (new_panel)
        m_director->set_panel(std::move(drawn_panel));
    m_messages = messages;
    m_strip = strip;
    m_drawn_for = size;
    m_panel = panel;
}

} // namespace capsule
