#include "player/app/screen_service.hpp"

#include "content/base/log.hpp"
#include "player/app/blob_watch.hpp"
#include "player/app/diagnosis.hpp"
#include "player/app/enrolment.hpp"
#include "player/app/home_server.hpp"
#include "player/app/machine_identity.hpp"
#include "player/app/on_air.hpp"
#include "player/app/programme_source.hpp"
#include "player/app/screen_overlays.hpp"
#include "player/app/server_transport.hpp"
#include "player/app/sync_setup.hpp"
#include "player/app/version.hpp"
#include "player/health/kernel_clock.hpp"
#include "player/health/panel.hpp"
#include "player/impressions/cursor.hpp"
#include "player/impressions/recorder.hpp"
#include "player/impressions/upload_thread.hpp"
#include "playlists/sync/sync_thread.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace capsule {

namespace {

constexpr std::chrono::milliseconds beat{200};
constexpr std::chrono::milliseconds cursor_patience{1000};
constexpr std::chrono::seconds diagnostic_for{20};
constexpr std::chrono::seconds named_for{60};
constexpr std::chrono::seconds diagnostic_redrawn_every{1};
constexpr std::chrono::seconds start_watched_for{90}; // trouble within that time after the start shows the panel by itself
// A folder counts when it holds a release: the place where a stick would be is none.
bool has_other_sources(const Options& options, Disk& disk) {
    const auto folders = stick_folders(options);
    return folders.size() < options.sync.sources.size() ||
           std::any_of(folders.begin(), folders.end(), [&](const Path& folder) { return disk.exists(folder / "release"); });
}

constexpr int retries_at_most = 5; // polls: a server that was away for hours is found again within that time

} // namespace

struct ScreenService::State final : public sync::SyncListener {
    State(const Options& o, const Clock& c, Disk& d, Random& r, Identity i)
        : options(o), clock(c), disk(d), random(r), identity_trouble(std::move(i.trouble)), key(std::move(i.key)), device(key.public_key().device_id()),
          time(c, d, o.store / "time-floor", build_time()),
          source({{o.store / "blobs", o.public_url, o.qr_card_duration}, "appareil " + device, o.sound}, time, d),
          journal(c, d, r, {{o.store / "journal", o.store / "set-aside", device, c.boot_id()}}), recorder(c, time, journal),
          requests(d, o.store / "request-counter") {}

    // Sync thread.
    void on_release_active(const sync::ActiveRelease& active) override { take(active); }
    void on_sync_state(const sync::State& now) override {
        {
            const std::lock_guard lock(mutex);
            sync_state = now;
            sync_problem = now.problem.trouble == sync::Trouble::none ? std::string{} : std::string(to_string(now.problem.trouble)) + ": " + now.problem.detail;
        }
        source.set_awaited(awaited(now));
        if (uploading)
            uploading->nudge();
    }

    void take(const sync::ActiveRelease& active);
    static std::string awaited(const sync::State& state);
    void rebuild_cursor_at_start();
    DeviceState device_state();
    void attend();
    void keep_house();
    std::optional<DiagnosticPanel> panel_due();
    DiagnosticPanel diagnose();
    void tell_sync();

    const Options options;
    const Clock& clock;
    Disk& disk;
    Random& random;
    const std::string identity_trouble;
    const SecretKey key;
    const std::string device;
    std::atomic<bool> stopping{false};
    TimeKeeper time;
    ProgrammeSource source;
    OnAir on_air;
    ScreenOverlays overlays;
    JournalThread journal;
    ImpressionRecorder recorder;
    client::RequestCounter requests;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<UploadThread> uploading;
    std::unique_ptr<sync::SyncThread> syncing;
    std::unique_ptr<BlobWatch> blobs;
    std::unique_ptr<Enrolment> enrolment; // the last: its thread starts syncing

    std::atomic<bool> became_a_screen{false}; // since the last look
    bool served = false, looked = false;      // sync thread, and open() before it

    std::mutex mutex;
    ReleasePointer release; // guarded, as are the next two
    std::string sync_problem;
    sync::State sync_state;

    std::optional<DiagnosticPanel> panel; // attending thread, as is all up to the threads
    Nanoseconds panel_until{0}, panel_made{0}, started_at = clock.monotonic();
    bool trouble_shown = false;
    std::set<Digest> on_air_told;
    bool large_allowed_told = true;
    Nanoseconds panel_looked_at{0};
    bool first_said = false;
    std::thread attending, housekeeping, rebuilding;
};

