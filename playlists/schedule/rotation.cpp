#include "playlists/schedule/rotation.hpp"
#include "content/base/random.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/schedule/fingerprint.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace capsule {

namespace {

constexpr Milliseconds hour{3'600'000};
constexpr Milliseconds default_still{10'000}, longest_spacing{86'400'000};

// Without the entries for which `unwanted` holds, unless none would remain.
template <typename Unwanted>
void prefer_without(std::vector<std::size_t>& among, Unwanted unwanted) {
    if (!std::all_of(among.begin(), among.end(), unwanted))
        std::erase_if(among, unwanted);
}

// Of what states none itself: a card has more to read than a picture.
Milliseconds usual_duration(const Capsule& capsule) { return capsule.kind == CapsuleKind::card ? usual_card_duration : default_still; }

// Of a capsule that no playlist lists.
Milliseconds duration_of(const Capsule& capsule, std::size_t version) {
    const bool known = version < capsule.versions.size() && capsule.versions[version].duration.count() > 0;
    return known ? capsule.versions[version].duration : usual_duration(capsule);
}

std::string share_text(const std::vector<std::int64_t>& weights, std::size_t chosen) {
    const std::int64_t total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    const std::int64_t common = std::gcd(total, weights[chosen]);
    if (total / common > 1000)
        return std::to_string((weights[chosen] * 100 + total / 2) / total) + " %";
    return std::to_string(weights[chosen] / common) + " sur " + std::to_string(total / common);
}

} // namespace

Playlist playlist_in_force(const Programme& programme, const Evaluation& evaluation) {
    const auto find = [&](const PlaylistId& id) {
        const auto found = programme.playlists.find(id);
        return found == programme.playlists.end() ? Playlist{} : found->second;
    };
    if (evaluation.campaigns.empty())
        return evaluation.playlist ? find(*evaluation.playlist) : Playlist{};
    // The loop's own rules (order, cards, spacing) hold for the mixture.
    Playlist mixture = find(evaluation.playlist ? *evaluation.playlist : evaluation.campaigns.front().playlist);
    mixture.items.clear();
    int rest = 100;
    for (const ActiveCampaign& campaign : evaluation.campaigns) {
        PlaylistItem item;
        item.playlist = campaign.playlist;
        item.weight = campaign.percent;
        rest -= campaign.percent;
        mixture.items.push_back(item);
    }
    if (evaluation.playlist) {
        PlaylistItem item;
        item.playlist = evaluation.playlist;
        item.weight = rest;
        mixture.items.push_back(item);
    }
    mixture.id = PlaylistId{}; // it holds the loop, and is not it
    return mixture;
}

Rotation::Rotation(const Release& release, const ScreenId& screen, Playlist playlist)
    : m_release(release), m_playlist(std::move(playlist)), m_digest(playlist_digest(release.programme, m_playlist)),
      m_screen(find_screen(release.fleet, screen)), m_zone(site_of(release.fleet, m_screen).zone) {
    for (const FlatItem& item : flatten(release.programme, m_playlist, [](const CapsuleId&) { return true; }).items)
        m_positions.emplace(item.item->capsule, m_positions.size());
}

// Of one showing, with what comes along and, spread over the showings, what comes between.
Milliseconds Rotation::time_taken(const Here& here, const Entry& entry, const Capsule& capsule, const std::vector<CapsuleId>& set_aside) const {
    double taken = static_cast<double>(entry.duration.count());
    if (m_playlist.qr_card_every.count() > 0)
        taken *= 1 + static_cast<double>(qr_card_reckoned.count()) / static_cast<double>(std::max(m_playlist.qr_card_every, entry.duration).count());
    if (entry.qr_card_after)
        taken += static_cast<double>(qr_card_reckoned.count());
    if (capsule.followed_by)
        if (const Verdict verdict = judge(here, *capsule.followed_by, set_aside); !verdict.obstacle)
            taken += static_cast<double>(duration_of(*verdict.capsule, verdict.version).count());
    taken *= 100.0 / (100 - m_playlist.calm_percent);
    return Milliseconds{static_cast<std::int64_t>(taken)};
}

// A capsule that stands twice counts once, with both weights.
void Rotation::prepare(Instant instant, const std::vector<CapsuleId>& set_aside) {
    if (m_day && m_day_begins <= instant && instant < m_day_ends && set_aside == m_set_aside)
        return;
    const LocalDay day = m_zone.day(instant);
    m_day = day;
    m_day_begins = m_zone.instant(LocalTime{day});
    m_day_ends = m_zone.instant(LocalTime{day + std::chrono::days{1}});
    m_today = to_text(day);
    m_set_aside = set_aside;
    m_entries.clear();
    const Here here{m_release, *m_screen, site_of(m_release.fleet, *m_screen), m_today};
    std::map<CapsuleId, Verdict> verdicts;
    const auto verdict = [&](const CapsuleId& id) -> const Verdict& {
        const auto known = verdicts.find(id);
        return known != verdicts.end() ? known->second : verdicts.emplace(id, judge(here, id, set_aside)).first->second;
    };
    const auto flat = flatten(m_release.programme, m_playlist, [&](const CapsuleId& id) { return !verdict(id).obstacle; });
    std::map<CapsuleId, std::size_t> seen;
    for (const FlatItem& item : flat.items) {
        if (const auto [known, is_new] = seen.emplace(item.item->capsule, m_entries.size()); !is_new) {
            m_entries[known->second].ruled.weight += item.weight;
            continue;
        }
        const Verdict& judged = verdict(item.item->capsule);
        Entry entry;
        entry.id = item.item->capsule;
        entry.capsule = judged.capsule;
        entry.playlist = item.playlist;
        entry.position = m_positions.at(entry.id);
        entry.theme = judged.capsule->theme;
        entry.version = judged.version;
        entry.duration = judged.capsule->versions.empty() ? Milliseconds{0} : judged.capsule->versions[judged.version].duration;
        if (judged.capsule->kind != CapsuleKind::video) {
            const Milliseconds stated = item.item->duration.count() > 0 ? item.item->duration : m_playlist.still_duration;
            if (stated.count() > 0)
                entry.duration = stated;
        }
        if (entry.duration.count() <= 0)
            entry.duration = usual_duration(*judged.capsule);
        entry.qr_card_after = item.item->qr_card_after;
        entry.ruled = {item.weight, item.item->at_least_per_hour, item.item->at_most_per_hour, time_taken(here, entry, *judged.capsule, set_aside)};
        entry.spacing = item.item->not_again_within.count() > 0 ? item.item->not_again_within : m_playlist.not_again_within;
        entry.volume = item.item->volume;
        m_entries.push_back(std::move(entry));
    }
    std::vector<RuledCapsule> ruled;
    ruled.reserve(m_entries.size());
    for (const Entry& entry : m_entries)
        ruled.push_back(entry.ruled);
    m_weights = ruled_weights(ruled);
    m_weights_equal = std::all_of(m_weights.begin(), m_weights.end(), [&](std::int64_t weight) { return weight == m_weights.front(); });
    m_share_texts.assign(m_entries.size(), {});
    Fingerprint fingerprint;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        fingerprint.add(m_entries[i].id.text());
        fingerprint.add(m_weights[i]);
    }
    m_shares = fingerprint.text();
    m_by_id.resize(m_entries.size());
    std::iota(m_by_id.begin(), m_by_id.end(), std::size_t{0});
    std::sort(m_by_id.begin(), m_by_id.end(), [&](std::size_t left, std::size_t right) { return m_entries[left].id < m_entries[right].id; });
}

