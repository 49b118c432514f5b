#include "playlists/schedule/rehearsal.hpp"

#include "playlists/schedule/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace capsule {

namespace {

constexpr Milliseconds hour{3'600'000}, rehearsed{6 * 3'600'000};
const ScreenId place = *ScreenId::parse("rehearsal");

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// "3 min 20 s".
std::string span_text(Milliseconds span) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(span).count();
    const std::string minutes = seconds >= 60 ? std::to_string(seconds / 60) + " min" : "";
    const std::string rest = seconds % 60 ? std::to_string(seconds % 60) + " s" : "";
    return minutes + (minutes.empty() || rest.empty() ? "" : " ") + rest;
}

// What no order of the list can do.
void reckon(const std::vector<Rotation::Due>& dues, bool themes_apart, std::vector<std::string>& impossible) {
    std::int64_t whole = 0;
    double taken = 0; // by all, each as often as its weight
    std::map<std::string, std::int64_t> themes;
    for (const auto& due : dues) {
        whole += due.weight;
        taken += static_cast<double>(due.weight) * static_cast<double>(due.takes.count());
        themes[due.theme] += due.weight;
    }
    for (const auto& due : dues) {
        const Milliseconds comes_back{std::llround(taken / static_cast<double>(due.weight))};
        if (due.not_again_within > comes_back)
            impossible.push_back("capsule " + quoted(due.capsule.text()) + ": to keep its share it comes back every " + span_text(comes_back) +
                                 ", and not_again_within asks for " + span_text(due.not_again_within) +
                                 ": lower that or its weight, or add capsules");
    }
    for (const auto& [theme, weight] : themes)
        if (themes_apart && !theme.empty() && dues.size() > 1 && 2 * weight > whole)
            impossible.push_back("the capsules of the theme " + quoted(theme) + " have " + std::to_string(weight * 100 / whole) +
                                 " % of the showings, and themes_apart leaves a theme at most half: lower their weights, add others or take "
                                 "themes_apart out");
}

struct Played {
    std::map<CapsuleId, std::vector<Milliseconds>> starts; // since the beginning
    std::map<CapsuleId, double> worst;                     // deviation from the share
    Milliseconds waited{0};                                // every capsule forbidden
    Milliseconds whole{0};
};

Played play(Rotation& rotation, const std::vector<Rotation::Due>& dues) {
    Played played;
    std::int64_t whole = 0, shown = 0;
    for (const auto& due : dues)
        whole += due.weight;
    Cursor cursor;
    const Instant begin{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + std::chrono::hours{8}};
    Instant time = begin;
    while (time < begin + rehearsed) {
        const auto next = rotation.next(cursor, time, {});
        if (!next)
            break;
        const NextItem& item = *next;
        if (item.kind == ItemKind::capsule && !item.follows) {
            played.starts[item.capsule].push_back(time - begin);
            ++shown;
            for (const auto& due : dues) {
                const auto starts = played.starts.find(due.capsule);
                const double got = starts == played.starts.end() ? 0 : static_cast<double>(starts->second.size());
                double& worst = played.worst[due.capsule];
                worst = std::max(worst, std::abs(got - static_cast<double>(shown) * static_cast<double>(due.weight) / static_cast<double>(whole)));
            }
        }
        const Milliseconds takes = item.kind == ItemKind::qr_card ? qr_card_reckoned : std::max(item.duration, Milliseconds{1});
        if (item.nothing_else)
            played.waited += takes;
        time += takes;
    }
    played.whole = time - begin;
    return played;
}

// The fewest in an hour, of all hours of the rehearsal.
std::size_t fewest_an_hour(const std::vector<Milliseconds>& starts, Milliseconds whole) {
    std::size_t fewest = starts.size();
    const auto within = [&](Milliseconds from) { // the hour that begins just after
        const auto first = std::upper_bound(starts.begin(), starts.end(), from);
        return static_cast<std::size_t>(std::lower_bound(first, starts.end(), from + hour) - first);
    };
    for (Milliseconds start : starts)
        if (start + hour <= whole)
            fewest = std::min(fewest, within(start));
    return std::min(fewest, within(Milliseconds{-1}));
}

} // namespace

Rehearsal::Rehearsal(const Programme& programme) {
    m_release.programme = programme;
    Site site;
    site.id = *SiteId::parse("rehearsal");
    for (auto& [id, capsule] : m_release.programme.capsules) {
        capsule.valid_from.clear();
        capsule.valid_until.clear();
        site.offers.insert(site.offers.end(), capsule.needs.begin(), capsule.needs.end());
    }
    Screen screen;
    screen.id = place;
    screen.site = site.id;
    m_release.fleet.sites[site.id] = site;
    m_release.fleet.screens[screen.id] = screen;
}

Rehearsal::Outcome Rehearsal::of(const PlaylistId& id) const {
    Outcome outcome;
    const auto found = m_release.programme.playlists.find(id);
    if (found == m_release.programme.playlists.end())
        return outcome;
    const Playlist& playlist = found->second;
    Rotation rotation{m_release, place, playlist};
    const auto dues = rotation.due(Instant{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}}, {});
    bool spaced = playlist.themes_apart, hourly = false;
    for (const auto& due : dues) {
        spaced = spaced || due.not_again_within.count() > 0;
        hourly = hourly || due.at_least_per_hour;
    }
    if (dues.empty() || (!spaced && !hourly))
        return outcome; // shares alone can always be kept
    reckon(dues, playlist.themes_apart, outcome.impossible);
    if (!outcome.impossible.empty())
        return outcome;
    const Played played = play(rotation, dues);
    for (const auto& due : dues) {
        const auto starts = played.starts.find(due.capsule);
        const std::size_t fewest = starts == played.starts.end() ? 0 : fewest_an_hour(starts->second, played.whole);
        if (due.at_least_per_hour && fewest < static_cast<std::size_t>(*due.at_least_per_hour))
            outcome.impossible.push_back("capsule " + quoted(due.capsule.text()) + ": at_least_per_hour is " + std::to_string(*due.at_least_per_hour) +
                                         ", and in some hours it would pass " + std::to_string(fewest) +
                                         " times, given the other capsules' lengths and rules: lower it, or shorten or take out others");
    }
    if (played.waited * 20 > played.whole)
        outcome.doubtful.push_back("all its capsules wait " + std::to_string(played.waited * 100 / played.whole) +
                                   " % of the time, a calm still being shown instead: add capsules, or lower not_again_within or raise "
                                   "at_most_per_hour");
    for (const auto& [capsule, worst] : played.worst)
        if (spaced && worst >= 2) {
            char text[32];
            std::snprintf(text, sizeof text, "%.1f", worst);
            outcome.doubtful.push_back("capsule " + quoted(capsule.text()) + ": not_again_within or themes_apart holds it up to " + text +
                                       " showings off its share");
        }
    return outcome;
}

} // namespace capsule
