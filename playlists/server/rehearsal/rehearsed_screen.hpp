// One screen that never was: what it would have played on a day, as the rows of its journal. Thread-bound.
#pragma once

#include "content/base/random.hpp"
#include "playlists/ledger/row.hpp"
#include "playlists/schedule/forecast.hpp"

#include <string>
#include <vector>

namespace capsule::server {

class RehearsedScreen {
public:
    RehearsedScreen(ScreenId screen, std::string device, ReleasePointer release, Random& random);

    const std::string& journal() const { return m_journal; }
    // Plays from when the machine is switched on until it is switched off. The rows come out of take_until.
    void play(Instant on, Instant off);
    // Rows of what has ended by then, one per line, for one batch; empty: none.
    std::string take_until(Instant instant, std::size_t most);

private:
    struct Written {
        Instant at{};
        std::string row;
    };
    void write(Instant at, std::variant<ShowingRow, AnchorRow, GapRow, StateRow> body);
    ShowingRow showing(const Forecast::Entry& entry, Instant on);

    const ScreenId m_screen;
    const std::string m_device, m_journal;
    const ReleasePointer m_release;
    Random& m_random;
    std::string m_boot;
    std::int64_t m_seq = 0;
    Digest m_last;
    std::vector<Written> m_rows; // not taken yet, in order
};

} // namespace capsule::server
