#include "playlists/schedule/foresight_documents.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ostream>

namespace capsule {

namespace {

using Json = nlohmann::json;

Json document_of(const Forecast::Entry& entry, const Zone& zone) {
    Json item{{"from", local_text(zone, entry.from)}, {"until", local_text(zone, entry.until)}, {"kind", name_of(entry.kind)},
              {"reason", entry.reason}};
    if (!entry.capsule.empty())
        item["capsule"] = entry.capsule.text();
    if (!entry.playlist.empty())
        item["playlist"] = entry.playlist.text();
    if (entry.schedule)
        item["schedule"] = entry.schedule->text();
    if (entry.cut)
        item["cut"] = true;
    return item;
}

template <typename Id>
Json text_or_null(const std::optional<Id>& id) {
    return id ? Json(id->text()) : Json();
}

Json campaigns_of(const std::vector<ActiveCampaign>& campaigns) {
    Json all = Json::array();
    for (const ActiveCampaign& campaign : campaigns)
        all.push_back({{"schedule", campaign.schedule.text()}, {"playlist", campaign.playlist.text()}, {"percent", campaign.percent}});
    return all;
}

} // namespace

const char* name_of(Forecast::Kind kind) {
    switch (kind) {
    case Forecast::Kind::capsule:
        return "capsule";
    case Forecast::Kind::qr_card:
        return "qr-card";
    case Forecast::Kind::calm:
        return "calm";
    case Forecast::Kind::notice:
        return "notice";
    case Forecast::Kind::closed:
        return "closed";
    case Forecast::Kind::gap:
        break;
    }
    return "gap";
}

const char* name_of(Timetable::Standing standing) {
    switch (standing) {
    case Timetable::Standing::plays:
        return "plays";
    case Timetable::Standing::shares:
        return "shares";
    case Timetable::Standing::no_room:
        return "no-room";
    case Timetable::Standing::outranked:
        return "outranked";
    case Timetable::Standing::not_now:
        break;
    }
    return "not-now";
}

std::string local_text(const Zone& zone, Instant instant) {
    const LocalTime time = zone.local(instant);
    const LocalDay day = std::chrono::floor<std::chrono::days>(time);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time - day).count();
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d", static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return to_text(day) + text.data();
}

Result<Instant> moment_of(std::string_view given, const Zone& zone) {
    std::string text{given};
    if (text.size() == std::string_view("2026-11-24T10:00").size())
        text += ":00";
    const auto parts = parse_local_moment(text);
    const auto day = parts ? parse_day(parts->date) : std::nullopt;
    if (!day)
        return Error{Category::invalid, "a moment such as 2026-11-24 or 2026-11-24T10:00 is needed, not \"" + std::string(given) + "\""};
    return zone.instant(*day + std::chrono::seconds{parts->seconds});
}

namespace {

Json without_items(const Forecast& seen, const Zone& zone) {
    Json shares = Json::array(), gaps = Json::array(), overlaps = Json::array();
    for (const auto& entry : seen.entries)
        if (entry.kind == Forecast::Kind::gap)
            gaps.push_back({{"from", local_text(zone, entry.from)}, {"until", local_text(zone, entry.until)}, {"reason", entry.reason}});
    for (const auto& share : seen.shares)
        shares.push_back({{"playlist", share.playlist.text()}, {"capsule", share.capsule.text()}, {"got", share.got}, {"due", share.due}});
    for (const auto& overlap : seen.overlaps)
        overlaps.push_back({{"from", local_text(zone, overlap.from)}, {"plays", overlap.plays.text()},
                            {"outranked", overlap.outranked.text()}, {"reason", overlap.why}});
    return {{"shares", shares}, {"gaps", gaps}, {"overlaps", overlaps}, {"warnings", seen.warnings}};
}

} // namespace

Json document_of(const Forecast& seen, const Zone& zone) {
    Json document = without_items(seen, zone);
    Json& items = document["items"] = Json::array();
    for (const auto& entry : seen.entries)
        items.push_back(document_of(entry, zone));
    return document;
}

void write_document(const Forecast& seen, const Zone& zone, std::ostream& out) {
    out << "{\"items\":[";
    for (std::size_t i = 0; i < seen.entries.size(); ++i)
        out << (i ? "," : "") << document_of(seen.entries[i], zone).dump();
    out << "]," << without_items(seen, zone).dump().substr(1) << "\n";
}

Json document_of(const Explanation& explained, const Zone& zone) {
    Json schedules = Json::array(), capsules = Json::array();
    for (const auto& one : explained.schedules)
        schedules.push_back({{"schedule", one.candidate.schedule->id.text()}, {"playlist", one.candidate.schedule->playlist.text()},
                             {"priority", one.candidate.schedule->priority}, {"specificity", one.candidate.specificity},
                             {"standing", name_of(one.candidate.standing)}, {"reason", one.reason}});
    for (const auto& one : explained.capsules) {
        Json capsule{{"capsule", one.capsule.text()}, {"playlist", one.playlist.text()}};
        if (one.obstacle)
            capsule["obstacle"] = *one.obstacle;
        else
            capsule["share"] = one.share;
        capsules.push_back(std::move(capsule));
    }
    const Evaluation& evaluation = explained.evaluation;
    Json answer{{"picture", evaluation.picture_on ? "on" : "off"}, {"volume", evaluation.volume}, {"schedules", schedules}, {"capsules", capsules}};
    answer["playlist"] = text_or_null(evaluation.playlist);
    answer["campaigns"] = campaigns_of(evaluation.campaigns);
    answer["next_change"] = evaluation.next_change ? Json(local_text(zone, *evaluation.next_change)) : Json();
    answer["shows"] = explained.shows ? document_of(*explained.shows, zone) : Json();
    return answer;
}

Json document_of(const WeekPlan& plan, const Zone& zone) {
    Json blocks = Json::array(), overlaps = Json::array();
    for (const auto& block : plan.blocks) {
        const char* kind = block.kind == WeekPlan::Block::Kind::plays ? "plays" : block.kind == WeekPlan::Block::Kind::closed ? "closed" : "gap";
        blocks.push_back({{"from", local_text(zone, block.from)}, {"until", local_text(zone, block.until)}, {"kind", kind},
                          {"playlist", text_or_null(block.playlist)}, {"schedule", text_or_null(block.schedule)},
                          {"campaigns", campaigns_of(block.campaigns)}});
    }
    for (const auto& overlap : plan.overlaps)
        overlaps.push_back({{"from", local_text(zone, overlap.from)}, {"plays", text_or_null(overlap.plays)},
                            {"does_not_play", overlap.does_not_play.text()}, {"reason", overlap.why}});
    return {{"blocks", blocks}, {"overlaps", overlaps}, {"warnings", plan.warnings}};
}

} // namespace capsule
