// What a screen says of a place, in French, short. Pure. Reentrant. No-break spaces stand where French typography asks for them.
#pragma once

#include "playlists/places/nearby.hpp"

#include <string>
#include <vector>

namespace capsule::in_words {

std::string distance(double metres);                        // "moins de 50 m", "350 m", "1,2 km", "12 km"
std::string clock_time(int minutes);                        // "9 h", "17 h 30"
std::string opening(const OpenToday& open, LocalDay today); // "Ouvert jusqu’à 17 h 30", "Fermé, ouvre demain à 9 h"; empty when it is not known
std::string day_hours(const std::vector<MinuteRange>& ranges); // "9 h – 12 h et 14 h – 17 h", "fermé", "ouvert jour et nuit"
// Of one day, by an opening-hours expression; empty when there is none or it cannot be read.
std::string hours_of(const std::string& hours, LocalDay day, const Calendar& calendar);
std::string date(LocalDay day);                             // "22 novembre 2026"
std::string weekday_and_date(LocalDay day);                 // "mardi 24 novembre"
std::string telephone(const std::string& text);             // "01 99 00 12 34"; others as they stand; empty when it is no number
std::string address(const ListedPlace& place);                    // "12 rue de Paris, Antony"
// With or without appointment, what it costs, Aidants Connect, itinerant: what is known of it.
std::vector<std::string> notes(const ListedPlace& place);

} // namespace capsule::in_words
