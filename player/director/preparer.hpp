// The thread that asks for items and makes them ready ahead of time: one deck that waits for its turn, and the fallback card. It also
// lets go of those that are over: giving back what a file held takes milliseconds, which the screen does not have.
// An item that takes long while the screen waits becomes a laggard: it goes on being opened, and another is asked for meanwhile. A
// laggard that comes through is the next; one that does not within the patience has failed.
// take, go_on, attend, hurry, discard, failures: the presenting thread.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "player/director/captions.hpp"
#include "player/playback/deck.hpp"
#include "player/playback/item.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace capsule {

// A deck that holds its first frame, with the captions to draw over it.
struct ReadyItem {
    std::unique_ptr<Deck> deck;
    Captions captions;
};

struct FailedItem {
    PlayItem item;
    Error error;
};

class Preparer {
public:
    // `patience`: how long a file may take to show its first frame. `dry_wait`: how long to wait before asking anew when the source
    // has nothing.
    Preparer(ItemSource& source, const DeckSurroundings& surroundings, Nanoseconds patience, Nanoseconds dry_wait);
    // Waits for the thread, which ends within a tenth of a second unless the source itself does not return.
    ~Preparer();
    Preparer(const Preparer&) = delete;
    Preparer& operator=(const Preparer&) = delete;

    // The next item when it is ready, waiting for it no longer than `patience`. The one after it is prepared from go_on, or the next take,
    // on: preparing it at once would take its share of the machine in the moment when the picture changes, and three files would be open.
    // An item that lasts but a moment leaves no time for that.
    std::optional<ReadyItem> take(Nanoseconds patience);
    // The item that was taken is on screen: lets go of the one before it, and prepares the one after it.
    void go_on(std::optional<ReadyItem> over);
    // From now on for a stage of that size. What is ready was made for the one before: whoever takes it fits it.
    void fit(Size stage);
    // Calls it with the item that waits for its turn, if there is one. Must return at once.
    void attend(const std::function<void(ReadyItem&)>& visit);
    // The screen waits: whatever does not come within 0.4 s from being asked for is overtaken by another, until the next take.
    void hurry();
    // The fallback card, once it has been drawn; a new one is drawn after it.
    std::optional<ReadyItem> take_fallback();
    // What has been prepared so far is not wanted any more: the source is asked anew at once.
    void discard();
    // Whether the source's latest answer was that it has nothing, and nothing is waiting.
    bool dry() const;
    // Items that could not be prepared, since the last call. The source already knows.
    std::vector<FailedItem> failures();
    // An item broke off while it played: the source is told on this thread, before its next question.
    void broke_off(PlayItem item, Error error);

private:
    void run();
    void prepare_fallback();
    bool wanted(std::uint64_t generation) const;
    DeckSurroundings surroundings() const;

    struct Laggard {
        PlayItem item;
        ReadyItem ready;
        Nanoseconds asked{}; // monotonic
    };
    enum class Prepared { ready, failed, late, unwanted };
    Prepared prepare(Laggard& candidate, std::uint64_t generation);
    bool laggard_came_through(std::uint64_t generation);
    void hand_over(Laggard candidate, std::uint64_t generation);
    Error took_too_long(const PlayItem& item) const;
    void told_failed(PlayItem item, Error error);

    ItemSource& m_source;
    const DeckSurroundings m_surroundings; // but for the stage's size
    const Nanoseconds m_patience, m_dry_wait;
    std::set<std::string> m_said; // about captions, once each; the preparing thread's
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    // Guarded by m_mutex.
    bool m_stop = false, m_dry = false, m_hurry = false;
    bool m_taken = false; // and not on screen yet
    std::vector<ReadyItem> m_over;
    Size m_stage;
    std::uint64_t m_generation = 0; // of what is wanted; discard() starts the next
    std::optional<ReadyItem> m_ready, m_fallback;
    std::vector<FailedItem> m_failures;
    std::deque<FailedItem> m_broken_off;
    std::deque<Laggard> m_laggards; // preparing thread
    int m_failures_in_a_row = 0;    // preparing thread
    std::thread m_thread; // last: it uses all of the above
};

} // namespace capsule