void ScreenService::State::take(const sync::ActiveRelease& active) {
    const auto screen = sync::screen_of(active.release->fleet, device);
    const auto found = screen ? active.release->fleet.screens.find(*screen) : active.release->fleet.screens.end();
    const bool is_served = found != active.release->fleet.screens.end();
    if (is_served)
        recorder.set_place(found->first, found->second.site);
    if (is_served && !served && looked)
        became_a_screen = true;
    served = is_served;
    looked = true;
    {
        const std::lock_guard lock(mutex);
        release = active.release;
    }
    std::set<Digest> files;
    for (const BlobReference& blob : sync::blobs_needed_on(*active.release, device))
        files.insert(blob.sha256);
    blobs->in_force(std::move(files));
    source.set_release(active.release, screen);
    if (enrolment)
        enrolment->served(found != active.release->fleet.screens.end());
    log_info("release", "in force: programme " + std::to_string(active.release->programme.number) + ", fleet " +
                            std::to_string(active.release->fleet.number) + ", now " + std::to_string(active.release->now.number) +
                            (screen ? ", screen " + screen->text() : ", this device serves no screen yet"));
    recorder.note("release", std::to_string(active.release->programme.number) + "/" + std::to_string(active.release->fleet.number) + "/" +
                                 std::to_string(active.release->now.number));
    if (uploading)
        uploading->nudge();
}

std::string ScreenService::State::awaited(const sync::State& state) {
    if (state.problem.trouble != sync::Trouble::none)
        return in_french(state.problem.trouble);
    if (state.blobs_missing > 0)
        return "Les capsules arrivent : encore " + std::to_string(state.blobs_missing) + (state.blobs_missing > 1 ? " fichiers." : " fichier.");
    if (!state.contact)
        return "Connexion au serveur…";
    return {};
}

void ScreenService::State::rebuild_cursor_at_start() {
    const sync::ActiveRelease& active = syncing->at_start();
    const auto screen = sync::screen_of(active.release->fleet, device);
    if (!screen || !active.release->fleet.screens.contains(*screen))
        return;
    const TimeEstimate now = time.now();
    const Evaluation evaluation =
        evaluate(active.release->programme, active.release->fleet, active.release->now, *screen, now.utc, time.clock_known());
    if (!evaluation.playlist && evaluation.campaigns.empty())
        return;
    const Playlist playlist = playlist_in_force(active.release->programme, evaluation);
    // A corrupt or slow journal must not keep the picture waiting: beyond its patience the day's count starts anew.
    auto answer = std::make_shared<std::promise<Result<Cursor>>>();
    auto future = answer->get_future();
    CursorQuestion question{active.release.get(), playlist, *screen, clock.boot_id(), now.utc, std::nullopt};
    rebuilding = std::thread([this, answer, question, kept = active.release] { answer->set_value(rebuild_cursor(journal, question)); });
    if (future.wait_for(cursor_patience) != std::future_status::ready) {
        log_warning("journal", "takes long to read; the day's shares start anew");
        return;
    }
    Result<Cursor> cursor = future.get();
    if (cursor)
        source.set_cursor(std::move(*cursor));
    else
        log_warning("journal", cursor.error().message + "; the day's shares start anew");
}

DeviceState ScreenService::State::device_state() {
    DeviceState state;
    state.player = program_version();
    state.boot = clock.boot_id();
    state.boot_ms = std::chrono::duration_cast<Milliseconds>(clock.boottime()).count();
    state.wall_ms = to_ms(clock.wall());
    state.playing = on_air.capsule();
    const auto free = disk.free_bytes(options.store);
    state.free_bytes = free ? static_cast<std::int64_t>(*free) : 0;
    state.reason = identity_trouble;
    if (options.sound_trouble && source.volume() > 0)
        if (const std::string trouble = options.sound_trouble(); !trouble.empty())
            state.reason += (state.reason.empty() ? "" : "; ") + std::string("sound: ") + trouble;
    for (const auto& [capsule, reason] : source.set_aside())
        state.reason += (state.reason.empty() ? "" : "; ") + capsule.text() + " set aside: " + reason;
    const JournalThread::Status written = journal.status();
    if (!written.problem.empty())
        state.reason += (state.reason.empty() ? "" : "; ") + std::string("journal: ") + written.problem;
    const std::lock_guard lock(mutex);
    if (release) {
        state.programme = release->programme.number;
        state.fleet = release->fleet.number;
        state.now = release->now.number;
    }
    if (!sync_problem.empty())
        state.reason += (state.reason.empty() ? "" : "; ") + sync_problem;
    return state;
}

