#include "player/app/late_service.hpp"

#include "content/base/log.hpp"
#include "player/overlay/cards.hpp"

#include <pthread.h>

namespace capsule {

LateService::LateService(Open open, Nanoseconds retry) : m_open(std::move(open)) {
    if (try_open())
        return;
    m_thread = std::thread([this, retry] {
        pthread_setname_np(pthread_self(), "open-store");
        std::unique_lock lock(m_mutex);
        while (!m_changed.wait_for(lock, retry, [this] { return m_stop; })) {
            lock.unlock();
            const bool opened = try_open();
            lock.lock();
            if (!opened)
                continue;
            if (m_director)
                m_service->started(*m_director, m_stage);
            m_opened = true;
            return;
        }
    });
}

LateService::~LateService() { stop(); }

bool LateService::try_open() {
    auto service = m_open();
    if (!service) {
        if (service.error().message != m_said)
            log_error("player", service.error().message + "; the calm card is shown, and the store is tried again");
        m_said = service.error().message;
        return false;
    }
    m_service = std::move(*service);
    m_listeners = m_service->listeners();
    if (!m_thread.joinable())
        m_opened = true;
    return true;
}

void LateService::started(Director& director, Size stage) {
    const std::lock_guard lock(m_mutex);
    m_director = &director;
    m_stage = stage;
    if (m_opened)
        m_service->started(director, stage);
}

void LateService::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_director = nullptr;
        m_changed.notify_all();
    }
    if (m_thread.joinable())
        m_thread.join();
    if (m_service)
        m_service->stop();
}

std::optional<PlayItem> LateService::next() { return m_opened ? m_service->source().next() : std::nullopt; }

PlayItem LateService::fallback() {
    if (m_opened)
        return m_service->source().fallback();
    PlayItem item;
    item.media = MediaKind::fallback;
    item.shown = ShownItem::fallback;
    item.name = "fallback";
    item.draw = [](Size size) {
        return draw_calm_card({"Bientôt, des informations utiles",
                               "Le stockage de cet appareil ne répond pas. Prévenez votre administrateur.", "", "fr"},
                              size);
    };
    item.duration = Milliseconds{1000};
    return item;
}

Interruption LateService::interruption() { return m_opened ? m_service->source().interruption() : Interruption::none; }

void LateService::failed(const PlayItem& item, const Error& error) {
    if (m_opened)
        m_service->source().failed(item, error);
}

void LateService::showing_began(const PlayItem& item, std::int64_t number) {
    if (m_opened)
        for (PlaybackListener* listener : m_listeners)
            listener->showing_began(item, number);
}

void LateService::frame_shown(const PlayItem& item, const ShownFrame& frame) {
    if (m_opened)
        for (PlaybackListener* listener : m_listeners)
            listener->frame_shown(item, frame);
}

void LateService::showing_ended(const PlayItem& item, const Showing& showing) {
    if (m_opened)
        for (PlaybackListener* listener : m_listeners)
            listener->showing_ended(item, showing);
}

void LateService::item_failed(const PlayItem& item, const Error& error) {
    if (m_opened)
        for (PlaybackListener* listener : m_listeners)
            listener->item_failed(item, error);
}

void LateService::key_pressed() {
    if (m_opened)
        for (PlaybackListener* listener : m_listeners)
            listener->key_pressed();
}

} // namespace capsule
