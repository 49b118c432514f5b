// What one screen plays, one item after the other, while playlists, campaigns and releases change: the same question to a player and
// to whoever wants to know beforehand. Pure but for its own state: what has been shown is counted here, and nothing else is asked.
// One thread at a time.
//
// Each content of a playlist keeps its count for the day, so that a loop that comes back after another, or after a release that
// leaves it alone, goes on where it was. What keeps showings apart holds from one to the next.
#pragma once

#include "playlists/schedule/next.hpp"
#include "playlists/schedule/rotation.hpp"
#include "playlists/schedule/timetable.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

class RunningOrder {
public:
    // Schedules and rotations are read anew; the counts stay. `release` is kept.
    RunningOrder(ReleasePointer release, ScreenId screen);
    void set(ReleasePointer release, ScreenId screen);
    // Where a count stands; before the first item.
    void set_cursor(Cursor cursor) { m_cursor = std::move(cursor); }

    Evaluation at(Instant instant, ClockKnown clock_known) const { return m_timetable->at(instant, clock_known); }
    const Timetable& timetable() const { return *m_timetable; }

    // The item that comes next under this evaluation, counted as begun. Empty: nothing can play. Its playlist is never empty. Where the
    // wall clock is not known, give the latest instant that has certainly passed.
    std::optional<NextItem> next(const Evaluation& evaluation, Instant instant, const std::vector<CapsuleId>& set_aside);
    // Of the playlist or mixture of that evaluation.
    Rotation& rotation(const Evaluation& evaluation);
    // The QR card of the playlist in force comes as if its interval had passed.
    void hasten_qr_card();

private:
    void take_cursor(const std::string& digest);

    ReleasePointer m_release;
    ScreenId m_screen;
    std::unique_ptr<Timetable> m_timetable;
    std::unique_ptr<Rotation> m_rotation; // null until asked
    std::optional<PlaylistId> m_playlist; // of m_rotation, as is the next
    std::vector<ActiveCampaign> m_campaigns;
    Cursor m_cursor;                         // of what plays
    std::map<std::string, Cursor> m_waiting; // by digest, of what played before today
};

} // namespace capsule
