#include "playlists/model/where.hpp"
#include "playlists/model/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace capsule {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> known_facts{"site", "screen", "commune", "ept", "type", "tag"};

bool bears(const std::vector<std::string>& tags, const std::string& tag) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool holds(const std::string& fact, const std::string& value, const Site& site, const Screen& screen) {
    if (fact == "site")
        return site.id.text() == value;
    if (fact == "screen")
        return screen.id.text() == value;
    if (fact == "commune")
        return site.commune == value;
    if (fact == "ept")
        return site.ept == value;
    if (fact == "type")
        return site.type == value;
    return fact == "tag" && (bears(screen.tags, value) || bears(site.tags, value));
}

} // namespace

bool matches(const Where& where, const Site& site, const Screen& screen) {
    const auto holds_here = [&](const Where& operand) { return matches(operand, site, screen); };
    switch (where.kind) {
    case Where::Kind::all:
        return std::all_of(where.operands.begin(), where.operands.end(), holds_here);
    case Where::Kind::any:
        return std::any_of(where.operands.begin(), where.operands.end(), holds_here);
    case Where::Kind::negation:
        return !where.operands.empty() && !holds_here(where.operands.front());
    case Where::Kind::fact:
        return holds(where.fact, where.value, site, screen);
    }
    return false;
}

Json to_json(const Where& where) {
    Json operands = Json::array();
    for (const Where& operand : where.operands)
        operands.push_back(to_json(operand));
    switch (where.kind) {
    case Where::Kind::all:
        return Json{{"all", std::move(operands)}};
    case Where::Kind::any:
        return Json{{"any", std::move(operands)}};
    case Where::Kind::negation:
        return Json{{"not", operands.empty() ? Json{{"all", Json::array()}} : std::move(operands.front())}};
    case Where::Kind::fact:
        return Json{{where.fact, where.value}};
    }
    return Json::object();
}

namespace model {

// Exactly one member: a condition that this program does not know must never be read as "everywhere".
Result<Where> read_where(const Json& value, const std::string& place) {
    Fields fields(value, place);
    if (!fields.complaint() && value.size() != 1)
        fields.complain("", "expected exactly one of all, any, not, site, screen, commune, ept, type, tag");
    if (fields.complaint())
        return *fields.complaint();
    const std::string key = value.begin().key();
    Where where;
    if (key == "all" || key == "any") {
        where.kind = key == "all" ? Where::Kind::all : Where::Kind::any;
        if (const Json* operands = fields.array(key, true)) {
            where.operands.reserve(operands->size());
            for (const Json& operand : *operands) {
                auto read = read_where(operand, place_of(fields.place(key), where.operands.size()));
                if (!read.ok())
                    return read.error();
                where.operands.push_back(std::move(*read));
            }
        }
    } else if (key == "not") {
        where.kind = Where::Kind::negation;
        auto read = read_where(value.begin().value(), fields.place(key));
        if (!read.ok())
            return read.error();
        where.operands.push_back(std::move(*read));
    } else if (std::find(known_facts.begin(), known_facts.end(), key) != known_facts.end()) {
        where.kind = Where::Kind::fact;
        where.fact = key;
        where.value = fields.needed_text(key);
    } else {
        fields.complain(key, "is no condition: expected one of all, any, not, site, screen, commune, ept, type, tag");
    }
    if (fields.complaint())
        return *fields.complaint();
    return where;
}

} // namespace model

Result<Where> where_from_json(const Json& object) { return model::read_where(object, "where"); }

} // namespace capsule