// Up to the next slot at which the shares leave no choice, just the showings that are due by then fill the slots. They can be kept
// apart while no theme has more than half of them, rounded up; and rounded down, of the theme that was shown last.
void Rotation::keep_themes_apart(std::vector<std::size_t>& among, const Cursor& cursor, const ShareChoices& safe) const {
    const std::int64_t whole = std::accumulate(m_weights.begin(), m_weights.end(), std::int64_t{0});
    std::map<std::string_view, std::int64_t> due;
    std::int64_t slots = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const auto counted = cursor.counted.find(m_entries[i].id);
        const std::int64_t times = safe.full_at * m_weights[i] / whole - (counted == cursor.counted.end() ? 0 : counted->second);
        due[m_entries[i].theme] += std::max<std::int64_t>(0, times);
        slots += std::max<std::int64_t>(0, times);
    }
    const std::int64_t after = slots - 1;
    prefer_without(among, [&](std::size_t i) {
        return std::any_of(due.begin(), due.end(), [&](const auto& one) {
            if (one.first.empty())
                return false;
            return one.first == m_entries[i].theme ? one.second - 1 > after / 2 : one.second > (after + 1) / 2;
        });
    });
}

// m_entries.size() when it cannot play today.
std::size_t Rotation::entry_of(const CapsuleId& id) const {
    const auto found = std::lower_bound(m_by_id.begin(), m_by_id.end(), id, [&](std::size_t i, const CapsuleId& wanted) { return m_entries[i].id < wanted; });
    return found != m_by_id.end() && m_entries[*found].id == id ? *found : m_entries.size();
}

