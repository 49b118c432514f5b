// A screen's service that may not open at first (a store that is full or cannot be read): the calm card until it does.
//
//   closed ──opened──▶ open (to the end)
//     └─ tried again every ten seconds, on a thread of its own
//
// ItemSource's and PlaybackListener's methods: the director's threads, as their headers say. The rest: the thread that made it.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/app/screen_service.hpp"
#include "player/playback/item.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace capsule {

class LateService final : public ItemSource, public PlaybackListener {
public:
    using Open = std::function<Result<std::unique_ptr<ScreenService>>()>;
    // Tries once before it returns.
    explicit LateService(Open open, Nanoseconds retry = std::chrono::seconds(10));
    ~LateService() override;

    // As ScreenService's.
    void started(Director& director, Size stage);
    void stop();

    std::optional<PlayItem> next() override;
    PlayItem fallback() override;
    Interruption interruption() override;
    void failed(const PlayItem& item, const Error& error) override;
    void showing_began(const PlayItem& item, std::int64_t number) override;
    void frame_shown(const PlayItem& item, const ShownFrame& frame) override;
    void showing_ended(const PlayItem& item, const Showing& showing) override;
    void item_failed(const PlayItem& item, const Error& error) override;
    void key_pressed() override;

private:
    bool try_open();

    const Open m_open;
    std::unique_ptr<ScreenService> m_service; // written once, before m_opened says so
    std::vector<PlaybackListener*> m_listeners;
    std::atomic<bool> m_opened{false};
    std::string m_said; // what was logged last

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stop = false; // guarded, as are the next two
    Director* m_director = nullptr;
    Size m_stage;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace capsule
