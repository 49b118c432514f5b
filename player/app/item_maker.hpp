// What the schedule's answers become on a screen: files to play and cards to draw. Pure but for the time that cards say, which is asked
// when they are drawn. Thread-safe.
#pragma once

#include "player/app/nearby_places.hpp"
#include "player/impressions/time_keeper.hpp"
#include "player/playback/item.hpp"
#include "playlists/schedule/next.hpp"

#include <functional>
#include <string>

namespace capsule {

struct ItemSettings {
    Path blobs;                 // STORE/blobs
    std::string public_url;     // where visitors' phones reach the server; empty: cards carry the directory's address itself
    Milliseconds qr_card_duration{20'000};
};

// For one release and one of its screens; both outlive the call, not the item.
struct ItemPlace {
    const Release& release;
    const Screen& screen;
};

class ItemMaker {
public:
    // `time` outlives this object and its items.
    ItemMaker(ItemSettings settings, const TimeKeeper& time) : m_settings(std::move(settings)), m_time(time) {}

    // `volume_now`: the screen's, percent.
    PlayItem capsule(const ItemPlace& here, const NextItem& next, const std::function<int()>& volume_now) const;
    // A capsule that is a card: `places` are those within reach of the site.
    PlayItem card(const ItemPlace& here, const NextItem& next, NearbyPlaces::Places places) const;
    PlayItem qr_card(const ItemPlace& here, const NextItem& next) const;
    PlayItem calm(const ItemPlace& here, const NextItem& next) const;
    PlayItem closed(const ItemPlace& here) const;
    PlayItem notice(const ItemPlace& here, const ActiveMessage& message) const;

    // Whether the card of places has anything to show there and then; not while the time is not known: what was confirmed is not either.
    bool has_places(const ItemPlace& here, const NearbyPlaces::Places& places) const;
    Path blob(const Digest& digest) const;

private:
    std::function<Picture(Size)> site_drawing(const ItemPlace& here) const;
    // Changes with each minute of the time that is known.
    std::function<std::int64_t()> minute() const;

    const ItemSettings m_settings;
    const TimeKeeper& m_time;
};

} // namespace capsule
