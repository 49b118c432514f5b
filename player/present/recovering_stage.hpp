// A stage that comes back: opens another one when the display has changed, and waits for one while there is none.
//
//   Waiting ──opened──▶ Open ──display changed, or drawing failed for a second──▶ Waiting (the old stage is closed first)
//                        └─────the server died──▶ Gone (only a new process can draw again)
//
// Thread-bound: to the presenting thread. Without a stage, what is drawn goes nowhere and show() is refused, so that nothing counts as
// shown.
#pragma once

#include "content/base/clock.hpp"
#include "player/present/display_watch.hpp"
#include "player/present/stage.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace capsule {

struct OpenedStage {
    std::unique_ptr<Stage> stage;
    // Called once the first picture is on screen, which it must not delay; empty, or null: nothing to be watched.
    std::function<std::unique_ptr<DisplayWatch>()> make_watch;
    std::unique_ptr<DisplayWatch> watch;
    int x = 0, y = 0;                    // where its display lies in the plane of all of them
};

class RecoveringStage final : public Stage {
public:
    using Opener = std::function<Result<OpenedStage>()>;

    // `first` may hold no stage: then it waits. `size`: to be assumed as long as no display has been seen.
    RecoveringStage(Opener opener, OpenedStage first, Size size, const Clock& clock);
    // A stage whose server has died is not closed but left: see sdl/connection.hpp.
    ~RecoveringStage() override;

    Size size() const override { return m_size; }
    Nanoseconds refresh() const override;
    std::string description() const override;
    bool has_gpu() const override { return m_open.stage && m_open.stage->has_gpu(); }
    Result<void> draw(const VideoFrame& frame, const Overlays& overlays) override;
    Result<void> show() override;
    Picture grab() override;
    StageEvents poll() override;

private:
    void take(OpenedStage opened);
    void try_to_open(Nanoseconds now);
    Result<void> noted(Result<void> done);

    const Opener m_opener;
    const Clock& m_clock;
    OpenedStage m_open;
    Size m_size;
    bool m_gone = false;
    bool m_drawn = true;         // the last picture; a stage that then shows black has not mended anything
    bool m_shown = false;        // something, on the present stage
    bool m_changed = false;      // a stage was opened since the last poll()
    Nanoseconds m_lost_at{};     // while waiting
    Nanoseconds m_next_try{};
    std::optional<Nanoseconds> m_failing_since; // since when nothing could be drawn or shown
    std::string m_said;          // why there is none, as logged last
};

} // namespace capsule