bool Rotation::forbidden(const Entry& entry, const Cursor& cursor, Instant instant) const {
    if (m_playlist.themes_apart && !entry.theme.empty() && entry.theme == cursor.last_theme)
        return true;
    if (entry.spacing.count() == 0 && !entry.ruled.at_most_per_hour)
        return false;
    const auto began = cursor.began.find(entry.id);
    if (began == cursor.began.end())
        return false;
    if (began->second.back() <= instant && instant < began->second.back() + entry.spacing)
        return true;
    const auto lately = [&](Instant start) { return start > instant - hour && start <= instant; };
    return entry.ruled.at_most_per_hour &&
           std::count_if(began->second.begin(), began->second.end(), lately) >= *entry.ruled.at_most_per_hour;
}

// What comes between capsules: what the last one brings with it, the QR card, a calm still.
std::optional<NextItem> Rotation::between(Cursor& cursor, const std::vector<CapsuleId>& set_aside) {
    const auto here = [&] { return Here{m_release, *m_screen, site_of(m_release.fleet, *m_screen), m_today}; };
    if (const auto follower = std::exchange(cursor.follows, std::nullopt)) {
        const Verdict verdict = judge(here(), *follower, set_aside);
        if (!verdict.obstacle) {
            const Milliseconds duration = duration_of(*verdict.capsule, verdict.version);
            owe_calm(cursor, duration);
            return NextItem{ItemKind::capsule, *follower, verdict.version, m_playlist.id, duration, 100, "Suit toujours la capsule d’avant.", true,
                            false};
        }
    }
    const bool due = m_playlist.qr_card_every.count() > 0 && cursor.since_qr_card >= m_playlist.qr_card_every;
    if (cursor.last && (due || cursor.qr_card_owed)) {
        const Verdict verdict = judge(here(), *cursor.last, set_aside);
        if (!verdict.obstacle) { // what was taken back meanwhile gets no card
            const bool owed = std::exchange(cursor.qr_card_owed, false);
            cursor.since_qr_card = Milliseconds{0};
            owe_calm(cursor, qr_card_reckoned);
            return NextItem{ItemKind::qr_card, *cursor.last, verdict.version, m_playlist.id, Milliseconds{0}, 100,
                            owed ? "La liste demande le code QR après cette capsule."
                                 : "Le code QR revient à l’intervalle que la liste demande.",
                            false, false};
        }
        cursor.qr_card_owed = false;
    }
    if (m_playlist.calm_percent > 0 && cursor.calm_owed >= m_playlist.calm_duration) {
        cursor.calm_owed -= m_playlist.calm_duration;
        return calm(cursor, "Image calme, " + std::to_string(m_playlist.calm_percent) + " % du temps.");
    }
    return std::nullopt;
}

// The part of the time is one of all that is shown, cards and followers too.
void Rotation::owe_calm(Cursor& cursor, Milliseconds shown) const {
    if (m_playlist.calm_percent > 0)
        cursor.calm_owed += shown * m_playlist.calm_percent / (100 - m_playlist.calm_percent);
}

