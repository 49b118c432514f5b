// The sequence: while one item plays the next is prepared, and follows at exactly the slot where the first ends.
//
//                     ┌──────────── source has nothing: fallback card ───────────┐
//   waiting ──ready──▶ current plays ──its end, next ready──▶ next becomes current (start = end of the one before)
//                     │        └─ its end, next not ready: its last frame stays; after a second the fallback card
//                     └─ interrupt: what was prepared is dropped, the source is asked; cut as soon as that is ready
//
// run: the presenting thread, which is the one that opened the stage. stop, set_banner, set_strip, set_panel, stage_size: thread-safe;
// stop may be called in a signal handler.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "player/audio/sink.hpp"
#include "player/director/preparer.hpp"
#include "player/playback/item.hpp"
#include "player/present/stage.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace capsule {

struct DirectorOptions {
    bool end_when_dry = false;                        // the run is over when the source has nothing more, instead of a fallback card
    std::optional<Nanoseconds> play_for;              // from the first frame
    std::function<bool()> still_awaited;              // while true, play_for is prolonged, by two minutes at most
    Nanoseconds prepare_patience = std::chrono::seconds(5);
    Nanoseconds stall_patience = std::chrono::milliseconds(750); // without a frame that is due, an item is given up
    Nanoseconds gap_patience = std::chrono::seconds(1);   // how long a last frame stays before the fallback card comes
    Nanoseconds dry_wait = std::chrono::seconds(1);
    Nanoseconds renewed_after = std::chrono::seconds(10); // a picture that stays is put on the screen again: that shows that it can be
    std::shared_ptr<HardwareDecoders> hardware = nullptr; // for the pictures of files, see SessionOptions
};

class Director {
public:
    // `sink`: null for silence. All borrowed, and must outlive this object.
    Director(Stage& stage, ItemSource& source, const Clock& clock, AudioSink* sink, const DirectorOptions& options);
    ~Director();

    // Before run.
    void add_listener(PlaybackListener& listener) { m_listeners.push_back(&listener); }

    // Plays until stop(), the window is closed, `play_for` is over, or the source is dry (if that ends it). What is on screen then is
    // reported as stopped. Errors: the display is gone for good.
    Result<void> run();
    void stop() { m_stop = true; }
    // Drawn over every item but QR cards from the next frame on; empty: none. Captions stay above the banner. The strip is for the clock
    // and the like.
    void set_banner(std::optional<PlacedPicture> banner);
    void set_strip(std::optional<PlacedPicture> strip);
    // Lies over captions and strip and under the banner; captions do not give way to it.
    void set_panel(std::optional<PlacedPicture> panel);
    // What the last picture was drawn for: banner and strip must be drawn anew when it changes. {0, 0} before the first.
    Size stage_size() const { return {m_stage_width, m_stage_height}; }
    // How many items came on screen so far.
    std::int64_t showings() const { return m_showings; }

private:
    enum class Waited { due, interrupted };
    using Shared = std::shared_ptr<const PlacedPicture>; // the presenting thread keeps it while it draws

    void want(Shared& wanted, std::optional<PlacedPicture> picture);
    bool over(Nanoseconds now) const;
    void step();
    void step_without_current();
    void step_current();
    void at_end(Nanoseconds end);
    bool interrupted(); // looks what the source wants; true: what is on screen yields
    void drop_prepared();
    void handle_interrupt();
    void lead_sound_in(Nanoseconds now);
    bool put_on_screen(ReadyItem& item, const VideoFrame& frame, Nanoseconds due);
    void start(ReadyItem item, Nanoseconds at);
    void replace_current(ReadyItem item, ShowingEnd end_of_current);
    void keep_drawn_first_frame();
    void finish_current(ShowingEnd end, Nanoseconds at, std::string failure = {});
    void give_up_current(Error why, Nanoseconds now);
    Waited wait_until(Nanoseconds time);
    void look_after_things(Nanoseconds now); // events, failures, sound, banner: at least every 20 ms
    void draw(ReadyItem& item, const VideoFrame& frame, Nanoseconds pts);
    void redraw();
    void renew_picture(Nanoseconds now);

    Stage& m_stage;
    ItemSource& m_source;
    const Clock& m_clock;
    AudioSink* m_sink;
    const DirectorOptions m_options;
    std::vector<PlaybackListener*> m_listeners;
    std::atomic<bool> m_stop{false};

    std::unique_ptr<Preparer> m_preparer;
    std::optional<ReadyItem> m_current, m_next;
    std::optional<ReadyItem> m_over; // let go of once the first frame after it is on screen
    bool m_interrupting = false;
    bool m_dry_end = false;
    const VideoFrame* m_drawn_ahead = nullptr; // what the stage will show
    Nanoseconds m_current_began{};
    Nanoseconds m_shown_at{};                  // the picture on the stage
    Nanoseconds m_waiting_since{};             // for a frame of the current item, or for the first item
    std::optional<Nanoseconds> m_first_frame_at;
    std::atomic<std::int64_t> m_showings{0};
    std::string m_display_trouble; // the last one said
    bool m_display_gone = false;
    bool m_drawn = false; // whether the stage could draw what it will show
    bool m_seen = false;  // whether the last frame that was put on the stage could be seen: drawn and shown

    std::atomic<int> m_stage_width{0}, m_stage_height{0}; // both change between two pictures: a wrong pair lasts as long
    std::mutex m_banner_mutex;
    Shared m_banner_wanted, m_strip_wanted, m_panel_wanted; // guarded
    Shared m_banner, m_strip, m_panel;
    std::atomic<bool> m_banner_changed{false};
};

} // namespace capsule
