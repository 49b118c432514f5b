// Turns what playback measured into rows. The listener's methods run on the presenting thread and return at once.
#pragma once

#include "player/impressions/journal_thread.hpp"
#include "player/impressions/time_keeper.hpp"
#include "player/playback/item.hpp"

#include <mutex>
#include <optional>

namespace capsule {

class ImpressionRecorder final : public PlaybackListener {
public:
    ImpressionRecorder(const Clock& clock, const TimeKeeper& time, JournalThread& journal)
        : m_clock(clock), m_time(time), m_journal(journal) {}

    // Which screen this is, as the fleet says; empty until it is known. From any thread.
    void set_place(const ScreenId& screen, const SiteId& site);
    // What the display connector says. From any thread.
    void set_panel(PanelState panel);

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
};

} // namespace capsule