NextItem Rotation::calm(Cursor&, std::string why) const {
    NextItem item;
    item.kind = ItemKind::calm;
    item.playlist = m_playlist.id;
    item.duration = m_playlist.calm_duration;
    item.reason = std::move(why);
    return item;
}

// Counted in the cursor since the shares have been what they are.
ShareChoices Rotation::choices(Cursor& cursor) {
    const bool rebuilt = cursor.shares.empty();
    if (cursor.shares != m_shares) {
        cursor.counted = rebuilt ? cursor.shown : std::map<CapsuleId, std::int64_t>{};
        cursor.shares = m_shares;
    }

    std::vector<Share> shares(m_entries.size());
    auto counted = cursor.counted.begin(); // in the order of ids, as m_by_id
    for (const std::size_t i : m_by_id) {
        const CapsuleId& id = m_entries[i].id;
        bool shown = counted != cursor.counted.end() && counted->first == id; // mostly all are
        while (!shown && counted != cursor.counted.end() && counted->first < id)
            shown = ++counted != cursor.counted.end() && counted->first == id;
        shares[i] = {m_weights[i], shown ? counted->second : 0};
        if (shown)
            ++counted;
    }
    // What was counted elsewhere is proved first; the choice itself is the one that an unbroken cursor would have had.
    const bool unproved = rebuilt && !cursor.counted.empty();
    auto found = share_choices(shares, unproved ? Outlook::whole : Outlook::near);
    if (found.sound && unproved)
        found = share_choices(shares, Outlook::near);
    if (!found.sound) {
        cursor.counted.clear(); // the showings so far do not fit these shares: they count from here
        for (Share& share : shares)
            share.count = 0;
        found = share_choices(shares, Outlook::near);
    }
    return found;
}

// The first after the capsule where the list stands; the most urgent where weights differ.
std::size_t Rotation::listed(const Cursor& cursor, const std::vector<std::size_t>& among, const ShareChoices& choices) const {
    const auto last = cursor.last_listed ? m_positions.find(*cursor.last_listed) : m_positions.end();
    const std::size_t stands = last == m_positions.end() ? m_positions.size() - 1 : last->second; // so that the first comes first
    const auto steps = [&](std::size_t i) { return (m_entries[i].position + m_positions.size() - stands - 1) % m_positions.size(); };
    return *std::min_element(among.begin(), among.end(), [&](std::size_t left, std::size_t right) {
        if (!m_weights_equal && choices.deadlines[left] != choices.deadlines[right])
            return choices.deadlines[left] < choices.deadlines[right];
        if (!m_weights_equal && m_weights[left] != m_weights[right])
            return m_weights[left] > m_weights[right];
        return steps(left) < steps(right);
    });
}

std::size_t Rotation::drawn(const Cursor& cursor, const std::vector<std::size_t>& among) const {
    Fingerprint seed;
    seed.add(cursor.playlist_digest);
    seed.add(cursor.day);
    std::int64_t shown = 0;
    for (const auto& [id, count] : cursor.shown)
        shown += count;
    seed.add(shown);
    return among[SeededRandom{seed.value()}.number() % among.size()];
}

// Of the languages that the playlist mixes and the capsule has: the one that is furthest behind its part.
std::size_t Rotation::version_of(const Entry& entry, const Cursor& cursor) const {
    if (m_playlist.languages.empty())
        return entry.version;
    const Capsule& capsule = *entry.capsule;
    std::int64_t parts = 0, shown = 1;
    for (const auto& [language, part] : m_playlist.languages) {
        parts += part;
        const auto counted = cursor.languages.find(language);
        shown += counted == cursor.languages.end() ? 0 : counted->second;
    }
    std::size_t best = entry.version;
    std::optional<std::int64_t> most_behind;
    for (const auto& [language, part] : m_playlist.languages)
        if (const auto version = version_in(capsule, language, m_release.now)) {
            const auto counted = cursor.languages.find(language);
            const std::int64_t behind = part * shown - parts * (counted == cursor.languages.end() ? 0 : counted->second);
            if (!most_behind || behind > *most_behind) {
                most_behind = behind;
                best = *version;
            }
        }
    return best;
}

