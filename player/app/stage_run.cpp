#include "player/app/stage_run.hpp"

#include "content/base/log.hpp"
#include "content/base/thread_priority.hpp"
#include "player/app/frames_log.hpp"
#include "player/app/screenshots.hpp"
#include "player/app/stop_signal.hpp"
#include "player/audio/steady_sink.hpp"
#include "player/director/director.hpp"
#include "player/health/heartbeat.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace capsule {

namespace {

std::atomic<Director*> running{nullptr};
std::atomic<bool> stopped_early{false};

// One design per class of machine: a GPU that draws comes with circuits that decode; without one, taking pictures back from them costs more
// than they save.
std::shared_ptr<HardwareDecoders> decoders_for(const Options& options, const Stage& stage) {
    std::shared_ptr<HardwareDecoders> hardware;
    if (options.decode == Options::Decode::hardware || (options.decode == Options::Decode::automatic && stage.has_gpu()))
        hardware = find_hardware_decoders();
    if (hardware)
        log_info("media", "pictures are decoded by " + hardware->name() + ", in software where that fails");
    else if (options.decode == Options::Decode::hardware)
        log_warning("media", "nothing here decodes in hardware (neither VAAPI nor V4L2 M2M); pictures are decoded in software");
    else
        log_info("media", "pictures are decoded in software");
    return hardware;
}

constexpr Nanoseconds sound_patience = std::chrono::milliseconds(500);

void stop_running(int) {
    stopped_early = true;
    if (Director* director = running)
        director->stop();
}

} // namespace

struct StageRun::State {
    State(const Options& o, const Clock& c) : options(o), clock(c) {}
    const Options options;
    const Clock& clock;
    std::unique_ptr<FramesLog> frames_log;
    std::unique_ptr<Stage> stage;
    const ServiceManager manager;
    bool display_gone = false;
    std::shared_ptr<SteadySink> sink; // shared with those who ask for its trouble
};

Result<StageRun> StageRun::open(const Options& options, const Clock& clock) {
    on_stop_signal(&stop_running);
    prefer_this_thread();
    auto state = std::make_unique<State>(options, clock);
    if (!options.frames_log.empty()) {
        CAPSULE_TRY(log, FramesLog::open(options.frames_log));
        state->frames_log = std::move(log);
    }
    for (const Path& picture : {options.screenshot, options.screenshot_qr})
        if (const Path folder = picture.has_parent_path() ? picture.parent_path() : Path(".");
            !picture.empty() && ::access(folder.c_str(), W_OK | X_OK) != 0)
            return in_context("--screenshot", system_error(errno, "write into", folder));
    const bool wait = options.wait_for_display || options.play.empty();
    CAPSULE_TRY(stage, open_stage(options.stage, clock, wait ? NoDisplay::awaited : NoDisplay::refused));
    state->stage = std::move(stage);
    if (options.sound) {
        // Otherwise PulseAudio and PipeWire may buffer two seconds, unknown to SDL.
        ::setenv("PULSE_LATENCY_MSEC", "40", 0);
        // After the stage: SDL is not to be started from two threads at once. The first sound should find its device open.
        state->sink = std::make_shared<SteadySink>([&clock] { return open_system_device(clock); }, clock);
        state->sink->wait_first_try(sound_patience);
    }
    return StageRun(std::move(state));
}

StageRun::StageRun(std::unique_ptr<State> state) : m_state(std::move(state)) {}
StageRun::StageRun(StageRun&&) noexcept = default;
StageRun& StageRun::operator=(StageRun&&) noexcept = default;
StageRun::~StageRun() = default;

std::function<std::string()> StageRun::sound_trouble() const {
    if (!m_state->sink)
        return {};
    return [sink = m_state->sink] { return sink->trouble(); };
}
Stage& StageRun::stage() { return *m_state->stage; }
bool StageRun::wants_new_process() const {
    const Options& o = m_state->options;
    return m_state->display_gone && !stopped_early && !o.play_for && o.loops == 0 && !o.exit_on_end;
}

Result<void> StageRun::play(const Plan& plan) {
    DirectorOptions options;
    options.hardware = decoders_for(m_state->options, *m_state->stage);
    options.end_when_dry = plan.end_when_dry;
    options.play_for = m_state->options.play_for;
    Screenshots screenshots(*m_state->stage, m_state->options.screenshot, m_state->options.screenshot_qr,
                            m_state->options.screenshot_frame);
    options.still_awaited = [&] { return plan.awaits_screenshots && !screenshots.complete(); };
    Director director(*m_state->stage, plan.source, m_state->clock, m_state->sink.get(), options);
    if (m_state->frames_log)
        director.add_listener(*m_state->frames_log);
    director.add_listener(screenshots);
    Heartbeat heartbeat(m_state->manager);
    director.add_listener(heartbeat);
    for (PlaybackListener* listener : plan.listeners)
        director.add_listener(*listener);
    if (plan.started)
        plan.started(director);
    running = &director;
    if (stopped_early)
        director.stop();
    auto result = director.run();
    running = nullptr;
    if (stopped_early || result.ok())
        m_state->manager.stopping();
    m_state->display_gone = !result;
    if (plan.ended)
        plan.ended();
    return result;
}

} // namespace capsule
