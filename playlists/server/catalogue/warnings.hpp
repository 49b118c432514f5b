// What a publication would do badly although it may go out: what visitors of some screens could not read, hear, scan or would see too
// often, and what some screens could not hold. Pure. Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace capsule::server {

struct PublishingWarning {
    enum class Kind {
        qr_illegible,     // needed and given are millimetres of the code's side
        caption_language, // `capsule` has neither version nor captions in `language`
        disk_small,       // needed and given are bytes: what must still be fetched, what is free
        loop_short,       // needed and given are milliseconds: the wait, one round of `playlist`
        card_no_places,   // the card `capsule` lists places, and the programme has no directory of them
        card_no_position, // the card `capsule` tells distances, and where the site stands is not known
    };
    Kind kind = Kind::qr_illegible;
    std::string capsule, playlist, language;
    std::int64_t needed = 0, given = 0;
    std::set<ScreenId> screens;
};

// What the server knows of places and machines that no document says.
struct Surroundings {
    std::string public_url;                          // empty: codes bear the directory's own address, of whose length nothing is known
    std::map<ScreenId, std::int64_t> free_bytes;     // as each machine said last; absent: unknown
    std::map<SiteId, Milliseconds> waiting;          // as declared
    Milliseconds usual_wait = std::chrono::minutes{15}; // where it is not declared
};

// One line: which screens, what, and what to do.
std::string in_words(const PublishingWarning& warning);

// `before` is what the screens hold by now. Sorted by kind, each kind by its subject; screens with the same fault stand together.
std::vector<PublishingWarning> publishing_warnings(const Programme& before, const Release& after, const Surroundings& surroundings);

} // namespace capsule::server
