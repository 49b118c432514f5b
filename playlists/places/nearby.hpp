// The places around a site that a screen may name, nearest first, and what it may say of their hours. Pure. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "playlists/places/listed_place.hpp"
#include "playlists/schedule/hours.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// What holds of a place's hours at one moment. Minutes are local, from midnight.
struct OpenToday {
    enum class State {
        unknown, // no hours, or none that can be read
        open,    // now, until `until`
        later,   // today, from `from` until `until`
        closed,  // for today; `day` and `from`: when next, within a week; no day: not in a week
        always,  // day and night
    };
    State state = State::unknown;
    int from = 0, until = 0;
    bool until_tomorrow = false; // `until` is in the morning after
    std::optional<LocalDay> day;
    bool operator==(const OpenToday&) const = default;
};
OpenToday open_today(const std::string& hours, const Zone& zone, Instant instant, const Calendar& calendar = {});

// Whether the place was confirmed (date_maj) within the twelve months before `today`: on the same date a year later it is not
// any more. A date that lies ahead confirms nothing.
bool is_confirmed(const ListedPlace& place, LocalDay today);
// Whether people can go there: it receives the public.
bool receives_people(const ListedPlace& place);

struct NearbyPlace {
    const ListedPlace* place = nullptr; // of the list that was given
    double metres = 0;
    OpenToday open;
};

enum class Confirmed { lately, any };

struct NearbyQuestion {
    Position from;
    Instant instant{};
    std::size_t most = 4;
    double within_metres = 10'000;
    Confirmed confirmed = Confirmed::lately;
};
// Of the places with a position that receive people, and that were confirmed lately: the nearest. `places` outlives the answer.
std::vector<NearbyPlace> nearby(const std::vector<ListedPlace>& places, const NearbyQuestion& question, const Zone& zone, const Calendar& calendar = {});

} // namespace capsule
