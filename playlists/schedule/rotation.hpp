// The items of one playlist on one screen, one after the other; read once, asked often. Pure but for a memory of what can play
// today: the same question gets the same answer. One thread at a time.
//
// Precedence: rights and validity, needs of the place, spacing (not_again_within, themes_apart), at most, at least, weights. A
// capsule that spacing or "at most" forbids now is passed over; when these forbid all, a calm still keeps the screen lit. The
// shares are of what remains: where a rule above them took every choice that keeps them, they count anew from there.
#pragma once

#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/flatten.hpp"
#include "playlists/schedule/judge.hpp"
#include "playlists/schedule/next.hpp"
#include "playlists/schedule/rules.hpp"
#include "playlists/schedule/shares.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// What plays by an evaluation: the playlist, or a mixture with its campaigns, as a playlist with playlists inside.
Playlist playlist_in_force(const Programme& programme, const Evaluation& evaluation);

class Rotation {
public:
    // Borrows the release.
    Rotation(const Release& release, const ScreenId& screen, Playlist playlist);
    Rotation(const Rotation&) = delete;
    Rotation& operator=(const Rotation&) = delete;

    // Counts the item in the cursor as begun. Empty: nothing may play here today.
    std::optional<NextItem> next(Cursor& cursor, Instant instant, const std::vector<CapsuleId>& set_aside);

    const Playlist& playlist() const { return m_playlist; }
    const std::string& digest() const { return m_digest; }
    // What each capsule that can play is due of the showings, as parts of the sum; for saying beside what it got.
    struct Due {
        CapsuleId capsule;
        std::int64_t weight = 0;
        Milliseconds duration{0};
        // Its rules, and the time that a showing takes with all that comes along: its card and follower, the stills and cards between.
        Milliseconds takes{0}, not_again_within{0};
        std::optional<int> at_least_per_hour = {};
        std::string theme = {};
    };
    std::vector<Due> due(Instant instant, const std::vector<CapsuleId>& set_aside);

private:
    // A capsule that can play here today.
    struct Entry {
        CapsuleId id;
        const Capsule* capsule = nullptr; // of the release
        PlaylistId playlist;
        std::string theme;
        std::size_t version = 0;
        std::size_t position = 0; // in the whole list
        RuledCapsule ruled;
        Milliseconds spacing{0}, duration{0};
        bool qr_card_after = false;
        int volume = 100;
    };

    void prepare(Instant instant, const std::vector<CapsuleId>& set_aside);
    Milliseconds time_taken(const Here& here, const Entry& entry, const Capsule& capsule, const std::vector<CapsuleId>& set_aside) const;
    void keep_themes_apart(std::vector<std::size_t>& among, const Cursor& cursor, const ShareChoices& safe) const;
    std::size_t entry_of(const CapsuleId& id) const;
    bool forbidden(const Entry& entry, const Cursor& cursor, Instant instant) const;
    std::optional<NextItem> between(Cursor& cursor, const std::vector<CapsuleId>& set_aside);
    ShareChoices choices(Cursor& cursor);
    std::size_t listed(const Cursor& cursor, const std::vector<std::size_t>& among, const ShareChoices& choices) const;
    std::size_t drawn(const Cursor& cursor, const std::vector<std::size_t>& among) const;
    std::size_t version_of(const Entry& entry, const Cursor& cursor) const;
    std::string reason(std::size_t chosen, std::size_t choices);
    void owe_calm(Cursor& cursor, Milliseconds shown) const;
    NextItem calm(Cursor& cursor, std::string why) const;

    const Release& m_release;
    const Playlist m_playlist;
    const std::string m_digest;
    const Screen* m_screen; // null: not in the fleet
    const Zone m_zone;

    std::optional<LocalDay> m_day; // of the entries; empty: none yet
    Instant m_day_begins{}, m_day_ends{};
    std::string m_today;
    std::vector<CapsuleId> m_set_aside;
    std::vector<Entry> m_entries;
    std::map<CapsuleId, std::size_t> m_positions; // of all capsules of the list, also those that cannot play
    std::vector<std::size_t> m_by_id; // m_entries in the order of their ids
    std::vector<std::int64_t> m_weights;
    bool m_weights_equal = true;
    std::vector<std::string> m_share_texts; // of the entries, once they have been asked for
    std::string m_shares; // tells these entries and weights from others
};

} // namespace capsule
