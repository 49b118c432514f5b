#include "player/app/late_service.hpp"

#include "content/base/log.hpp"
#include "player/overlay/cards.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace capsule {

namespace {
constexpr Nanoseconds stop_patience = std::chrono::milliseconds(500);
std::atomic<int> threads_running{0};
} // namespace

struct LateService::State {
    State(Open o, std::function<std::string()> a, Nanoseconds r) : open(std::move(o)), awaited(std::move(a)), retry(r) {}

    const Open open;
    const std::function<std::string()> awaited;
    const Nanoseconds retry;
    std::unique_ptr<ScreenService> service; // written once, as is the next, before `opened` says so
    std::vector<PlaybackListener*> listeners;
    std::atomic<bool> opened{false};

    std::mutex mutex;
    std::condition_variable changed;
    // Guarded by mutex.
    bool tried = false, stop = false, ended = false;
    Director* director = nullptr;
    Size stage;

    void run();
};

void LateService::State::run() {
    std::string said;
    std::unique_lock lock(mutex);
    while (!stop && !opened) {
        lock.unlock();
        auto made = open();
        if (!made && made.error().message != said) {
            said = made.error().message;
            log_error("player", said + "; the calm card is shown, and it is tried again");
        }
        lock.lock();
        tried = true;
        changed.notify_all();
        if (!made) {
            changed.wait_for(lock, retry, [this] { return stop; });
        } else if (!stop) {
            service = std::move(*made);
            listeners = service->listeners();
            if (director)
                service->started(*director, stage);
            opened = true;
        } else { // too late: nobody is there who would use it
            lock.unlock();
            made->reset();
            lock.lock();
        }
    }
    ended = true;
    changed.notify_all();
}

LateService::LateService(Open open, std::function<std::string()> awaited, Nanoseconds retry, Nanoseconds patience)
    : m_state(std::make_shared<State>(std::move(open), std::move(awaited), retry)) {
    ++threads_running;
    m_thread = std::thread([state = m_state] {
        state->run();
        --threads_running;
    });
    std::unique_lock lock(m_state->mutex);
    if (!m_state->changed.wait_for(lock, patience, [this] { return m_state->tried; }))
        log_error("player", "the store does not answer; the calm card is shown until it does");
}

LateService::~LateService() { stop(); }

int LateService::threads_alive() { return threads_running; }

void LateService::started(Director& director, Size stage) {
    const std::lock_guard lock(m_state->mutex);
    m_state->director = &director;
    m_state->stage = stage;
    if (m_state->opened)
        m_state->service->started(director, stage);
}

void LateService::stop() {
    if (m_thread.joinable()) {
        std::unique_lock lock(m_state->mutex);
        m_state->stop = true;
        m_state->director = nullptr;
        m_state->changed.notify_all();
        const bool ended = m_state->changed.wait_for(lock, stop_patience, [this] { return m_state->ended; });
        lock.unlock();
        ended ? m_thread.join() : m_thread.detach();
    }
    if (ScreenService* service = opened())
        service->stop();
}

ScreenService* LateService::opened() const { return m_state->opened ? m_state->service.get() : nullptr; }

std::optional<PlayItem> LateService::next() { return opened() ? opened()->source().next() : std::nullopt; }

PlayItem LateService::fallback() {
    if (ScreenService* service = opened())
        return service->source().fallback();
    PlayItem item;
    item.media = MediaKind::fallback;
    item.shown = ShownItem::fallback;
    item.name = "fallback";
    std::string awaited = m_state->awaited ? m_state->awaited() : std::string{};
    if (awaited.empty())
        awaited = "Le stockage de cet appareil ne répond pas. Prévenez votre administrateur.";
    item.draw = [awaited](Size size) { return draw_calm_card({"Bientôt, des informations utiles", awaited, "", "fr"}, size); };
    item.duration = Milliseconds{1000};
    return item;
}

Interruption LateService::interruption() { return opened() ? opened()->source().interruption() : Interruption::none; }

void LateService::failed(const PlayItem& item, const Error& error) {
    if (ScreenService* service = opened())
        service->source().failed(item, error);
}

void LateService::showing_began(const PlayItem& item, std::int64_t number) {
    if (opened())
        for (PlaybackListener* listener : m_state->listeners)
            listener->showing_began(item, number);
}

void LateService::frame_shown(const PlayItem& item, const ShownFrame& frame) {
    if (opened())
        for (PlaybackListener* listener : m_state->listeners)
            listener->frame_shown(item, frame);
}

void LateService::showing_ended(const PlayItem& item, const Showing& showing) {
    if (opened())
        for (PlaybackListener* listener : m_state->listeners)
            listener->showing_ended(item, showing);
}

void LateService::item_failed(const PlayItem& item, const Error& error) {
    if (opened())
        for (PlaybackListener* listener : m_state->listeners)
            listener->item_failed(item, error);
}

void LateService::key_pressed() {
    if (opened())
        for (PlaybackListener* listener : m_state->listeners)
            listener->key_pressed();
}

} // namespace capsule
