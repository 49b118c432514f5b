#include "playlists/schedule/next.hpp"
#include "content/base/random.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/schedule/rules.hpp"
#include "playlists/schedule/shares.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace capsule {

namespace {

constexpr Milliseconds hour{3'600'000};

// FNV-1a: tells contents apart, no more; it must be quick.
class Fingerprint {
public:
    void add(std::string_view text) {
        for (const char c : text)
            byte(static_cast<unsigned char>(c));
        byte(0);
    }
    void add(std::int64_t number) {
        for (int shift = 0; shift < 64; shift += 8)
            byte(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> shift));
    }
    std::uint64_t value() const { return m_value; }
    std::string text() const {
        std::array<char, 17> digits{};
        std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(m_value));
        return digits.data();
    }

private:
    void byte(unsigned char c) { m_value = (m_value ^ c) * 0x100000001b3; }
    std::uint64_t m_value = 0xcbf29ce484222325;
};

// Where the question is asked.
struct Here {
    const Release& release;
    const Screen& screen;
    const Site& site;
    std::string today;
};

std::optional<Here> find_here(const Release& release, const ScreenId& id, Instant instant) {
    const auto screen = release.fleet.screens.find(id);
    if (screen == release.fleet.screens.end())
        return std::nullopt;
    static const Site nowhere{};
    const auto entry = release.fleet.sites.find(screen->second.site);
    const Site& site = entry == release.fleet.sites.end() ? nowhere : entry->second;
    return Here{release, screen->second, site, to_text(Zone{site.zone}.day(instant))};
}

// Either why the capsule cannot play, or what would play.
struct Verdict {
    std::optional<std::string> obstacle;
    const Capsule* capsule = nullptr;
    std::size_t version = 0;
};

Verdict against(std::string obstacle) { return {std::move(obstacle), nullptr, 0}; }

// In the order of precedence: rights and validity, then what the place offers, then what the player can do.
Verdict judge(const Here& here, const CapsuleId& id, const std::vector<CapsuleId>& unplayable) {
    const auto entry = here.release.programme.capsules.find(id);
    if (entry == here.release.programme.capsules.end())
        return against("La capsule n’est pas dans le programme.");
    const Capsule& capsule = entry->second;
    if (is_withdrawn(here.release.now, id, std::nullopt))
        return against("La capsule est retirée.");
    if (!capsule.valid_from.empty() && here.today < capsule.valid_from)
        return against("La capsule n’est valable qu’à partir du " + capsule.valid_from + ".");
    if (!capsule.valid_until.empty() && here.today >= capsule.valid_until)
        return against("La capsule n’est plus valable depuis le " + capsule.valid_until + ".");
    if (const auto need = missing_need(capsule, here.site))
        return against("Le lieu n’offre pas ce que la capsule annonce : " + *need + ".");
    const auto version = version_for(capsule, here.screen, here.release.now);
    if (!version)
        return against("La capsule n’a pas de version lisible sur cet écran.");
    if (std::find(unplayable.begin(), unplayable.end(), id) != unplayable.end())
        return against("La capsule est mise de côté : sa lecture a échoué.");
    return {std::nullopt, &capsule, *version};
}

// A capsule of the playlist that can play here now.
struct Entry {
    CapsuleId id;
    std::size_t version = 0;
    RuledCapsule ruled;
    std::size_t position = 0; // in the playlist
    bool blocked = false;     // shown at_most_per_hour times already
};

// In the playlist's order; a capsule that stands twice counts once, with both weights.
std::vector<Entry> playable(const Here& here, const Playlist& playlist, const std::vector<CapsuleId>& unplayable) {
    std::vector<Entry> entries;
    entries.reserve(playlist.items.size());
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t position = 0; position < playlist.items.size(); ++position) {
        const PlaylistItem& item = playlist.items[position];
        if (const auto [known, is_new] = seen.emplace(item.capsule.text(), entries.size()); !is_new) {
            if (known->second < entries.size() && entries[known->second].id == item.capsule)
                entries[known->second].ruled.weight += std::max(1, item.weight);
            continue;
        }
        const Verdict verdict = judge(here, item.capsule, unplayable);
        if (verdict.obstacle)
            continue;
        Entry entry;
        entry.id = item.capsule;
        entry.version = verdict.version;
        entry.ruled = {std::max(1, item.weight), item.at_least_per_hour, item.at_most_per_hour,
                       verdict.capsule->versions[verdict.version].duration};
        entry.position = position;
        entries.push_back(std::move(entry));
    }
    return entries;
}

