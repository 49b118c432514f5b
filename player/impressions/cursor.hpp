// The schedule's cursor of today, rebuilt at start from the rows on the disk.
#pragma once

#include "player/impressions/journal_thread.hpp"
#include "player/impressions/time_keeper.hpp"
#include "playlists/schedule/next.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace capsule {

struct CursorQuestion {
    const Release* release = nullptr; // borrowed for the call; only the fleet and the playlist are looked at
    Playlist playlist;                // or the mixture in force (playlist_in_force)
    ScreenId screen;
    std::string boot;                 // this boot
    Instant now{};                    // the best estimate
    // Of this boot: boot time ↔ UTC, empty when not anchored.
    std::optional<AnchorRow> anchor;
};

// Counts the showings of the playlist's capsules that began on the site's day of `question.now`. A row is placed by the anchors of
// its boot that are among the rows (and the question's), else by its own wall clock. Rows of the same playlist, and of those inside it,
// count by id, whatever the content was; rows that cannot be read are passed over. What keeps showings apart (`last`, its theme, when
// each began, the QR card) comes from the rows of the days before too. Not found: an empty cursor with today's day and digest.
Result<Cursor> rebuild_cursor(JournalThread& journal, const CursorQuestion& question);

} // namespace capsule
