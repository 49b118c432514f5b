// What one deck plays, and what the people upstairs learn about it. Values; reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"
#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

class Reader;
struct SessionOptions;

enum class MediaKind { video, image, card, fallback };

// A capsule's video or image, or a card that is drawn.
struct PlayItem {
    MediaKind media = MediaKind::video; // of a local file: video; the deck finds out whether it is an image
    ShownItem shown = ShownItem::capsule;
    std::string name;                       // capsule id, file name, "qr-card", "fallback": for logs
    Path file;                              // of video and image
    // Who has begun to read the file already; empty: its deck begins when it is prepared. Called at most once, on a deck's thread.
    std::function<std::unique_ptr<Reader>(const SessionOptions&)> begun;
    std::function<Picture(Size)> draw;      // of card and fallback: with the size of the (unrotated) stage; on a deck's thread, again on the presenting one when it changes
    // Of what is drawn: when it answers another number than when it was drawn, `draw` is called again. Cheap; on the presenting thread.
    std::function<std::int64_t()> edition;  // empty: drawn once
    Milliseconds duration{10'000};          // of images and cards; videos last as long as they are
    bool sound = false;                     // whether the sound of the file may be heard
    int gain_mdb = 0;
    int volume = 0;                         // percent
    std::function<int()> volume_now;        // percent, at this moment, on the presenting thread; empty: `volume` throughout
    std::optional<Path> captions;           // WebVTT or SRT to draw; empty: none, unless they are looked for
    std::string captions_language;
    std::vector<std::string> look_for_captions; // languages, preferred first: files beside `file` and tracks within; empty: not looked for
    int diagonal_mm = 813, distance_mm = 3000;  // of the screen and to its readers: the size of captions
    // For the ledger.
    PlaylistId playlist;
    CapsuleId capsule;
    std::string version; // digest in hexadecimal
    std::string language;
    std::int64_t programme = 0, fleet = 0;
    std::string reason; // why this one, for the log
};

// A frame that was put on the screen.
struct ShownFrame {
    Nanoseconds at{};          // monotonic, when it was handed to the display
    std::int64_t showing = 0;  // number since start, from 1
    std::int64_t frame = 0;    // within the showing, from 0
    Nanoseconds pts{};         // within the item, from 0
    Nanoseconds late{};        // after the slot it was due at; 0 when in time
};

// What was measured of one showing, when it is over.
struct Showing {
    std::int64_t number = 0;
    Nanoseconds boot_start{}, boot_end{}; // CLOCK_BOOTTIME
    Instant wall_start{};
    Nanoseconds due{}, shown{};
    std::int64_t frames_due = 0, frames_shown = 0, frames_late = 0;
    ShowingEnd end = ShowingEnd::complete;
    std::string failure; // of `failed`: why, one line
    bool sound_heard = false;
    std::string captions_drawn; // language, empty: none
};

// Called on the presenting thread: must return at once (hand over to a mailbox), must not throw. Borrowed references only.
class PlaybackListener {
public:
    virtual ~PlaybackListener() = default;
    virtual void showing_began(const PlayItem&, std::int64_t /*number*/) {}
    virtual void frame_shown(const PlayItem&, const ShownFrame&) {}
    virtual void showing_ended(const PlayItem&, const Showing&) {}
    // A picture that stays long (a still, a card) was put on the screen once more; it counts as no frame.
    virtual void picture_renewed(Nanoseconds /*at*/) {}
    // The item never came on screen (missing, refused, corrupt, hung); the next one is asked for at once.
    virtual void item_failed(const PlayItem&, const Error&) {}
    // Somebody stands at the screen and pressed a key that means nothing else.
    virtual void key_pressed() {}
};

// What a source wants of what it gave before.
enum class Interruption {
    none,
    prepared,  // what has been prepared must not be shown (withdrawn); what is on screen plays to its end
    change,    // what has been prepared is not what would be given now (another playlist): another one, if there is time for it
    on_screen, // what is on screen yields as soon as the next item is ready (urgent message, withdrawal, a schedule that says so)
};

// Where the director gets its items. Called on the director's preparing thread, one call at a time; may take milliseconds, not more.
class ItemSource {
public:
    virtual ~ItemSource() = default;
    // The item after the ones already given. Empty: nothing is playable now; the director shows fallback() and asks again after
    // a second. Called ahead of time: while the item before is still on screen.
    virtual std::optional<PlayItem> next() = 0;
    // The card for when nothing is playable: drawn without any file.
    virtual PlayItem fallback() = 0;
    // What is wanted since the last call: asking clears it. On the presenting thread, several times a frame: a mere atomic read.
    virtual Interruption interruption() { return Interruption::none; }
    // The item could not be shown; the source keeps count and sets it aside after three times.
    virtual void failed(const PlayItem&, const Error&) {}
};

} // namespace capsule