// The shares of the entries, counted in the cursor since they have been what they are, and what may follow.
ShareChoices choices_for(Cursor& cursor, const std::vector<Entry>& entries, const std::vector<std::int64_t>& weights) {
    Fingerprint fingerprint;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        fingerprint.add(entries[i].id.text());
        fingerprint.add(weights[i]);
    }
    const std::string now = fingerprint.text();
    const bool rebuilt = cursor.shares.empty();
    if (cursor.shares != now)
        cursor.counted = rebuilt ? cursor.shown : std::map<CapsuleId, std::int64_t>{};
    cursor.shares = now;

    std::vector<Share> shares(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto counted = cursor.counted.find(entries[i].id);
        shares[i] = {weights[i], counted == cursor.counted.end() ? 0 : counted->second};
    }
    // What was counted elsewhere is proved first; the choice itself is the one that an unbroken cursor would have had.
    const bool unproved = rebuilt && !cursor.counted.empty();
    auto choices = share_choices(shares, unproved ? Outlook::whole : Outlook::near);
    if (choices.sound && unproved)
        choices = share_choices(shares, Outlook::near);
    if (!choices.sound) {
        cursor.counted.clear(); // the showings so far do not fit these shares: they count from here
        for (Share& share : shares)
            share.count = 0;
        choices = share_choices(shares, Outlook::near);
    }
    return choices;
}

// Without the entries for which `unwanted` holds, unless none would remain.
template <typename Unwanted>
void prefer_without(std::vector<std::size_t>& choices, Unwanted unwanted) {
    if (!std::all_of(choices.begin(), choices.end(), unwanted))
        std::erase_if(choices, unwanted);
}

// The first of the choices after the capsule where the list stands; the most urgent where weights differ.
std::size_t listed_choice(const Cursor& cursor, const Playlist& playlist, const std::vector<Entry>& entries,
                          const std::vector<std::size_t>& choices, const std::vector<std::int64_t>& deadlines) {
    std::size_t stands = playlist.items.size() - 1; // so that the first comes first
    for (std::size_t i = 0; cursor.last_listed && i < playlist.items.size(); ++i)
        if (playlist.items[i].capsule == *cursor.last_listed) {
            stands = i;
            break;
        }
    const bool equal = std::all_of(entries.begin(), entries.end(),
                                   [&](const Entry& entry) { return entry.ruled.weight == entries.front().ruled.weight; });
    const auto steps = [&](std::size_t i) {
        return (entries[i].position + playlist.items.size() - stands - 1) % playlist.items.size();
    };
    return *std::min_element(choices.begin(), choices.end(), [&](std::size_t left, std::size_t right) {
        if (!equal && deadlines[left] != deadlines[right])
            return deadlines[left] < deadlines[right];
        if (!equal && entries[left].ruled.weight != entries[right].ruled.weight)
            return entries[left].ruled.weight > entries[right].ruled.weight;
        return steps(left) < steps(right);
    });
}

std::size_t drawn_choice(const Cursor& cursor, const std::vector<std::size_t>& choices) {
    Fingerprint seed;
    seed.add(cursor.playlist_digest);
    seed.add(cursor.day);
    std::int64_t shown = 0;
    for (const auto& [id, count] : cursor.shown)
        shown += count;
    seed.add(shown);
    return choices[SeededRandom{seed.value()}.number() % choices.size()];
}

std::string share_text(const std::vector<std::int64_t>& weights, std::size_t chosen) {
    const std::int64_t total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    const std::int64_t common = std::gcd(total, weights[chosen]);
    if (total / common > 1000)
        return std::to_string((weights[chosen] * 100 + total / 2) / total) + " %";
    return std::to_string(weights[chosen] / common) + " sur " + std::to_string(total / common);
}

std::string reason_for(const Playlist& playlist, const std::vector<Entry>& entries, const std::vector<std::int64_t>& weights,
                       std::size_t chosen, std::size_t choices) {
    if (entries.size() == 1)
        return "Seule capsule de la liste qui peut passer ici.";
    const std::string share = share_text(weights, chosen);
    if (playlist.order == PlaylistOrder::shuffle && choices > 1)
        return "Tirée au sort parmi " + std::to_string(choices) + " capsules ; sa part : " + share + ".";
    if (playlist.order == PlaylistOrder::shuffle ||
        std::any_of(weights.begin(), weights.end(), [&](std::int64_t weight) { return weight != weights.front(); }))
        return "C’est son tour pour tenir sa part : " + share + ".";
    return "C’est son tour dans la liste.";
}

} // namespace

std::string playlist_digest(const Playlist& playlist) {
    Fingerprint fingerprint;
    fingerprint.add(playlist.id.text());
    fingerprint.add(static_cast<std::int64_t>(playlist.order));
    for (const PlaylistItem& item : playlist.items) {
        fingerprint.add(item.capsule.text());
        fingerprint.add(item.weight);
        fingerprint.add(item.at_least_per_hour.value_or(-1));
        fingerprint.add(item.at_most_per_hour.value_or(-1));
    }
    return fingerprint.text();
}