// What people see or press: nothing here reads or writes the store.
void ScreenService::State::attend() {
    while (!stopping) {
        if (!first_said && on_air.capsule_seen()) {
            first_said = true;
            log_info("player", "first capsule on screen: " + on_air.capsule());
        }
        overlays.show(source.keep_up(), source.strip(), panel_due());
        if (!options.stage.headless && clock.monotonic() - panel_looked_at > std::chrono::seconds(1)) {
            panel_looked_at = clock.monotonic();
            recorder.set_panel(panel_state(drm::read_connectors(), options.connector));
        }
        tell_sync();
        std::this_thread::sleep_for(beat);
    }
}

// What can wait, and may wait for the disk.
void ScreenService::State::keep_house() {
    Nanoseconds floor_kept{0};
    while (!stopping) {
        blobs->look(stopping);
        if (clock.monotonic() - floor_kept > std::chrono::minutes(1)) {
            floor_kept = clock.monotonic();
            if (const auto anchor = kernel_clock_anchor(clock)) {
                time.add(*anchor);
                journal.add_anchor(*anchor);
            }
            if (const auto kept = time.persist(); !kept)
                log_warning("time", kept.error().message);
        }
        std::this_thread::sleep_for(beat);
    }
}

DiagnosticPanel ScreenService::State::diagnose() {
    DiagnosisFacts facts;
    facts.device = device;
    facts.server = options.server;
    facts.version = program_version();
    facts.hours = options.sync.hours_text;
    const auto free = disk.free_bytes(options.store);
    facts.free_bytes = free ? static_cast<std::int64_t>(*free) : 0;
    facts.clock_known = time.clock_known() == ClockKnown::yes;
    for (const auto& [capsule, reason] : source.set_aside())
        facts.other += (facts.other.empty() ? "" : "; ") + capsule.text() + ": " + reason;
    if (const std::string problem = journal.status().problem; !problem.empty())
        facts.other += (facts.other.empty() ? "" : "; ") + problem;
    const std::lock_guard lock(mutex);
    facts.sync = sync_state;
    if (release) {
        facts.programme = release->programme.number;
        facts.fleet = release->fleet.number;
        facts.now = release->now.number;
        if (const auto screen = sync::screen_of(release->fleet, device)) {
            const Screen& known = release->fleet.screens.at(*screen);
            const auto site = release->fleet.sites.find(known.site);
            facts.screen = (site != release->fleet.sites.end() ? site->second.name + " – " : std::string{}) + known.name;
        }
    }
    return diagnosis(facts, clock.monotonic());
}

// The panel, when it is to be seen: after a key, and once by itself when there is trouble soon after the start.
std::optional<DiagnosticPanel> ScreenService::State::panel_due() {
    const Nanoseconds now = clock.monotonic();
    if (on_air.take_key())
        panel_until = now + diagnostic_for;
    if (became_a_screen.exchange(false)) // whoever installs it reads which one
        panel_until = now + named_for;
    if (!trouble_shown && now - started_at < start_watched_for) {
        const std::lock_guard lock(mutex);
        if (sync_state.problem.trouble != sync::Trouble::none) {
            trouble_shown = true;
            panel_until = now + diagnostic_for;
        }
    }
    if (!options.diagnostic && now >= panel_until) {
        panel.reset();
    } else if (!panel || now - panel_made >= diagnostic_redrawn_every) {
        panel_made = now;
        panel = diagnose();
    }
    return panel;
}

// What only the player knows: what is on screen, what time it is, and whether this is the hour for large downloads.
void ScreenService::State::tell_sync() {
    syncing->tell_time(time.now().utc, time.clock_known());
    if (std::set<Digest> files = source.on_air(); files != on_air_told) {
        on_air_told = files;
        syncing->on_air(std::move(files));
    }
    ReleasePointer now;
    {
        const std::lock_guard lock(mutex);
        now = release;
    }
    const bool allowed = !now || large_downloads_allowed(options.sync, *now, sync::screen_of(now->fleet, device), time);
    if (allowed != large_allowed_told) {
        large_allowed_told = allowed;
        syncing->allow_large_downloads(allowed);
    }
}

