// What a publication would change, and on which screens: between the programme in force and the draft. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <set>
#include <string>
#include <vector>

namespace capsule::server {

struct DraftChange { // not of the log of changes (playlists/changes): what the next publication brings
    enum class Subject { playlist, capsule, schedule, directory, school_holidays };
    enum class Kind { added, removed, changed };
    struct Weight {
        CapsuleId capsule;
        int before = 1, after = 1;
    };
    Subject subject = Subject::playlist;
    Kind kind = Kind::changed;
    std::string id, title;                 // of the subject; a schedule bears its playlist's title
    std::vector<CapsuleId> added, removed; // of a playlist that changed, or that is new
    bool order = false;                    // of a playlist: what stayed stands in another order, or is shuffled now, or no longer
    std::vector<Weight> weights;
    bool rules = false;                    // of a playlist: anything else
    std::set<std::string> parts;           // of a capsule: "media", "captions", "title", "validity", "metadata"
    std::set<ScreenId> screens;            // where it shows, before or after
};

// Playlists first, then what plays where, then capsules. Nothing is said of a capsule that is in no playlist, before and after.
std::vector<DraftChange> changes_between(const Programme& before, const Programme& after, const Fleet& fleet);

} // namespace capsule::server
