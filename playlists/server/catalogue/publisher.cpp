#include "playlists/server/catalogue/publisher.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/model/now.hpp"
#include "playlists/model/programme.hpp"
#include "playlists/server/catalogue/draft.hpp"
#include "playlists/server/catalogue/review.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

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
    CAPSULE_TRY(programme, compose_draft(database, now, m_clock.wall()));
    CAPSULE_TRY(findings, this->findings(database, programme, fleet));
    Publication publication;
    publication.problems = std::move(findings.problems);
    publication.warnings = std::move(findings.warnings);
    if (!publication.problems.empty())
        return publication;
    programme.number = m_release.next_number(DocumentKind::programme);
    publication.number = programme.number - 1;
    if (programme.number > 1) {
        CAPSULE_TRY(current, in_force());
        if (content_of(current) == content_of(programme))
            return publication;
    }
    programme.published_at = std::chrono::floor<std::chrono::seconds>(m_clock.wall());
    CAPSULE_TRY(entry, m_release.replace(DocumentKind::programme, programme.number, serialise(programme)));
    publication.number = entry.number;
    publication.changed = true;
    return publication;
}

Result<PublishingFindings> Publisher::findings(sqlite::Database& database, const Programme& programme, const Fleet& fleet) const {
    PublishingFindings findings = publishing_findings(programme, fleet, m_store, m_clock.wall());
    std::vector<std::string> ids;
    for (const auto& [id, capsule] : programme.capsules)
        ids.push_back(id.text());
    CAPSULE_TRY(reviewed, review_problems(database, m_store, ids, to_rfc3339(m_clock.wall()).substr(0, 10)));
    findings.problems.insert(findings.problems.end(), reviewed.begin(), reviewed.end());
    return findings;
}

Result<Programme> Publisher::in_force() const {
    if (m_release.next_number(DocumentKind::programme) == 1)
        return Programme{};
    CAPSULE_TRY(text, m_release.current(DocumentKind::programme));
    return parse_programme(text);
}

// A message whose capsule no screen has would show nothing.
Result<void> Publisher::capsules_are_there(const NowDocument& now) const {
    CAPSULE_TRY(programme, in_force());
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
    return replace_now_while_locked(std::move(now_document));
}

Result<std::int64_t> Publisher::change_now(const std::function<Result<void>(NowDocument&)>& change) {
    const std::lock_guard lock(m_mutex);
    CAPSULE_TRY(text, m_release.current(DocumentKind::now));
    CAPSULE_TRY(document, parse_now(text));
    CAPSULE_CHECK(change(document));
    document.number = m_release.next_number(DocumentKind::now);
    return replace_now_while_locked(std::move(document));
}

Result<std::int64_t> Publisher::replace_now_while_locked(NowDocument document) {
    if (document.number > 1) {
        CAPSULE_TRY(in_force, m_release.current(DocumentKind::now));
        CAPSULE_TRY(current, parse_now(in_force));
        if (content_of(current) == content_of(document))
            return document.number - 1;
    }
    CAPSULE_TRY(entry, m_release.replace(DocumentKind::now, document.number, serialise(document)));
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
