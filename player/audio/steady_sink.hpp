// A sink that opens its device on a thread of its own, notices when it has vanished, and takes it up again when it is back.
//
//   closed ──opened──▶ open ──vanished, or has not asked for three seconds──▶ closed
//     └─ tried again after 1, 2, 4 … 30 s; at once after one that was open
#pragma once

#include "player/audio/sink.hpp"

#include <memory>

namespace capsule {

struct SteadyOptions {
    Nanoseconds first_wait = std::chrono::seconds(1), longest_wait = std::chrono::seconds(30);
    Nanoseconds look_every = std::chrono::milliseconds(100);
    Nanoseconds start_patience = std::chrono::seconds(5);   // for a device that was opened to ask
    Nanoseconds silence_patience = std::chrono::seconds(3); // for one that asked to ask again
};

class SteadySink final : public AudioSink {
public:
    // Starts trying at once. The clock outlives the process's use of sound.
    SteadySink(DeviceOpener open, const Clock& clock, const SteadyOptions& options = {});
    // Waits for the thread, half a second at most: a device that hangs is left behind, with all that it touches.
    ~SteadySink() override;
    SteadySink(const SteadySink&) = delete;
    SteadySink& operator=(const SteadySink&) = delete;

    std::shared_ptr<Mixer> mixer() override;
    // Until the device runs or the first try has failed; true when it runs. So that the first item's sound has where to go.
    bool wait_first_try(Nanoseconds patience);
    // In words for people: why there is no sound; empty while it runs.
    std::string trouble() const;

private:
    struct State;
    std::shared_ptr<State> m_state; // shared with the thread, which may outlive this object
};

} // namespace capsule
