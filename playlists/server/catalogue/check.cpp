#include "playlists/server/catalogue/check.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/flatten.hpp"
#include "playlists/schedule/rehearsal.hpp"
#include "playlists/server/catalogue/grid_warnings.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

namespace capsule::server {

namespace {

using Problems = std::vector<std::string>;

// "; did you mean …?" when one of those that are there is near.
template <typename Map>
std::string hint(const Map& known, const std::string& word) {
    std::vector<std::string> names;
    for (const auto& [id, one] : known)
        names.push_back(id.text());
    const auto meant = nearest_of(names, word);
    return meant ? "; did you mean \"" + *meant + "\"?" : "";
}

void check_blob(Problems& problems, const std::string& place, const BlobReference& blob, const Store& store) {
    if (!store.has(blob.sha256, blob.bytes))
        problems.push_back(place + ": its file " + blob.sha256.hex().substr(0, 12) +
                           "… is not on the server: send the capsule again");
}

bool expired(const Capsule& capsule, const std::string& today) {
    return !capsule.valid_until.empty() && capsule.valid_until <= today;
}

void check_capsule(Problems& problems, const Capsule& capsule, const Programme& programme, const Store& store) {
    const std::string place = "capsule \"" + capsule.id.text() + "\"";
    const auto title = capsule.title.find("fr");
    if (title == capsule.title.end() || title->second.empty())
        problems.push_back(place + ": it has no French title: add title.fr");
    if (!is_drawable(capsule))
        problems.push_back(place + ": no screen can draw this card; cards are \"" + std::string(nearby_card) + "\" and \"" +
                           std::string(site_card) + "\": name it so or take it out");
    if (capsule.versions.empty() && capsule.kind != CapsuleKind::card)
        problems.push_back(place + ": it has no video or image: ingest its master and send it again");
    if (!capsule.valid_from.empty() && !capsule.valid_until.empty() && capsule.valid_from >= capsule.valid_until)
        problems.push_back(place + ": valid.until is not after valid.from: correct the dates");
    if (capsule.followed_by && !programme.capsules.contains(*capsule.followed_by))
        problems.push_back(place + ": it is followed by \"" + capsule.followed_by->text() +
                           "\", which is not in the catalogue: send that capsule or take followed_by out" +
                           hint(programme.capsules, capsule.followed_by->text()));
    for (const CapsuleVersion& version : capsule.versions) {
        if (capsule.kind != CapsuleKind::card) {
            check_blob(problems, place, version.media, store);
            if (version.duration <= Milliseconds{0})
                problems.push_back(place + ": its version in \"" + version.language + "\" has no duration: ingest it again");
        }
        for (const CaptionTrack& track : version.captions)
            check_blob(problems, place + ", captions in \"" + track.language + "\"", track.blob, store);
        if (version.thumbnail)
            check_blob(problems, place + ", thumbnail", *version.thumbnail, store);
    }
}

Milliseconds longest(const Capsule& capsule) {
    Milliseconds most{0};
    for (const CapsuleVersion& version : capsule.versions)
        most = std::max(most, version.duration);
    return most;
}

void check_playlist(Problems& problems, const Playlist& playlist, const Programme& programme, const std::string& today) {
    const std::string place = "playlist \"" + playlist.id.text() + "\"";
    if (playlist.items.empty())
        problems.push_back(place + ": it is empty: add capsules or delete it");
    Milliseconds promised{0};
    std::size_t known = 0, over = 0;
    std::set<std::string> themes;
    for (const std::string& complaint : flatten(programme, playlist, [](const CapsuleId&) { return true; }).complaints)
        problems.push_back(place + ": " + complaint + ": change the list");
    for (const PlaylistItem& item : playlist.items) {
        if (item.playlist && !programme.playlists.contains(*item.playlist))
            if (const std::string meant = hint(programme.playlists, item.playlist->text()); !meant.empty())
                problems.back() += meant;
        if (item.playlist)
            continue;
        const std::string named = place + ", capsule \"" + item.capsule.text() + "\"";
        const auto capsule = programme.capsules.find(item.capsule);
        if (capsule == programme.capsules.end()) {
            problems.push_back(named + ": there is no such capsule: send it or take it out of the playlist" +
                               hint(programme.capsules, item.capsule.text()));
            continue;
        }
        ++known;
        themes.insert(capsule->second.theme);
        const Milliseconds spacing = item.not_again_within.count() > 0 ? item.not_again_within : playlist.not_again_within;
        if (spacing * item.at_least_per_hour.value_or(0) > std::chrono::hours(1))
            problems.push_back(named + ": at_least_per_hour cannot be met with not_again_within: lower one of them");
        over += expired(capsule->second, today) ? 1 : 0;
        if (item.at_least_per_hour && item.at_most_per_hour && *item.at_least_per_hour > *item.at_most_per_hour)
            problems.push_back(named + ": at_least_per_hour is above at_most_per_hour: change one of them");
        promised += longest(capsule->second) * item.at_least_per_hour.value_or(0);
    }
    if (promised > std::chrono::hours(1))
        problems.push_back(place + ": what it promises at least per hour takes " +
                           std::to_string(std::chrono::ceil<std::chrono::minutes>(promised).count()) +
                           " minutes of an hour: lower at_least_per_hour");
    const bool closed = known == playlist.items.size(); // nothing from elsewhere
    if (playlist.themes_apart && closed && known > 1 && themes.size() == 1 && !themes.begin()->empty())
        problems.push_back(place + ": all its capsules are of the theme \"" + *themes.begin() +
                           "\", and it keeps themes apart: take themes_apart out or add other themes");
    if (closed && known > 0 && over == known)
        problems.push_back(place + ": all its capsules have expired: extend their validity or add others");
}

void check_where(Problems& problems, const std::string& place, const Where& where, const Fleet& fleet) {
    for (const Where& operand : where.operands)
        check_where(problems, place, operand, fleet);
    if (where.kind != Where::Kind::fact)
        return;
    const auto site = SiteId::parse(where.value);
    const auto screen = ScreenId::parse(where.value);
    if (where.fact == "site" && !(site && fleet.sites.contains(*site)))
        problems.push_back(place + ": there is no site \"" + where.value + "\": add the site or change where" +
                           hint(fleet.sites, where.value));
    if (where.fact == "screen" && !(screen && fleet.screens.contains(*screen)))
        problems.push_back(place + ": there is no screen \"" + where.value + "\": add the screen or change where" +
                           hint(fleet.screens, where.value));
}

} // namespace

Result<void> readable_when(const Schedule& schedule) {
    auto checked = check_when(schedule.when);
    if (!checked)
        return Error{Category::invalid, "when: \"" + schedule.when + "\" is neither open, always nor opening hours (" +
                                            checked.error().message + "): correct it"};
    return {};
}

PublishingFindings publishing_findings(const Programme& programme, const Fleet& fleet, const Store& store, Instant now) {
    PublishingFindings findings;
    Problems& problems = findings.problems;
    const std::string today = to_rfc3339(now).substr(0, 10);
    for (const auto& [id, capsule] : programme.capsules)
        check_capsule(problems, capsule, programme, store);
    for (const auto& [id, playlist] : programme.playlists)
        check_playlist(problems, playlist, programme, today);
    for (const Schedule& schedule : programme.schedules) {
        const std::string place = "schedule \"" + schedule.id.text() + "\"";
        if (!programme.playlists.contains(schedule.playlist))
            problems.push_back(place + ": there is no playlist \"" + schedule.playlist.text() +
                               "\": send it or change the schedule" + hint(programme.playlists, schedule.playlist.text()));
        if (const auto readable = readable_when(schedule); !readable)
            problems.push_back(place + ": " + readable.error().message);
        check_where(problems, place, schedule.where, fleet);
    }
    if (programme.directory_places)
        check_blob(problems, "the directory of places", *programme.directory_places, store);
    if (programme.playlists.empty())
        problems.push_back("the catalogue has no playlist: nothing would be shown; send one first");
    else if (programme.schedules.empty())
        problems.push_back("the catalogue has no schedule: no playlist would ever be shown; send one first");
    if (!problems.empty())
        return findings; // what follows would only repeat it
    const Rehearsal rehearsal{programme};
    for (const auto& [id, playlist] : programme.playlists) {
        const auto outcome = rehearsal.of(id);
        for (const std::string& one : outcome.impossible)
            problems.push_back("playlist \"" + id.text() + "\", " + one);
        for (const std::string& one : outcome.doubtful)
            findings.warnings.push_back("playlist \"" + id.text() + "\", " + one);
    }
    GridFindings grid = grid_findings(programme, fleet, now);
    std::move(grid.problems.begin(), grid.problems.end(), std::back_inserter(problems));
    std::move(grid.warnings.begin(), grid.warnings.end(), std::back_inserter(findings.warnings));
    return findings;
}

} // namespace capsule::server
