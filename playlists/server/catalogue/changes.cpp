#include "playlists/server/catalogue/changes.hpp"

#include "playlists/model/where.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace capsule::server {

namespace {

using Screens = std::set<ScreenId>;

Screens screens_of(const Where& where, const Fleet& fleet) {
    Screens found;
    for (const auto& [id, screen] : fleet.screens) {
        const auto site = fleet.sites.find(screen.site);
        if (matches(where, site == fleet.sites.end() ? Site{} : site->second, screen))
            found.insert(id);
    }
    return found;
}

// What each playlist and each capsule reaches, playlists inside others included.
struct Reach {
    std::map<PlaylistId, Screens> playlists;
    std::map<CapsuleId, Screens> capsules;
};

void walk(const Programme& programme, const PlaylistId& id, const Screens& screens, Reach& reach, std::set<PlaylistId>& seen) {
    const auto playlist = programme.playlists.find(id);
    if (playlist == programme.playlists.end() || !seen.insert(id).second)
        return;
    reach.playlists[id].insert(screens.begin(), screens.end());
    for (const PlaylistItem& item : playlist->second.items)
        if (item.playlist)
            walk(programme, *item.playlist, screens, reach, seen);
        else
            reach.capsules[item.capsule].insert(screens.begin(), screens.end());
}

Reach reach_of(const Programme& programme, const Fleet& fleet) {
    Reach reach;
    for (const Schedule& schedule : programme.schedules) {
        std::set<PlaylistId> seen;
        walk(programme, schedule.playlist, screens_of(schedule.where, fleet), reach, seen);
    }
    return reach;
}

template <typename Id>
Screens both(const std::map<Id, Screens>& before, const std::map<Id, Screens>& after, const Id& id) {
    Screens screens;
    for (const auto* reach : {&before, &after})
        if (const auto found = reach->find(id); found != reach->end())
            screens.insert(found->second.begin(), found->second.end());
    return screens;
}

std::vector<CapsuleId> capsules_of(const Playlist& playlist) {
    std::vector<CapsuleId> ids;
    for (const PlaylistItem& item : playlist.items)
        if (!item.playlist)
            ids.push_back(item.capsule);
    return ids;
}

std::vector<CapsuleId> without(const std::vector<CapsuleId>& ids, const std::vector<CapsuleId>& others) {
    std::vector<CapsuleId> left;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(left),
                 [&](const CapsuleId& id) { return std::find(others.begin(), others.end(), id) == others.end(); });
    return left;
}

std::map<CapsuleId, int> weights_of(const Playlist& playlist) {
    std::map<CapsuleId, int> weights;
    for (const PlaylistItem& item : playlist.items)
        if (!item.playlist)
            weights.emplace(item.capsule, item.weight);
    return weights;
}

// Without what the change says by name.
Playlist rules_of(Playlist playlist) {
    playlist.order = PlaylistOrder::listed;
    std::vector<PlaylistItem> inner;
    std::map<CapsuleId, PlaylistItem> items;
    for (PlaylistItem& item : playlist.items)
        if (item.playlist) {
            inner.push_back(item);
        } else {
            item.weight = 1;
            items.emplace(item.capsule, item);
        }
    playlist.items = inner;
    for (auto& [id, item] : items)
        playlist.items.push_back(item);
    return playlist;
}

// Items of both, as rules only.
bool same_rules(const Playlist& before, const Playlist& after) {
    Playlist left = before, right = after;
    const auto shared = [](Playlist& playlist, const std::vector<CapsuleId>& others) {
        std::erase_if(playlist.items, [&](const PlaylistItem& item) {
            return !item.playlist && std::find(others.begin(), others.end(), item.capsule) == others.end();
        });
    };
    shared(left, capsules_of(after));
    shared(right, capsules_of(before));
    return rules_of(left) == rules_of(right);
}

DraftChange changed_playlist(const Playlist& before, const Playlist& after) {
    DraftChange change;
    const auto old_ids = capsules_of(before), new_ids = capsules_of(after);
    change.added = without(new_ids, old_ids);
    change.removed = without(old_ids, new_ids);
    change.order = before.order != after.order ||
                   (after.order == PlaylistOrder::listed && without(old_ids, change.removed) != without(new_ids, change.added));
    const auto old_weights = weights_of(before);
    for (const auto& [id, weight] : weights_of(after))
        if (const auto old = old_weights.find(id); old != old_weights.end() && old->second != weight)
            change.weights.push_back({id, old->second, weight});
    change.rules = !same_rules(before, after);
    return change;
}

