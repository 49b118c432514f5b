// Which item comes after this one. Pure. Reentrant.
//
// Shares follow Tijdeman's rule ("The chairman assignment problem", Discrete Mathematics 32, 1980): after N showings since the day
// began, a capsule of weight w among the total W has been shown c times with |c − N·w/W| < 1. Shuffle draws, from a seed that the
// cursor determines, among the capsules that keep that bound. W is that of the capsules that can play here; when these change in
// the course of the day, N and c count from the change.
#pragma once

#include "playlists/model/release.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// What has been shown since the site's day began, for one content of one playlist. Kept by the caller; rebuilt from the journal at
// start. A cursor of another playlist digest or another day counts as empty, but for `last`, `began` and `since_qr_card`: what
// keeps showings apart holds over midnight and from one playlist to another.
struct Cursor {
    std::string playlist_digest;
    std::string day;                         // site-local "2026-11-22"
    std::map<CapsuleId, std::int64_t> shown; // showings begun
    std::map<std::string, std::int64_t> languages; // likewise, by the version's language
    std::optional<CapsuleId> last;           // the capsule shown last
    std::optional<CapsuleId> last_listed;    // where a listed playlist stands
    std::string last_theme;
    Milliseconds since_qr_card{0};           // capsule time played since the last QR card
    bool qr_card_owed = false;               // by a capsule that asks for it
    std::optional<CapsuleId> follows;        // what the capsule shown last brings with it
    Milliseconds calm_owed{0};               // of the part of the time that is for calm stills
    // Of the shares: which capsules take part with which weights, and their showings since these have been so. Empty in a cursor
    // rebuilt from the journal: `shown` then serves, if the bound holds for it.
    std::string shares;
    std::map<CapsuleId, std::int64_t> counted;
    // When capsules began: each one's last, and all of the last hour. May be left empty in a cursor rebuilt.
    std::map<CapsuleId, std::vector<Instant>> began;
    bool operator==(const Cursor&) const = default;
};

enum class ItemKind { capsule, qr_card, calm };

// How long a QR card is taken to stay, where its length matters beforehand.
inline constexpr Milliseconds qr_card_reckoned{20'000};

struct NextItem {
    ItemKind kind = ItemKind::capsule;
    CapsuleId capsule;              // of a QR card: the capsule that it follows
    std::size_t version = 0;        // index into the capsule's versions
    PlaylistId playlist;            // the one that the capsule is written in
    Milliseconds duration{0};       // of the version, or as the playlist says of stills
    int volume = 100;               // percent of the screen's
    std::string reason;             // one sentence for people: why this and not another
    bool follows = false;           // it came with the capsule before it: no part of the shares
    bool nothing_else = false;      // a calm still, because every capsule has to wait
};

struct NextResult {
    std::optional<NextItem> item; // empty: nothing in the playlist may play here today
    Cursor cursor;                // with the item counted as begun
};

// Why a capsule of the playlist cannot play on this screen now; empty when it can. `set_aside` are capsules that the player
// cannot play (broken, missing).
std::optional<std::string> obstacle(const Release& release, const ScreenId& screen, const CapsuleId& capsule, Instant instant,
                                    const std::vector<CapsuleId>& set_aside);

// One question. Who asks often keeps a Rotation.
// Where the wall clock is not known, give the latest instant that has certainly passed: validity dates are held against it.
NextResult next(const Release& release, const PlaylistId& playlist, const ScreenId& screen, Cursor cursor, Instant instant,
                const std::vector<CapsuleId>& set_aside);

// Counts a capsule that began, as `next` does: for rebuilding a cursor from the journal, row by row in order.
void count_showing(Cursor& cursor, PlaylistOrder order, const CapsuleId& capsule, const std::string& language, Milliseconds duration,
                   Instant began);

// Identifies the content of a playlist (items, weights, rules, playlists inside): the same digest means that a cursor still counts.
std::string playlist_digest(const Programme& programme, const Playlist& playlist);
// The site-local date of `instant` at the screen's site.
std::string local_day(const Fleet& fleet, const ScreenId& screen, Instant instant);

} // namespace capsule
