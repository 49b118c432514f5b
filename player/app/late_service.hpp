// A screen's service that may not open at first (a store that is full, cannot be read or does not answer): the calm card until it does.
//
//   closed ──opened──▶ open (to the end)
//     └─ tried again every ten seconds
//
// It is opened on a thread of its own. One that hangs in a store when the end comes is left behind, with all that it touches.
//
// ItemSource's and PlaybackListener's methods: the director's threads, as their headers say. The rest: the thread that made it.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/app/screen_service.hpp"
#include "player/playback/item.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace capsule {

class LateService final : public ItemSource, public PlaybackListener {
public:
    using Open = std::function<Result<std::unique_ptr<ScreenService>>()>;
    // Waits until it was tried once, no longer than `patience`. What `open` borrows lasts as long as the process.
    // `awaited`: what people can do meanwhile, in French, for the card; empty: the store is at fault. Thread-safe.
    explicit LateService(Open open, std::function<std::string()> awaited = {}, Nanoseconds retry = std::chrono::seconds(10),
                         Nanoseconds patience = std::chrono::seconds(5));
    ~LateService() override;
    LateService(const LateService&) = delete;
    LateService& operator=(const LateService&) = delete;

    // As ScreenService's. stop waits for a thread that is opening no longer than half a second.
    void started(Director& director, Size stage);
    void stop();

    // Threads that still run, of all services: those left behind too.
    static int threads_alive();

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
    struct State;
    ScreenService* opened() const; // null: not yet

    std::shared_ptr<State> m_state; // shared with the thread, which may outlive this object
    std::thread m_thread;
};

} // namespace capsule
