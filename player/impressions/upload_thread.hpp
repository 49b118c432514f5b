// The thread around the uploader: looks, sends, tells the journal and the time keeper what came back. Thread-safe.
#pragma once

#include "player/impressions/journal_thread.hpp"
#include "player/impressions/time_keeper.hpp"
#include "player/impressions/transport.hpp"
#include "player/impressions/uploader.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace capsule {

class UploadThread {
public:
    // Starts at once. `state` is called on the thread. All that is borrowed must outlive the object; it sets the journal's listener.
    UploadThread(const Clock& clock, Random& random, JournalThread& journal, TimeKeeper& time, Transport& transport,
                 std::function<DeviceState()> state, UploaderSettings settings = {});
    // Cancels what is under way. Rows that were not sent stay in the journal.
    ~UploadThread();
    UploadThread(const UploadThread&) = delete;
    UploadThread& operator=(const UploadThread&) = delete;

    // Something changed (rows, state): look now, unless the server is not answering.
    void nudge();
    // Why nothing gets through; empty: it does.
    std::string problem() const;

private:
    struct Bell;
    void run();
    void look();
    UploadInput perform(const SendRows& send);
    UploadInput perform(const SendState& send);
    void heard(Nanoseconds sent, std::int64_t utc_ms);
    void set_problem(std::string problem);

    const Clock& m_clock;
    JournalThread& m_journal;
    TimeKeeper& m_time;
    Transport& m_transport;
    const std::function<DeviceState()> m_state;
    Uploader m_uploader;
    const UploaderSettings m_settings;
    std::shared_ptr<Bell> m_bell; // shared with the journal's thread, which may still ring while this object goes away
    mutable std::mutex m_mutex;
    std::string m_problem; // guarded by m_mutex
    std::thread m_thread;
};

} // namespace capsule
