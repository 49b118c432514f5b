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

struct PlaylistItem {
    CapsuleId capsule;
    int weight = 1;                            // 1 … 1000
    std::optional<int> at_least_per_hour;
    std::optional<int> at_most_per_hour;
    int volume = 100; // percent of the screen's
    bool operator==(const PlaylistItem&) const = default;
};

struct Playlist {
    PlaylistId id;
    std::string title;
    PlaylistOrder order = PlaylistOrder::listed;
    Milliseconds qr_card_every{0}; // 0: never
    std::vector<PlaylistItem> items;
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
    bool at_once = false;        // when it begins, what is on screen yields; otherwise it plays to its end
    bool operator==(const Schedule&) const = default;
};

struct Programme {
    std::int64_t number = 0;
    Instant published_at{};
    std::map<CapsuleId, Capsule> capsules;
    std::map<PlaylistId, Playlist> playlists;
    std::vector<Schedule> schedules;
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

} // namespace capsule
