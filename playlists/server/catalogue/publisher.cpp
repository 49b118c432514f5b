#include "playlists/server/catalogue/publisher.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/model/now.hpp"
#include "playlists/model/programme.hpp"
#include "playlists/server/catalogue/catalogue.hpp"
#include "playlists/server/catalogue/check.hpp"
#include "playlists/server/catalogue/places.hpp"
#include "playlists/server/catalogue/review.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Result<void> for_each(sqlite::Database& database, std::string_view kind,
                      const std::function<Result<void>(const std::string& id, const Json& record)>& visit) {
    CAPSULE_TRY(select, database.prepare("SELECT id, record FROM records WHERE kind=?1 ORDER BY id"));
    select.bind(1, kind);
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return {};
        auto record = json::parse_strict(select.text(1));
        if (!record)
            return in_context(std::string(kind) + " \"" + select.text(0) + "\"", record.error());
        CAPSULE_CHECK(visit(select.text(0), *record));
    }
}

// All playlists, all schedules, the capsules that they and messages that are not over name, and those that follow these.
Result<Programme> compose(sqlite::Database& database, const NowDocument& now, Instant instant) {
    Programme programme;
    CAPSULE_CHECK(for_each(database, "playlist", [&](const std::string& id, const Json& record) -> Result<void> {
        CAPSULE_TRY(playlist, playlist_from_json(PlaylistId::parse(id).value_or(PlaylistId{}), record));
        programme.playlists.emplace(playlist.id, playlist);
        return {};
    }));
    CAPSULE_CHECK(for_each(database, "schedule", [&](const std::string&, const Json& record) -> Result<void> {
        CAPSULE_TRY(schedule, schedule_from_json(record));
        programme.schedules.push_back(schedule);
        return {};
    }));
    std::map<CapsuleId, Capsule> draft;
    CAPSULE_CHECK(for_each(database, "capsule", [&](const std::string& id, const Json& record) -> Result<void> {
        CAPSULE_TRY(capsule, capsule_from_json(CapsuleId::parse(id).value_or(CapsuleId{}), record));
        draft.emplace(capsule.id, capsule);
        return {};
    }));
    std::vector<CapsuleId> wanted;
    for (const auto& [id, playlist] : programme.playlists)
        for (const PlaylistItem& item : playlist.items)
            wanted.push_back(item.capsule);
    for (const Message& message : now.messages)
        if (message.capsule && message.until > instant)
            wanted.push_back(*message.capsule);
    while (!wanted.empty()) {
        const auto found = draft.find(wanted.back());
        wanted.pop_back();
        if (found == draft.end() || !programme.capsules.emplace(found->first, found->second).second)
            continue;
        if (found->second.followed_by)
            wanted.push_back(*found->second.followed_by);
    }
    CAPSULE_TRY(directory, directory_document(database));
    programme.directory_templates = directory.at("templates").get<std::map<std::string, std::string>>();
    programme.directory_places = places_of(directory);
    CAPSULE_CHECK(for_each(database, "school holidays", [&](const std::string&, const Json& record) -> Result<void> {
        CAPSULE_TRY(holidays, school_holidays_from_json(record.value("school_holidays", Json())));
        programme.school_holidays = std::move(holidays);
        return {};
    }));
    return programme;
}

// The same text for the same content, whatever its number and date.
std::string content_of(Programme programme) {
    programme.number = 1;
    programme.published_at = {};
    return serialise(programme);
}

std::string content_of(NowDocument document) {
    document.number = 1;
    return serialise(document);
}

} // namespace

Result<Publication> Publisher::publish(sqlite::Database& database, const Fleet& fleet) {
    const std::lock_guard lock(m_mutex);
    NowDocument now;
    if (m_release.next_number(DocumentKind::now) > 1) {
        CAPSULE_TRY(text, m_release.current(DocumentKind::now));
        CAPSULE_TRY(read, parse_now(text));
        now = std::move(read);
    }
    CAPSULE_TRY(programme, compose(database, now, m_clock.wall()));
    Publication publication;
    PublishingFindings findings = publishing_findings(programme, fleet, m_store, m_clock.wall());
    publication.problems = std::move(findings.problems);
    publication.warnings = std::move(findings.warnings);
    std::vector<std::string> ids;
    for (const auto& [id, capsule] : programme.capsules)
        ids.push_back(id.text());
    CAPSULE_TRY(reviewed, review_problems(database, m_store, ids, to_rfc3339(m_clock.wall()).substr(0, 10)));
    publication.problems.insert(publication.problems.end(), reviewed.begin(), reviewed.end());
    if (!publication.problems.empty())
        return publication;
    programme.number = m_release.next_number(DocumentKind::programme);
    publication.number = programme.number - 1;
    if (programme.number > 1) {
        CAPSULE_TRY(text, m_release.current(DocumentKind::programme));
        CAPSULE_TRY(current, parse_programme(text));
        if (content_of(current) == content_of(programme))
            return publication;
    }
    programme.published_at = std::chrono::floor<std::chrono::seconds>(m_clock.wall());
    CAPSULE_TRY(entry, m_release.replace(DocumentKind::programme, programme.number, serialise(programme)));
    publication.number = entry.number;
    publication.changed = true;
    return publication;
}

// A message whose capsule no screen has would show nothing.
Result<void> Publisher::capsules_are_there(const NowDocument& now) const {
    Programme programme;
    if (m_release.next_number(DocumentKind::programme) > 1) {
        CAPSULE_TRY(text, m_release.current(DocumentKind::programme));
        CAPSULE_TRY(read, parse_programme(text));
        programme = std::move(read);
    }
    for (std::size_t i = 0; i < now.messages.size(); ++i)
        if (const Message& message = now.messages[i];
            message.capsule && message.until > m_clock.wall() && !programme.capsules.contains(*message.capsule))
            return Error{Category::invalid, "messages[" + std::to_string(i) + "].capsule: \"" + message.capsule->text() +
                                                "\" is not in the programme in force: put it into a playlist, which needs no schedule, "
                                                "and publish; then send the message"};
    return {};
}

Result<std::int64_t> Publisher::put_now(std::string_view text) {
    CAPSULE_TRY(document, json::parse_strict(text, {.bytes = 1u << 20, .floats = false}));
    if (!document.is_object())
        return Error{Category::invalid, "the body must be a JSON object with messages and withdrawn"};
    const std::lock_guard lock(m_mutex);
    const std::int64_t number = m_release.next_number(DocumentKind::now);
    document["format"] = 1;
    document["requires"] = Json::array();
    document["number"] = number;
    CAPSULE_TRY(now_document, parse_now(document.dump()));
    CAPSULE_CHECK(capsules_are_there(now_document));
    if (number > 1) {
        CAPSULE_TRY(in_force, m_release.current(DocumentKind::now));
        CAPSULE_TRY(current, parse_now(in_force));
        if (content_of(current) == content_of(now_document))
            return number - 1;
    }
    CAPSULE_TRY(entry, m_release.replace(DocumentKind::now, number, serialise(now_document)));
    return entry.number;
}

Result<std::string> Publisher::now() const {
    return m_release.current(DocumentKind::now);
}

Result<void> Publisher::ensure_now() {
    if (m_release.next_number(DocumentKind::now) > 1)
        return {};
    CAPSULE_TRY(number, put_now(R"({"messages":[],"withdrawn":[]})"));
    (void)number;
    return {};
}

} // namespace capsule::server
