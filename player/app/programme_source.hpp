// What the director plays on an enrolled screen: the running order of the active release, read from the store.
// Thread-safe: the release arrives from the sync thread while the director asks for items from its own.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "player/app/item_maker.hpp"
#include "player/app/nearby_places.hpp"
#include "player/impressions/time_keeper.hpp"
#include "player/overlay/cards.hpp"
#include "player/playback/item.hpp"
#include "playlists/model/release.hpp"
#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/running_order.hpp"
#include "playlists/schedule/urgent.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace capsule {

struct ProgrammeSourceSettings {
    ItemSettings items;
    std::string device_name;    // what the calm card shows while no screen is assigned
    bool sound = false;         // --sound; the screen's volume counts only then
};

class ProgrammeSource final : public ItemSource, public PlaybackListener {
public:
    // `time` outlives this object; it is asked for each item, on the director's thread. `disk`, too, holds the store.
    ProgrammeSource(ProgrammeSourceSettings settings, const TimeKeeper& time, Disk& disk);

    // From now on items come from this release, for that screen (empty: the device serves none yet). What is on screen is
    // interrupted when it is withdrawn; what is only prepared is dropped. One caller at a time; may read the directory of places.
    void set_release(ReleasePointer release, std::optional<ScreenId> screen);
    // What is awaited, in French, for the calm card: "Le serveur ne répond pas encore…".
    void set_awaited(std::string text);
    // What is shown while this device serves no screen; empty: the calm card.
    void set_enrolment(std::optional<EnrolmentCard> card);
    // Where the day's count stands, rebuilt from the journal. Before the first item.
    void set_cursor(Cursor cursor);

    // Told of the blob behind each item that failed. Called on the director's thread; set before the first item.
    void on_failure(std::function<void(const Digest&)> listener) { m_on_failure = std::move(listener); }

    std::optional<PlayItem> next() override;
    PlayItem fallback() override;
    Interruption interruption() override;
    void failed(const PlayItem& item, const Error& error) override;

    // Told by the director what is on screen, so that a withdrawal cuts that and nothing else.
    void showing_began(const PlayItem& item, std::int64_t number) override;
    // A capsule that was shown to its end is no suspect any more.
    void showing_ended(const PlayItem& item, const Showing& showing) override;

    // That version's file is here anew: whatever failed before, it is given again.
    void restored(const Digest& version);

    // Capsules set aside after three failures, with the last reason.
    std::map<CapsuleId, std::string> set_aside() const;
    // Files of what is on screen or was given for it; whoever collects files leaves these alone.
    std::set<Digest> on_air() const;
    // What the screen's corner says at this moment: the time of day only while it is known.
    Strip strip() const;
    // To be called several times a second, not on the presenting thread: asks for the volume of this moment, interrupts for a schedule
    // that says at once and for messages that take the whole screen, and answers with the messages that lie over the picture.
    std::vector<ActiveMessage> keep_up();
    // The screen's volume at this moment, percent; 0 without --sound.
    int volume() const { return m_volume; }

private:
    struct Failures {
        int count = 0;
        std::string reason;
    };
    PlayItem item_while_locked(const NextItem& next);
    ItemPlace here_while_locked() const { return {*m_release, m_release->fleet.screens.at(*m_screen)}; }
    // Capsules that cannot play here now: set aside, cards with nothing to show, brought by a message and not here yet.
    std::vector<CapsuleId> unplayable_while_locked(const std::vector<ActiveMessage>& messages) const;
    Evaluation evaluate_while_locked(Instant instant) const;
    void give(const PlayItem& item);
    void ask_for(Interruption interruption);

    const ProgrammeSourceSettings m_settings;
    const TimeKeeper& m_time;
    Disk& m_disk;
    const ItemMaker m_items;
    NearbyPlaces m_places;
    std::function<void(const Digest&)> m_on_failure; // set before the first item
    mutable std::mutex m_mutex;
    ReleasePointer m_release;
    std::optional<ScreenId> m_screen;
    std::string m_awaited;
    std::optional<EnrolmentCard> m_enrolment;
    std::optional<RunningOrder> m_order; // of m_release and m_screen, once both are there
    std::optional<Cursor> m_rebuilt;     // until m_order is there
    bool m_first = true; // no capsule was given yet
    std::map<CapsuleId, Failures> m_failures;
    std::optional<Evaluation> m_kept_up; // as of the last keep_up, as are the next two
    std::pair<std::optional<ActiveMessage>, bool> m_kept_full; // what filled the screen, and whether by its capsule
    std::vector<MessageId> m_kept_capsules; // banners that brought a capsule
    UrgentCapsules m_urgent;
    std::atomic<int> m_volume{0};
    std::atomic<Interruption> m_interruption{Interruption::none};

    struct Given {
        ShownItem shown;
        CapsuleId capsule;
        std::string version, captions, name; // captions: the name of their file
        PlaylistId playlist;
        bool operator==(const Given&) const = default;
    };
    static Given given(const PlayItem& item);
    static bool is_withdrawn(const std::vector<Withdrawal>& withdrawn, const Given& item);
    // Held for moments only: the presenting thread waits for it.
    mutable std::mutex m_screen_mutex;
    std::vector<Withdrawal> m_withdrawn; // guarded, as are the next three
    std::optional<Given> m_on_screen;
    std::deque<Given> m_prepared;       // given, not on screen yet
    std::vector<CapsuleId> m_succeeded; // shown to their end since the last question
};

} // namespace capsule
