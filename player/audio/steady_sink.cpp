#include "player/audio/steady_sink.hpp"

#include "content/base/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace capsule {

using namespace std::chrono_literals;

struct SteadySink::State {
    State(DeviceOpener o, const Clock& c, const SteadyOptions& s) : open(std::move(o)), clock(c), options(s) {}

    const DeviceOpener open;
    const Clock& clock;
    const SteadyOptions options;
    mutable std::mutex mutex;
    std::condition_variable changed;
    // Guarded by mutex.
    bool stop = false, ended = false, tried = false;
    std::shared_ptr<Mixer> mixer;
    std::string trouble = "the sound device is being opened";

    void run();
    bool watch(const OpenDevice& device);
    void say(std::string what);
    // True when it is time to stop.
    bool wait(Nanoseconds time) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, time, [this] { return stop; });
    }
};

void SteadySink::State::say(std::string what) {
    {
        const std::lock_guard lock(mutex);
        tried = true;
        mixer = nullptr;
        changed.notify_all();
        if (what == trouble)
            return; // said already
        trouble = what;
    }
    log_warning("sound", what + "; playing on without sound, and trying again");
}

// Until it is gone. False when it never ran.
bool SteadySink::State::watch(const OpenDevice& device) {
    const Nanoseconds opened = clock.monotonic();
    bool ran = false;
    for (;;) {
        const Nanoseconds now = clock.monotonic();
        const bool runs = device.mixer->running(now, options.silence_patience);
        if (!device.device->alive() || (!runs && (ran || now - opened > options.start_patience)))
            return ran;
        if (runs && !std::exchange(ran, true)) {
            log_info("sound", "the sound device is open");
            const std::lock_guard lock(mutex);
            mixer = device.mixer;
            trouble.clear();
            tried = true;
            changed.notify_all();
        }
        if (wait(ran ? options.look_every : std::min<Nanoseconds>(options.look_every, 5ms)))
            return ran;
    }
}

void SteadySink::State::run() {
    for (Nanoseconds pause = options.first_wait;; pause = std::min(pause * 2, options.longest_wait)) {
        if (auto device = open()) {
            const bool ran = watch(*device);
            {
                const std::lock_guard lock(mutex);
                if (stop)
                    return;
            }
            say(ran ? "the sound device has vanished" : "the sound device is open but takes no sound");
            if (ran)
                pause = std::min(options.first_wait, options.look_every);
        } else {
            say(device.error().message);
        }
        if (wait(pause))
            return;
    }
}

SteadySink::SteadySink(DeviceOpener open, const Clock& clock, const SteadyOptions& options)
    : m_state(std::make_shared<State>(std::move(open), clock, options)) {
    std::thread([state = m_state] {
        pthread_setname_np(pthread_self(), "sound");
        state->run();
        const std::lock_guard lock(state->mutex);
        state->mixer = nullptr;
        state->ended = true;
        state->changed.notify_all();
    }).detach();
}

SteadySink::~SteadySink() {
    std::unique_lock lock(m_state->mutex);
    m_state->stop = true;
    m_state->changed.notify_all();
    m_state->changed.wait_for(lock, 500ms, [this] { return m_state->ended; });
}

std::shared_ptr<Mixer> SteadySink::mixer() {
    const std::lock_guard lock(m_state->mutex);
    return m_state->mixer;
}

bool SteadySink::wait_first_try(Nanoseconds patience) {
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait_for(lock, patience, [this] { return m_state->tried; });
    return m_state->mixer != nullptr;
}

std::string SteadySink::trouble() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->trouble;
}

} // namespace capsule
