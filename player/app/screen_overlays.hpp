// What lies over the picture of an enrolled screen: banner, strip and diagnostic panel, drawn when they or the display's size change.
// show: one thread, for which drawing may take a while. started, stop: thread-safe.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/overlay/cards.hpp"
#include "player/overlay/diagnostic_panel.hpp"
#include "playlists/schedule/evaluate.hpp"

#include <limits>
#include <mutex>
#include <optional>
#include <vector>

namespace capsule {

class Director;

class ScreenOverlays {
public:
    // From now on for this director, whose stage has that size until it says otherwise; until stop(), before it goes away.
    void started(Director& director, Size stage);
    void stop();

    // What is wanted at this moment; an empty panel: none. Without a director nothing is done: called again, it catches up.
    void show(const std::vector<ActiveMessage>& messages, const Strip& strip, const std::optional<DiagnosticPanel>& panel);

private:
    std::mutex m_mutex;
    Director* m_director = nullptr; // guarded, as is the next
    Size m_stage;

    std::vector<ActiveMessage> m_messages; // shown, as are the next two; show's thread
    Strip m_strip;
    std::optional<DiagnosticPanel> m_panel;
    Size m_drawn_for;
    int m_banner_top = std::numeric_limits<int>::max(); // of the banner that is shown, if there is one
};

} // namespace capsule