std::set<std::string> changed_parts(const Capsule& before, const Capsule& after) {
    std::set<std::string> parts;
    const auto media = [](const Capsule& capsule) {
        std::vector<std::pair<std::string, Digest>> versions;
        for (const auto& version : capsule.versions)
            versions.emplace_back(version.language, version.media.sha256);
        return versions;
    };
    const auto captions = [](const Capsule& capsule) {
        std::vector<CaptionTrack> tracks;
        for (const auto& version : capsule.versions)
            tracks.insert(tracks.end(), version.captions.begin(), version.captions.end());
        return tracks;
    };
    if (media(before) != media(after))
        parts.insert("media");
    if (captions(before) != captions(after))
        parts.insert("captions");
    if (before.title != after.title)
        parts.insert("title");
    if (before.valid_from != after.valid_from || before.valid_until != after.valid_until)
        parts.insert("validity");
    Capsule rest = after;
    rest.title = before.title;
    rest.valid_from = before.valid_from;
    rest.valid_until = before.valid_until;
    if (parts.contains("media") || parts.contains("captions"))
        rest.versions = before.versions;
    if (!(rest == before))
        parts.insert("metadata");
    return parts;
}

std::string title_of(const Programme& programme, const PlaylistId& id) {
    const auto found = programme.playlists.find(id);
    return found == programme.playlists.end() || found->second.title.empty() ? id.text() : found->second.title;
}

std::string title_of(const Capsule& capsule) {
    const auto french = capsule.title.find("fr");
    return french == capsule.title.end() ? capsule.id.text() : french->second;
}

std::map<ScheduleId, const Schedule*> by_id(const Programme& programme) {
    std::map<ScheduleId, const Schedule*> found;
    for (const Schedule& schedule : programme.schedules)
        found.emplace(schedule.id, &schedule);
    return found;
}

// Calls visit(id, before or null, after or null) for each key of either, in order.
template <typename Map, typename Visit>
void side_by_side(const Map& before, const Map& after, const Visit& visit) {
    std::set<typename Map::key_type> ids;
    for (const auto* map : {&before, &after})
        for (const auto& [id, value] : *map)
            ids.insert(id);
    for (const auto& id : ids) {
        const auto old = before.find(id), now = after.find(id);
        visit(id, old == before.end() ? nullptr : &old->second, now == after.end() ? nullptr : &now->second);
    }
}

DraftChange::Kind kind_of(const void* before, const void* after) {
    return !before ? DraftChange::Kind::added : !after ? DraftChange::Kind::removed : DraftChange::Kind::changed;
}

} // namespace

std::vector<DraftChange> changes_between(const Programme& before, const Programme& after, const Fleet& fleet) {
    std::vector<DraftChange> changes;
    const Reach old_reach = reach_of(before, fleet), new_reach = reach_of(after, fleet);

    side_by_side(before.playlists, after.playlists, [&](const PlaylistId& id, const Playlist* old, const Playlist* now) {
        if (old && now && *old == *now)
            return;
        DraftChange change = old && now ? changed_playlist(*old, *now) : DraftChange{};
        if (!old)
            change.added = capsules_of(*now);
        change.subject = DraftChange::Subject::playlist;
        change.kind = kind_of(old, now);
        change.id = id.text();
        change.title = title_of(now ? after : before, id);
        change.screens = both(old_reach.playlists, new_reach.playlists, id);
        changes.push_back(std::move(change));
    });

    side_by_side(by_id(before), by_id(after), [&](const ScheduleId& id, const Schedule* const* old, const Schedule* const* now) {
        if (old && now && **old == **now)
            return;
        DraftChange change;
        change.subject = DraftChange::Subject::schedule;
        change.kind = kind_of(old, now);
        change.id = id.text();
        change.title = title_of(now ? after : before, now ? (*now)->playlist : (*old)->playlist);
        for (const auto* one : {old, now})
            if (one)
                change.screens.merge(screens_of((*one)->where, fleet));
        changes.push_back(std::move(change));
    });

    side_by_side(before.capsules, after.capsules, [&](const CapsuleId& id, const Capsule* old, const Capsule* now) {
        if (!old || !now || *old == *now) // coming and going stand with their playlists
            return;
        DraftChange change;
        change.subject = DraftChange::Subject::capsule;
        change.id = id.text();
        change.title = title_of(*now);
        change.parts = changed_parts(*old, *now);
        change.screens = both(old_reach.capsules, new_reach.capsules, id);
        changes.push_back(std::move(change));
    });

    DraftChange everywhere;
    for (const auto& [id, screen] : fleet.screens)
        everywhere.screens.insert(id);
    if (before.directory_templates != after.directory_templates || before.directory_places != after.directory_places) {
        everywhere.subject = DraftChange::Subject::directory;
        changes.push_back(everywhere);
    }
    if (before.school_holidays != after.school_holidays) {
        everywhere.subject = DraftChange::Subject::school_holidays;
        changes.push_back(everywhere);
    }
    return changes;
}

} // namespace capsule::server
