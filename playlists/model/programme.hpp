// programme.json: what people publish. Format: playlists/release/README.md. Reentrant values.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

enum class PlaylistOrder { listed, shuffle };

// A capsule with its rules, or a playlist inside this one.
struct PlaylistItem {
    CapsuleId capsule;                         // empty when it is a playlist
    int weight = 1;                            // 1 … 1000; of a playlist also 0: its capsules count as if they stood here
    std::optional<int> at_least_per_hour;
    std::optional<int> at_most_per_hour;
    int volume = 100;                          // percent of the screen's
    std::optional<PlaylistId> playlist = {};   // then no other rule than the weight
    Milliseconds not_again_within{0};          // from start to start; 0: as the playlist says
    Milliseconds duration{0};                  // of an image or a card; 0: as the playlist, else the capsule says
    bool qr_card_after = false;                // the QR card follows each showing
    bool operator==(const PlaylistItem&) const = default;
};

struct Playlist {
    PlaylistId id;
    std::string title;
    PlaylistOrder order = PlaylistOrder::listed;
    Milliseconds qr_card_every{0}; // 0: never
    std::vector<PlaylistItem> items;
    Milliseconds not_again_within{0};         // of every capsule, from start to start
    bool themes_apart = false;                // not two of one theme in a row
    Milliseconds still_duration{0};           // of images and cards; 0: as the capsule says
    std::map<std::string, int> languages;     // parts of the showings by language, 1 … 1000; empty: as each screen prefers
    int calm_percent = 0;                     // 0 … 90: part of the time for calm stills between capsules
    Milliseconds calm_duration{10'000};       // of one such still
    bool operator==(const Playlist&) const = default;
};

// A condition over one screen and its site: all, any, not, or one fact ("site", "screen", "commune", "ept", "type", "tag").
struct Where {
    enum class Kind { all, any, negation, fact };
    Kind kind = Kind::all;          // an empty `all` is everywhere
    std::vector<Where> operands;    // of all, any; exactly one of negation
    std::string fact, value;        // of fact
    bool operator==(const Where&) const = default;
};

struct Schedule {
    ScheduleId id;
    PlaylistId playlist;
    Where where;
    std::string when = "always"; // "open" (the site's opening hours), "always", or an opening-hours expression
    int priority = 0;            // higher wins
    bool at_once = false;        // its beginning and its end cut what is on screen; otherwise that plays to its end
    // Local to the site, half-open: "2026-11-24" or "2026-11-24T08:30:15"; empty: no such end.
    std::string from = {}, until = {};
    int margin_minutes = 0;      // of "open": so much earlier and later; 0 … 240
    int share_percent = 100;     // 1 … 100; below 100: a campaign, so much of the showings beside what ranks below
    bool operator==(const Schedule&) const = default;
};

// Days between classes, as local dates, half-open. What is imported for the whole département (school zone C).
struct SchoolHoliday {
    std::string name;
    std::string from, until; // "2026-12-19"
    bool operator==(const SchoolHoliday&) const = default;
};

// The parts of a local date or date and time as a schedule bears it; empty when it is neither. Seconds since local midnight.
struct LocalMoment {
    std::string date;
    int seconds = 0;
};
std::optional<LocalMoment> parse_local_moment(std::string_view text);

struct Programme {
    std::int64_t number = 0;
    Instant published_at{};
    std::map<CapsuleId, Capsule> capsules;
    std::map<PlaylistId, Playlist> playlists;
    std::vector<Schedule> schedules;
    std::vector<SchoolHoliday> school_holidays; // ascending, disjoint
    std::map<std::string, std::string> directory_templates; // by language; {commune} (name as in an address), {insee}, {postcode}, {theme}
    std::optional<BlobReference> directory_places;
};

// Invalid: names the place in the document. Refused: `requires` names something that this program does not know.
Result<Programme> parse_programme(std::string_view text);
std::string serialise(const Programme& programme); // compact JSON

nlohmann::json to_json(const Playlist& playlist); // without its id, as in the document
Result<Playlist> playlist_from_json(const PlaylistId& id, const nlohmann::json& object);
nlohmann::json to_json(const Where& where);
Result<Where> where_from_json(const nlohmann::json& object);
nlohmann::json to_json(const Schedule& schedule); // with its id
Result<Schedule> schedule_from_json(const nlohmann::json& object);
nlohmann::json to_json(const std::vector<SchoolHoliday>& holidays);
// Ascending and disjoint, or invalid.
Result<std::vector<SchoolHoliday>> school_holidays_from_json(const nlohmann::json& list);

} // namespace capsule
