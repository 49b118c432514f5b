// Turns what playback measured, and what changes around it, into rows. The listener's methods run on the presenting thread and return at once.
#pragma once

#include "player/impressions/journal_thread.hpp"
#include "player/impressions/time_keeper.hpp"
#include "player/playback/item.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace capsule {

class ImpressionRecorder final : public PlaybackListener {
public:
    ImpressionRecorder(const Clock& clock, const TimeKeeper& time, JournalThread& journal)
        : m_clock(clock), m_time(time), m_journal(journal) {}

    // Which screen this is, as the fleet says; empty until it is known. From any thread.
    void set_place(const ScreenId& screen, const SiteId& site);
    // What the display connector says. From any thread; a change becomes a `state` row.
    void set_panel(PanelState panel);
    // "on", "off", or why there is none. From any thread; a change becomes a `state` row.
    void set_sound(const std::string& sound);
    // A `state` row of this moment. From any thread. `what`: "start", "stop", "release".
    void note(const std::string& what, const std::string& value);

    void showing_ended(const PlayItem& item, const Showing& showing) override;
    // Recorded as a showing of no length that failed.
    void item_failed(const PlayItem& item, const Error& error) override;

private:
    ShowingRow row_of(const PlayItem& item, const Showing& showing) const;

    const Clock& m_clock;
    const TimeKeeper& m_time;
    JournalThread& m_journal;
    mutable std::mutex m_mutex;
    ScreenId m_screen;
    SiteId m_site;
    PanelState m_panel = PanelState::unknown;
    std::string m_sound;
};

} // namespace capsule
