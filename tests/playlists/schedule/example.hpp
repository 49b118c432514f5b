// A small release to ask questions of: one site, one screen, capsules c0, c1, … of half a minute.
#pragma once

#include "playlists/model/release.hpp"

#include <random>
#include <string>
#include <vector>

namespace capsule::example {

inline Instant at(const char* text) { return *parse_rfc3339(text); }
inline CapsuleId capsule_id(std::size_t index) { return *CapsuleId::parse("c" + std::to_string(index)); }
inline const ScreenId screen = *ScreenId::parse("hall");
inline const PlaylistId playlist = *PlaylistId::parse("accueil");

inline Capsule make_capsule(std::size_t index, Milliseconds duration = Milliseconds{30000}) {
    Capsule capsule;
    capsule.id = capsule_id(index);
    capsule.title["fr"] = "Capsule " + std::to_string(index);
    CapsuleVersion version;
    version.language = "fr";
    version.media = {sha256("media " + std::to_string(index)), 1000, "video/mp4"};
    version.duration = duration;
    capsule.versions.push_back(version);
    return capsule;
}

inline Release make_release(const std::vector<int>& weights, PlaylistOrder order = PlaylistOrder::listed) {
    Release release;
    Site site;
    site.id = *SiteId::parse("mairie");
    site.commune = "92002";
    site.ept = "VSGP";
    site.type = "MUNI";
    release.fleet.sites[site.id] = site;
    Screen hall;
    hall.id = screen;
    hall.site = site.id;
    hall.volume = 30;
    release.fleet.screens[hall.id] = hall;
    Playlist list;
    list.id = playlist;
    list.order = order;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        list.items.push_back({capsule_id(i), weights[i], {}, {}});
        release.programme.capsules[capsule_id(i)] = make_capsule(i);
    }
    release.programme.playlists[list.id] = list;
    return release;
}

inline Schedule make_schedule(const char* id, const char* when = "always", int priority = 0, Where where = {}) {
    Schedule schedule;
    schedule.id = *ScheduleId::parse(id);
    schedule.playlist = playlist;
    schedule.where = std::move(where);
    schedule.when = when;
    schedule.priority = priority;
    return schedule;
}

inline Where fact(const char* name, const char* value) {
    Where where;
    where.kind = Where::Kind::fact;
    where.fact = name;
    where.value = value;
    return where;
}

} // namespace capsule::example
