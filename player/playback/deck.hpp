// One item from file to last frame. prepare: the preparing thread; afterwards all of it belongs to the presenting thread.
//
//   Idle ──prepare──▶ Held ──begin──▶ Playing ──last frame shown──▶ Draining ──finish──▶ Done
//     └────────────▶ Failed ◀──────────┘ (the reader's error, after what was good has been shown)
//
// Held: opened, its first frame decoded. Draining: the last frame stays on screen until its time is over. finish is allowed in
// Playing, too (cut, stopped).
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "player/audio/sink.hpp"
#include "player/media/reader.hpp"
#include "player/playback/item.hpp"
#include "player/playback/sound.hpp"
#include "player/present/timeline.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace capsule {

// A frame and when it is due (monotonic). The frame is borrowed until the next call of the deck.
struct DueFrame {
    const VideoFrame* frame = nullptr;
    Nanoseconds due{};
};
struct OverAt {
    Nanoseconds time{}; // when the item after this one is due
};
using DeckAnswer = std::variant<NotYet, DueFrame, OverAt, Error>;

struct DeckSurroundings {
    const Clock& clock;
    Size stage;                // upright, for what is drawn
    bool sound = false;        // whether there is a sink at all
    std::shared_ptr<HardwareDecoders> hardware = nullptr; // see SessionOptions
};

class Deck {
public:
    Deck(PlayItem item, const DeckSurroundings& surroundings);

    // Idle → Held, or Failed: the reader's errors. Timeout after `patience`: still Idle, and may be called again to wait on; whoever
    // destroys the deck instead leaves its thread behind.
    Result<void> prepare(Nanoseconds patience);

    // Any state: from now on for a stage of that size. What is drawn is drawn anew, in its place, when that or its edition has changed.
    void fit(Size stage);
    // Whether what is drawn says something else by now: fit() draws it anew.
    bool outdated() const { return m_item.edition && m_item.edition() != m_edition; }
    // Held: what it will show first.
    const VideoFrame& first_frame() const;
    // Held: hands the device what is to be heard from `start` on, which lies ahead, so that the sound starts with the picture. As
    // often as one likes. The sink outlives the deck.
    void lead_in(Nanoseconds start, Nanoseconds now, AudioSink& sink);
    // Held → Playing. Frame 0 is due at `start`. `refresh`: the display's period, 0 when unknown. The sink, if any, outlives the deck.
    void begin(Nanoseconds start, Nanoseconds refresh, std::int64_t number, AudioSink* sink);
    // Playing, Draining: the next frame, waiting for it no longer than `patience`; or when the item is over; or why it broke off
    // (→ Failed).
    DeckAnswer next(Nanoseconds now, Nanoseconds patience);
    // Playing: the frame that next() gave has been put on screen at `at`. It moves to on_screen(). `seen`: false when there was no
    // screen to take it; its time has passed all the same.
    ShownFrame shown(Nanoseconds at, bool seen = true);
    // The frame on screen; null before the first.
    const VideoFrame* on_screen() const { return m_on_screen ? &*m_on_screen : nullptr; }
    // Playing, Draining: when the item after this one is due, as soon as that is known: some frames ahead.
    std::optional<Nanoseconds> end() const;
    // Moves sound along; at least every 100 ms.
    void feed_sound(Nanoseconds now);
    // Any state after Held → Done. What was measured.
    Showing finish(ShowingEnd end, Nanoseconds at, std::string failure = {});

    // `media`, `duration` as the file turned out to be.
    const PlayItem& item() const { return m_item; }
    bool playing() const { return std::holds_alternative<Playing>(m_state) || std::holds_alternative<Draining>(m_state); }
    std::int64_t number() const { return m_showing.number; }

private:
    struct Idle {};
    struct Held {
        VideoFrame first;
    };
    struct Playing {
        std::optional<VideoFrame> candidate; // the next to be shown
    };
    struct Draining {
        Nanoseconds end; // of the item's time
    };
    struct Done {};
    struct Failed {
        Error why;
    };

    Result<void> fail(Error why);
    TakenFrame take(Nanoseconds patience);
    void count_due(const VideoFrame& frame);
    bool open_sound(AudioSink* sink);

    PlayItem m_item;
    DeckSurroundings m_surroundings;
    std::variant<Idle, Held, Playing, Draining, Done, Failed> m_state;
    std::unique_ptr<Reader> m_reader; // null for what is drawn
    MediaInfo m_info;
    std::optional<Timeline> m_timeline; // since begin
    std::optional<RateLimit> m_rate_limit;
    std::unique_ptr<Sound> m_sound;
    std::optional<VideoFrame> m_on_screen;
    Nanoseconds m_refresh{}, m_start{};
    Nanoseconds m_media_end{}; // end of the last frame taken
    std::int64_t m_next_index = 0;
    std::int64_t m_edition = 0; // of what was drawn
    Nanoseconds m_unseen{}; // time of frames that no screen took
    Showing m_showing;
};

} // namespace capsule
