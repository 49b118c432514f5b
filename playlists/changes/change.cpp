#include "playlists/changes/change.hpp"

#include "content/base/digest.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

namespace {

using Json = nlohmann::json;

Json or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json();
}

// What the digest is of.
Json chained(const Change& change) {
    return {{"seq", change.seq},       {"at_ms", to_ms(change.at)},          {"who", change.who},
            {"by", change.by},         {"action", change.action},            {"subject", change.subject},
            {"id", change.id},         {"before", or_null(change.before)},   {"after", or_null(change.after)},
            {"note", change.note},     {"prev", change.prev}};
}

bool read(const Json& object, const char* key, std::string& into) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string())
        return false;
    into = found->get<std::string>();
    return true;
}

bool read(const Json& object, const char* key, std::optional<std::string>& into) {
    const auto found = object.find(key);
    if (found == object.end() || (!found->is_null() && !found->is_string()))
        return false;
    if (found->is_string())
        into = found->get<std::string>();
    return true;
}

} // namespace

std::string digest_of(const Change& change) {
    const auto canonical = json::canonical(chained(change));
    return canonical ? sha256(*canonical).hex() : std::string{}; // texts and whole numbers only: it cannot fail
}

std::string first_prev() {
    return std::string(64, '0');
}

Json to_json(const Change& change) {
    Json object = chained(change);
    object["digest"] = change.digest;
    return object;
}

Result<Change> change_from_json(const Json& object) {
    Change change;
    const auto seq = object.find("seq"), at = object.find("at_ms");
    if (!object.is_object() || seq == object.end() || !seq->is_number_integer() || at == object.end() || !at->is_number_integer() ||
        !read(object, "who", change.who) || !read(object, "by", change.by) || !read(object, "action", change.action) ||
        !read(object, "subject", change.subject) || !read(object, "id", change.id) || !read(object, "note", change.note) ||
        !read(object, "before", change.before) || !read(object, "after", change.after) || !read(object, "prev", change.prev) ||
        !read(object, "digest", change.digest))
        return Error{Category::invalid, "this is no row of the log of changes"};
    change.seq = seq->get<std::int64_t>();
    change.at = instant_from_ms(at->get<std::int64_t>());
    return change;
}

Result<void> ChangeChain::add(const Change& change) {
    const std::string row = "change " + std::to_string(change.seq);
    if (change.seq != m_seq + 1)
        return Error{Category::refused, row + ": the one before it is " + std::to_string(m_seq) + "; rows are missing or out of order"};
    if (change.prev != m_digest)
        return Error{Category::refused, row + ": it was not written after the row before it, which was altered or exchanged"};
    if (digest_of(change) != change.digest)
        return Error{Category::refused, row + ": its content is not what its digest says: it was altered"};
    m_seq = change.seq;
    m_digest = change.digest;
    return {};
}

} // namespace capsule