Result<std::unique_ptr<ScreenService>> ScreenService::open(const Options& options, const Clock& clock, Disk& disk, Random& random) {
    CAPSULE_CHECK(disk.make_directories(options.store));
    CAPSULE_TRY(identity, load_identity_here(disk, options.store, random, read_machine_marks()));
    if (!identity.trouble.empty())
        log_error("player", identity.trouble);
    auto state = std::make_unique<State>(options, clock, disk, random, std::move(identity));
    log_info("player", "device " + state->device + ", store " + options.store.string() + ", server " + options.server);

    http::Settings http = http_settings(options, state->time);
    http.stop = &state->stopping;
    sync::EngineSettings settings;
    settings.device = state->device;
    settings.poll_interval = options.poll_interval;
    settings.retry_most = retries_at_most * options.poll_interval;
    std::string first_root;
    if (!options.root.empty()) {
        CAPSULE_TRY(bytes, disk.read(options.root, 512u << 10));
        first_root = std::move(bytes);
    }
    CAPSULE_TRY(syncing, sync::SyncThread::open(disk, options.store, make_source(options, http, disk, clock, random), settings,
                                                clock, random, *state, trust_settings(std::move(first_root), state->time)));
    state->syncing = std::move(syncing);
    state->blobs = std::make_unique<BlobWatch>(
        clock, disk, options.store, [raw = state.get()](const Digest& digest) { raw->syncing->lost(digest); },
        [raw = state.get()](const Digest& digest) { raw->source.restored(digest); });
    if (const auto anchor = kernel_clock_anchor(clock))
        state->time.add(*anchor);
    state->source.set_awaited("Connexion au serveur…");
    state->source.on_failure([raw = state.get()](const Digest& digest) {
        raw->blobs->suspect(digest);
        if (raw->uploading)
            raw->uploading->nudge(); // the server should learn of what is set aside
    });
    state->recorder.note("start", program_version());
    state->recorder.set_sound(options.sound ? "on" : "off");
    state->take(state->syncing->at_start());
    state->rebuild_cursor_at_start();
    state->transport = make_server_transport(options.server, state->key, state->requests, random, http);
    UploaderSettings uploads;
    uploads.retry_most = std::chrono::duration_cast<Milliseconds>(settings.retry_most);
    uploads.rows_every = std::min<Milliseconds>(uploads.rows_every, std::chrono::duration_cast<Milliseconds>(options.poll_interval));
    state->uploading = std::make_unique<UploadThread>(clock, random, state->journal, state->time, *state->transport,
                                                      [raw = state.get()] { return raw->device_state(); }, uploads);
    const auto& at_start = state->syncing->at_start().release->fleet;
    const auto screen = sync::screen_of(at_start, state->device);
    state->enrolment = std::make_unique<Enrolment>(
        Enrolment::Settings{options.server, state->device, options.store / "trust", !options.root.empty(), has_other_sources(options, disk),
                            options.poll_interval, stick_folders(options)},
        std::make_unique<client::DeviceClient>(options.server, state->key, state->requests, random, http), clock, disk, state->source,
        [raw = state.get()] { raw->syncing->start(); });
    state->enrolment->start(screen && at_start.screens.contains(*screen));
    state->attending = std::thread([raw = state.get()] {
        pthread_setname_np(pthread_self(), "attend");
        raw->attend();
    });
    state->housekeeping = std::thread([raw = state.get()] {
        pthread_setname_np(pthread_self(), "keep-house");
        raw->keep_house();
    });
    return std::unique_ptr<ScreenService>(new ScreenService(std::move(state)));
}

ScreenService::ScreenService(std::unique_ptr<State> state) : m_state(std::move(state)) {}

ScreenService::~ScreenService() {
    stop();
    m_state->housekeeping.join();
    m_state->enrolment->stop();
    m_state->recorder.note("stop", "asked to");
    m_state->syncing->stop();
    m_state->uploading.reset();
    if (m_state->rebuilding.joinable())
        m_state->rebuilding.join();
}

ItemSource& ScreenService::source() { return m_state->source; }
std::vector<PlaybackListener*> ScreenService::listeners() { return {&m_state->recorder, &m_state->on_air, &m_state->source}; }

void ScreenService::started(Director& director, Size stage) { m_state->overlays.started(director, stage); }

void ScreenService::stop() {
    m_state->syncing->close();
    m_state->stopping = true;
    m_state->transport->cancel();
    m_state->overlays.stop();
    if (m_state->attending.joinable())
        m_state->attending.join();
}

} // namespace capsule