std::string Rotation::reason(std::size_t chosen, std::size_t choices) {
    if (m_entries.size() == 1)
        return "Seule capsule de la liste qui peut passer ici.";
    std::string& share = m_share_texts[chosen];
    if (share.empty())
        share = share_text(m_weights, chosen);
    const bool shuffle = m_playlist.order == PlaylistOrder::shuffle;
    if (shuffle && choices > 1)
        return "Tirée au sort parmi " + std::to_string(choices) + " capsules ; sa part : " + share + ".";
    if (shuffle || !m_weights_equal)
        return "C’est son tour pour tenir sa part : " + share + ".";
    return "C’est son tour dans la liste.";
}

std::vector<Rotation::Due> Rotation::due(Instant instant, const std::vector<CapsuleId>& set_aside) {
    std::vector<Due> all;
    if (!m_screen)
        return all;
    prepare(instant, set_aside);
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        all.push_back({m_entries[i].id, m_weights[i], m_entries[i].duration, m_entries[i].ruled.duration, m_entries[i].spacing, m_entries[i].ruled.at_least_per_hour,
                       m_entries[i].theme});
    return all;
}

std::optional<NextItem> Rotation::next(Cursor& cursor, Instant instant, const std::vector<CapsuleId>& set_aside) {
    if (!m_screen)
        return std::nullopt;
    prepare(instant, set_aside);
    if (cursor.playlist_digest != m_digest || cursor.day != m_today) {
        Cursor fresh;
        fresh.playlist_digest = m_digest;
        fresh.day = m_today;
        fresh.last = std::move(cursor.last);
        fresh.last_theme = std::move(cursor.last_theme);
        fresh.began = std::move(cursor.began);
        std::erase_if(fresh.began, [&](const auto& one) { return one.second.back() <= instant - longest_spacing; });
        fresh.since_qr_card = cursor.since_qr_card;
        cursor = std::move(fresh);
    }
    if (auto item = between(cursor, set_aside))
        return item;
    if (m_entries.empty())
        return std::nullopt;

    const ShareChoices safe = choices(cursor);
    std::vector<std::size_t> among = safe.safe;
    const auto may_not = [&](std::size_t i) { return forbidden(m_entries[i], cursor, instant); };
    std::erase_if(among, may_not);
    if (among.empty()) { // what stands above the shares leaves none that keeps them
        among.resize(m_entries.size());
        std::iota(among.begin(), among.end(), std::size_t{0});
        std::erase_if(among, may_not);
    }
    if (among.empty()) {
        NextItem item = calm(cursor, "Toutes les capsules attendent : leur écart ou leur nombre par heure l’interdit.");
        item.nothing_else = true;
        return item;
    }
    const std::size_t last = cursor.last ? entry_of(*cursor.last) : m_entries.size();
    prefer_without(among, [&](std::size_t i) { return i == last; });
    if (m_playlist.themes_apart)
        keep_themes_apart(among, cursor, safe);

    const std::size_t chosen = m_playlist.order == PlaylistOrder::shuffle ? drawn(cursor, among) : listed(cursor, among, safe);
    const Entry& entry = m_entries[chosen];
    const Capsule& capsule = *entry.capsule;
    const std::size_t version = version_of(entry, cursor);
    const std::string language = version < capsule.versions.size() ? capsule.versions[version].language : std::string{};
    const Milliseconds duration = capsule.kind == CapsuleKind::video && version < capsule.versions.size()
                                      ? capsule.versions[version].duration
                                      : entry.duration;
    count_showing(cursor, m_playlist.order, entry.id, language, duration, instant);
    cursor.last_theme = entry.theme;
    cursor.qr_card_owed = entry.qr_card_after;
    cursor.follows = capsule.followed_by;
    owe_calm(cursor, duration);
    return NextItem{ItemKind::capsule, entry.id, version, entry.playlist, duration, entry.volume, reason(chosen, among.size()),
                    false, false};
}

} // namespace capsule
