#include "playlists/server/people/tokens.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr Milliseconds use_noted_every = std::chrono::minutes(5);

Json time_or_null(const sqlite::Statement& row, int column) {
    return row.is_null(column) ? Json() : Json(to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant_from_ms(row.integer(column)))));
}

// Whether somebody of the role `has` may do by a token what the role `wanted` may.
bool covers(Role has, Role wanted) {
    return has != Role::reception && wanted != Role::reception && wanted <= has;
}

constexpr const char* columns = "SELECT id, name, role, created_ms, used_ms, expires_ms FROM tokens WHERE login=?1 AND expires_ms>?2 ";

Json token_in(const sqlite::Statement& row, bool with_use) {
    Json token = {{"id", row.text(0)}, {"name", row.text(1)}, {"role", row.text(2)}, {"created", time_or_null(row, 3)},
                  {"expires", time_or_null(row, 5)}};
    if (with_use)
        token["last_used"] = time_or_null(row, 4);
    return token;
}

} // namespace

Result<Tokens::Made> Tokens::make(sqlite::Database& database, const Person& person, const std::string& name, Role role, int days) const {
    if (name.empty() || name.size() > 100 || !is_utf8(name) || std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; }))
        return Error{Category::invalid, "name: say in a few words what the token is for"};
    if (!covers(person.role, role))
        return Error{Category::invalid, std::string("role: a token of yours can be ") +
                                            (person.role == Role::reception ? "of no role" : "a " + std::string(to_string(person.role)) +
                                                                                                 "'s or of a lesser role")};
    if (days < 1 || days > longest_days)
        return Error{Category::invalid, "days: 1 to 366 are expected"};
    const std::int64_t now = to_ms(m_clock.wall());
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(expire, database.prepare("DELETE FROM tokens WHERE expires_ms<=?1"));
    expire.bind(1, now);
    CAPSULE_CHECK(expire.run());
    {
        CAPSULE_TRY(count, database.prepare("SELECT count(*) FROM tokens WHERE login=?1"));
        count.bind(1, std::string_view(person.login));
        CAPSULE_TRY(row, count.step());
        if (row && count.integer(0) >= most_each)
            return Error{Category::refused, "you have 50 tokens: remove one first"};
    }
    const Made made{m_random.hex(8), m_random.hex(32), m_clock.wall() + std::chrono::hours(24) * days};
    CAPSULE_TRY(insert, database.prepare("INSERT INTO tokens(id, digest, login, name, role, created_ms, expires_ms)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    insert.bind(1, std::string_view(made.id));
    insert.bind(2, std::string_view(sha256(made.secret).hex()));
    insert.bind(3, std::string_view(person.login));
    insert.bind(4, std::string_view(name));
    insert.bind(5, std::string_view(to_string(role)));
    insert.bind(6, now);
    insert.bind(7, to_ms(made.expires));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(transaction.commit());
    return made;
}

Result<std::string> Tokens::list(sqlite::Database& database, const std::string& login) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "ORDER BY created_ms, id"));
    select.bind(1, std::string_view(login));
    select.bind(2, to_ms(m_clock.wall()));
    Json tokens = Json::array();
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return Json{{"tokens", std::move(tokens)}}.dump();
        tokens.push_back(token_in(select, true));
    }
}

Result<std::string> Tokens::image(sqlite::Database& database, const std::string& login, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "AND id=?3"));
    select.bind(1, std::string_view(login));
    select.bind(2, to_ms(m_clock.wall()));
    select.bind(3, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "you have no such token"};
    return token_in(select, false).dump();
}

Result<void> Tokens::remove(sqlite::Database& database, const std::string& login, const std::string& id) const {
    CAPSULE_TRY(remove, database.prepare("DELETE FROM tokens WHERE login=?1 AND id=?2"));
    remove.bind(1, std::string_view(login));
    remove.bind(2, std::string_view(id));
    return remove.run();
}

Result<std::optional<Person>> Tokens::identify(sqlite::Database& database, std::string_view secret) const {
    const std::string digest = sha256(secret).hex();
    const std::int64_t now = to_ms(m_clock.wall());
    CAPSULE_TRY(select, database.prepare("SELECT a.login, a.role, a.territory, t.role, t.name, t.used_ms FROM tokens t"
                                         " JOIN accounts a ON a.login=t.login"
                                         " WHERE t.digest=?1 AND t.expires_ms>?2 AND a.ended_ms IS NULL"));
    select.bind(1, std::string_view(digest));
    select.bind(2, now);
    CAPSULE_TRY(row, select.step());
    if (!row)
        return std::optional<Person>{};
    const auto has = parse_role(select.text(1)), wanted = parse_role(select.text(3));
    if (!has || !wanted || *has == Role::reception || *wanted == Role::reception)
        return std::optional<Person>{};
    Person person{select.text(0), std::min(*has, *wanted), select.is_null(2) ? Territory::all() : territory_from_text(select.text(2)), {},
                  "token " + select.text(4)};
    const bool noted = !select.is_null(5) && now - select.integer(5) < use_noted_every.count() && now >= select.integer(5);
    select.reset(); // a read that stays open would keep the write below from starting
    if (!noted) {
        CAPSULE_TRY(update, database.prepare("UPDATE tokens SET used_ms=?1 WHERE digest=?2"));
        update.bind(1, now);
        update.bind(2, std::string_view(digest));
        (void)update.run(); // a script goes on when the disk is full
    }
    return std::optional(std::move(person));
}

} // namespace capsule::server