std::string local_day(const Fleet& fleet, const ScreenId& screen, Instant instant) {
    const auto entry = fleet.screens.find(screen);
    const auto site = entry == fleet.screens.end() ? fleet.sites.end() : fleet.sites.find(entry->second.site);
    return to_text(Zone{site == fleet.sites.end() ? Site{}.zone : site->second.zone}.day(instant));
}

std::optional<std::string> obstacle(const Release& release, const ScreenId& screen, const CapsuleId& capsule, Instant instant,
                                    const std::vector<CapsuleId>& unplayable) {
    const auto here = find_here(release, screen, instant);
    if (!here)
        return "L’écran n’est pas dans le parc.";
    return judge(*here, capsule, unplayable).obstacle;
}

void count_showing(Cursor& cursor, const Playlist& playlist, const CapsuleId& capsule, Milliseconds duration, Instant began) {
    ++cursor.shown[capsule];
    if (!cursor.shares.empty())
        ++cursor.counted[capsule];
    cursor.last = capsule;
    if (playlist.order == PlaylistOrder::listed)
        cursor.last_listed = capsule;
    cursor.since_qr_card += duration;
    for (const PlaylistItem& item : playlist.items)
        if (item.capsule == capsule && item.at_most_per_hour) {
            auto& began_at = cursor.recent[capsule];
            std::erase_if(began_at, [&](Instant other) { return other <= began - hour || other > began; });
            began_at.push_back(began);
            return;
        }
}

NextResult next(const Release& release, const PlaylistId& playlist_id, const ScreenId& screen, Cursor given, Instant instant,
                const std::vector<CapsuleId>& unplayable) {
    NextResult result{std::nullopt, std::move(given)};
    const auto found = release.programme.playlists.find(playlist_id);
    const auto here = find_here(release, screen, instant);
    if (found == release.programme.playlists.end() || !here)
        return result;
    const Playlist& playlist = found->second;
    Cursor& cursor = result.cursor;
    const std::string digest = playlist_digest(playlist);
    if (cursor.playlist_digest != digest || cursor.day != here->today) {
        cursor = Cursor{};
        cursor.playlist_digest = digest;
        cursor.day = here->today;
    }

    if (playlist.qr_card_every.count() > 0 && cursor.since_qr_card >= playlist.qr_card_every && cursor.last) {
        const Verdict verdict = judge(*here, *cursor.last, unplayable);
        if (!verdict.obstacle) { // what was taken back meanwhile gets no card
            cursor.since_qr_card = Milliseconds{0};
            result.item = NextItem{ItemKind::qr_card, *cursor.last, verdict.version,
                                   "Le code QR revient à l’intervalle que la liste demande."};
            return result;
        }
    }

    auto entries = playable(*here, playlist, unplayable);
    if (entries.empty())
        return result;
    std::vector<RuledCapsule> ruled;
    ruled.reserve(entries.size());
    bool some_blocked = false;
    for (Entry& entry : entries) {
        ruled.push_back(entry.ruled);
        if (!entry.ruled.at_most_per_hour)
            continue;
        const auto recent = cursor.recent.find(entry.id);
        const auto lately = [&](Instant began) { return began > instant - hour && began <= instant; };
        entry.blocked = recent != cursor.recent.end() &&
                        std::count_if(recent->second.begin(), recent->second.end(), lately) >= *entry.ruled.at_most_per_hour;
        some_blocked = some_blocked || entry.blocked;
    }
    const auto weights = ruled_weights(ruled);
    auto choices = choices_for(cursor, entries, weights);
    if (some_blocked) {
        const auto blocked = [&](std::size_t i) { return entries[i].blocked; };
        if (std::all_of(choices.safe.begin(), choices.safe.end(), blocked)) { // "at most" goes before the shares
            choices.safe.resize(entries.size());
            std::iota(choices.safe.begin(), choices.safe.end(), std::size_t{0});
        }
        prefer_without(choices.safe, blocked);
    }
    prefer_without(choices.safe, [&](std::size_t i) { return cursor.last && entries[i].id == *cursor.last; });

    const std::size_t chosen = playlist.order == PlaylistOrder::shuffle
                                   ? drawn_choice(cursor, choices.safe)
                                   : listed_choice(cursor, playlist, entries, choices.safe, choices.deadlines);
    const Entry& entry = entries[chosen];
    count_showing(cursor, playlist, entry.id, entry.ruled.duration, instant);
    result.item = NextItem{ItemKind::capsule, entry.id, entry.version,
                           reason_for(playlist, entries, weights, chosen, choices.safe.size())};
    return result;
}

} // namespace capsule
