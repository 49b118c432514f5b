#include "player/app/enrolment_thread.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr Nanoseconds between_codes = std::chrono::seconds(5); // the server forgets a machine after two minutes
constexpr Nanoseconds between_tokens = std::chrono::milliseconds(500); // the next on the stick may count
constexpr Nanoseconds after_an_end = std::chrono::seconds(60); // enrolled, revoked, or nobody there to ask

// How long until the next question.
Nanoseconds pause(const Result<client::Announced>& answer, Nanoseconds every) {
    if (answer && !answer->token_refused.empty())
        return between_tokens;
    const bool ended = answer ? answer->state != client::Announced::State::waiting : answer.error().category == Category::missing;
    return ended ? std::max(after_an_end, every) : std::min(between_codes, every);
}

} // namespace

EnrolmentThread::EnrolmentThread(std::unique_ptr<client::DeviceClient> client, Nanoseconds every, std::function<std::string()> token,
                                 std::function<void(const Result<client::Announced>&)> told)
    : m_client(std::move(client)), m_every(every), m_token(std::move(token)), m_told(std::move(told)), m_thread([this] { run(); }) {}

EnrolmentThread::~EnrolmentThread() { stop(); }

void EnrolmentThread::want(bool wanted) {
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = wanted;
    }
    m_changed.notify_all();
}

void EnrolmentThread::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void EnrolmentThread::run() {
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        if (!m_wanted) {
            m_changed.wait(lock, [&] { return m_stop || m_wanted; });
            continue;
        }
        lock.unlock();
        const auto answer = m_client->announce(m_token());
        lock.lock();
        if (m_stop)
            return;
        lock.unlock();
        m_told(answer);
        lock.lock();
        m_changed.wait_for(lock, pause(answer, m_every), [&] { return m_stop || !m_wanted; });
    }
}

} // namespace capsule
