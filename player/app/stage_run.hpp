// What both modes do around a source of items: open the stage and the sound, wire the listeners, play, end at a signal.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "player/app/options.hpp"
#include "player/playback/item.hpp"
#include "player/present/stage.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace capsule {

class Director;

class StageRun {
public:
    // Opens the stage, the sound (if wanted; without a device it goes on in silence) and the frames log. Errors: the first that failed.
    static Result<StageRun> open(const Options& options, const Clock& clock);
    StageRun(StageRun&&) noexcept;
    StageRun& operator=(StageRun&&) noexcept;
    ~StageRun();

    Stage& stage();
    // Says why nothing is heard, empty: it is. Thread-safe, as long as one likes; none when no sound was wanted.
    std::function<std::string()> sound_trouble() const;

    struct Plan {
        ItemSource& source;
        std::vector<PlaybackListener*> listeners; // besides frames log and screenshots
        bool end_when_dry = false;
        bool awaits_screenshots = false; // --for lasts until the screenshots that were asked for are taken
        std::function<void(Director&)> started;   // called before the first item: to keep it for set_banner
        std::function<void()> ended;              // called before the director goes away: whoever kept it lets go of it
    };
    // Plays on this thread until a signal, the window's end, --for or a dry source. One call at a time in a process.
    // Io when the display server has ended.
    Result<void> play(const Plan& plan);
    // After play: the display server has ended, and nobody asked for an end of this run. A new process can wait for the next server.
    bool wants_new_process() const;

private:
    struct State;
    explicit StageRun(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
