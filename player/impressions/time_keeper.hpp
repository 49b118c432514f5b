// What the screen knows of UTC. Thread-safe.
//
// Many screens have no battery clock, and some save the time hourly and start from it: a plausible wall clock proves nothing. What
// counts is an anchor, boot time ↔ UTC with a bound of its error, held for this boot; its error grows with age, since the boot clock
// drifts. Without an anchor there is only a floor: time is not before it.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "playlists/ledger/row.hpp"
#include "playlists/schedule/evaluate.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace capsule {

struct TimeEstimate {
    Instant utc{};                     // the best guess, never below the floor
    std::optional<Milliseconds> error; // bound of its error; empty: not anchored, utc may be wrong by any amount
};

class TimeKeeper {
public:
    // `floor_file` holds the persisted floor (milliseconds, in digits); a file that cannot be read counts as absent. `build_time`:
    // when the program was made.
    TimeKeeper(const Clock& clock, Disk& disk, Path floor_file, Instant build_time);

    // The server said `utc_ms` in answer to a request that was sent at boot time `sent` and answered at `answered`. The anchor that
    // follows from it; it is also kept, if it is better than the one there.
    AnchorRow heard(Nanoseconds sent, Nanoseconds answered, std::int64_t utc_ms);
    // From another source ("ntp", "stick", "rtc").
    void add(const AnchorRow& anchor);
    // Time is not before `floor`: of a verified signature, of an anchor.
    void raise_floor(Instant floor);

    TimeEstimate now() const;
    // The rule of the schedule: known to 15 minutes.
    ClockKnown clock_known() const;
    // The bound of the wall clock's own error at this moment: how far it is from the estimate, and that one's error. Empty when not
    // anchored.
    std::optional<Milliseconds> wall_error() const;
    Instant floor() const;
    // Writes the floor if it has risen by an hour since it was last written. Call now and then, never on the presenting thread.
    Result<void> persist();

private:
    TimeEstimate estimate_while_locked(Nanoseconds boottime) const;

    const Clock& m_clock;
    Disk& m_disk;
    const Path m_floor_file;
    mutable std::mutex m_mutex;
    std::optional<AnchorRow> m_anchor; // of this boot
    Instant m_floor;
    Instant m_persisted{};
};

} // namespace capsule
