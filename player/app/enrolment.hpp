// How this machine comes to serve a screen, and whom it believes from then on.
//
//   nothing trusted yet ── the server says "enrolled" ──▶ its root is trusted, syncing begins
//        │                 no server of ours there, or none that answers while there are other sources
//        │                                          ──▶ syncing begins, the first root that comes is trusted
//        └ meanwhile the card with the code is on screen
//   a root is trusted, or was given ──▶ syncing begins at once; the card comes when the fleet in force names no screen for this machine
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "player/app/enrolment_thread.hpp"
#include "player/app/programme_source.hpp"
#include "player/app/ticket_pocket.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace capsule {

class Enrolment {
public:
    struct Settings {
        std::string server, device;
        Path trust;              // STORE/trust
        bool root_given = false; // by whoever installed the screen: the server's word is not needed
        bool other_sources = false; // that are followed also while the server is away
        Nanoseconds poll_interval{};
        std::vector<Path> sticks; // folders in which tickets may be found
    };
    // Keeps references. `begin_sync` is called once, from start() or the enrolment's thread.
    Enrolment(Settings settings, std::unique_ptr<client::DeviceClient> client, const Clock& clock, Disk& disk, ProgrammeSource& source,
              std::function<void()> begin_sync);

    // `served`: the release in force gives this machine a screen.
    void start(bool served);
    // The release in force gives it a screen, or none any more. Thread-safe, also before start().
    void served(bool is);
    // Waits for the thread; the client's flag was raised.
    void stop();

private:
    void told(const Result<client::Announced>& answer);
    bool trusts_somebody();
    Result<void> trust(const std::string& root);
    void begin();

    const Settings m_settings;
    const Clock& m_clock;
    Disk& m_disk;
    ProgrammeSource& m_source;
    const std::function<void()> m_begin_sync;
    std::once_flag m_begun;
    std::atomic<bool> m_syncing{false};
    TicketPocket m_pocket;    // enrolment's thread
    std::string m_code;       // on screen; likewise
    Nanoseconds m_heard{};    // when the server last answered; likewise
    EnrolmentThread m_thread; // the last: it calls the others
};

} // namespace capsule
