// Asks the server for a screen as long as this machine serves none, on a thread of its own.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "playlists/client/device_client.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace capsule {

class EnrolmentThread {
public:
    // `told` hears each answer, on the thread; an error is asked past. `token`: asked before each question, on the thread, for one that was
    // brought; empty: none. To stop soon, the client watches a flag that is raised before.
    EnrolmentThread(std::unique_ptr<client::DeviceClient> client, Nanoseconds every, std::function<std::string()> token,
                    std::function<void(const Result<client::Announced>&)> told);
    ~EnrolmentThread();

    // Whether a screen is wanted; at first not. Thread-safe.
    void want(bool wanted);
    // Waits for the thread. Called by the destructor too.
    void stop();

private:
    void run();

    std::unique_ptr<client::DeviceClient> m_client;
    const Nanoseconds m_every;
    const std::function<std::string()> m_token;
    const std::function<void(const Result<client::Announced>&)> m_told;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_wanted = false, m_stop = false; // guarded
    std::thread m_thread;                  // the last: it uses the others
};

} // namespace capsule
