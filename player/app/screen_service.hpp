// Everything of an enrolled screen but the picture: release, ledger, upload, time, and what must be looked after now and then.
// The presenting thread meets it only through `source()` and the listeners; each slow part has its own thread.
//
//   sync thread ──release──▶ ProgrammeSource ──items──▶ director ──showings──▶ recorder ──rows──▶ journal thread ──▶ upload thread
//        └─state─▶ attending thread (banner, strip, diagnostic panel, keys, state of the panel; leaves the store alone)
//                  housekeeping thread (floor of time; reads files through that are suspect or whose turn it is)
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "player/app/options.hpp"
#include "player/playback/item.hpp"

#include <memory>
#include <vector>

namespace capsule {

class Director;

class ScreenService {
public:
    // Makes the store and the device's key where they are missing, loads what is in force, starts the threads. Errors: the store
    // is not there, or cannot be listed or (a new one) made.
    static Result<std::unique_ptr<ScreenService>> open(const Options& options, const Clock& clock, Disk& disk, Random& random);
    // Writes and ends; at most a second, what was not sent stays in the journal.
    ~ScreenService();

    ItemSource& source();
    std::vector<PlaybackListener*> listeners();
    // From now on banners go to this director, drawn for a stage of that size, until stop().
    void started(Director& director, Size stage);
    // Before the director goes away.
    void stop();

private:
    struct State;
    explicit ScreenService(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
