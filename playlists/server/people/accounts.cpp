#include "playlists/server/people/accounts.hpp"

#include "content/base/digest.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Json time_or_null(const sqlite::Statement& row, int column) {
    return row.is_null(column) ? Json() : Json(to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant_from_ms(row.integer(column)))));
}

Standing standing_in(const sqlite::Statement& row, int column) {
    return {parse_role(row.text(column)).value_or(Role::reception),
            row.is_null(column + 1) ? Territory::all() : territory_from_text(row.text(column + 1)), row.text(column + 2)};
}

void bind_standing(sqlite::Statement& statement, int parameter, const Standing& standing) {
    statement.bind(parameter, std::string_view(to_string(standing.role)));
    if (standing.territory.everywhere)
        statement.bind_null(parameter + 1);
    else
        statement.bind(parameter + 1, std::string_view(territory_text(standing.territory)));
    if (standing.site.empty())
        statement.bind_null(parameter + 2);
    else
        statement.bind(parameter + 2, std::string_view(standing.site));
}

constexpr const char* person_columns =
    "SELECT a.login, a.role, a.territory, a.site, a.totp_secret IS NOT NULL, a.created_ms, a.ended_ms,"
    " (SELECT max(used_ms) FROM sessions s WHERE s.login=a.login) FROM accounts a ";

Json person_in(const sqlite::Statement& row, bool with_last_seen) {
    Json person = to_json(standing_in(row, 1));
    person["login"] = row.text(0);
    person["second_factor"] = row.integer(4) != 0;
    person["created"] = time_or_null(row, 5);
    person["ended"] = time_or_null(row, 6);
    if (with_last_seen)
        person["last_seen"] = time_or_null(row, 7);
    return person;
}

Result<Json> read_person(sqlite::Database& database, const std::string& login, bool with_last_seen) {
    CAPSULE_TRY(select, database.prepare(std::string(person_columns) + "WHERE a.login=?1"));
    select.bind(1, std::string_view(login));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "nobody has the login \"" + login + "\""};
    return person_in(select, with_last_seen);
}

Error nobody(const std::string& login) {
    return {Category::missing, "there is no account \"" + login + "\", or it was ended"};
}

// Inside the transaction that takes somebody's role away.
Result<void> check_an_administrator_stays(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM accounts WHERE role='administrator' AND ended_ms IS NULL LIMIT 1"));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::refused, "this is the last administrator: make somebody else one first"};
    return {};
}

constexpr const char* invitation_columns =
    "SELECT id, login, role, territory, site, renews, made_by, made_ms, expires_ms FROM invitations WHERE expires_ms>?1 ";

Invitation invitation_in(const sqlite::Statement& row) {
    return {row.text(0), row.text(1), standing_in(row, 2), row.integer(5) != 0, row.text(6), instant_from_ms(row.integer(7)),
            instant_from_ms(row.integer(8))};
}

Json to_json(const Invitation& invitation) {
    Json json = to_json(invitation.standing);
    json["id"] = invitation.id;
    json["login"] = invitation.login;
    json["renews"] = invitation.renews;
    json["made_by"] = invitation.made_by;
    json["made"] = to_rfc3339(std::chrono::floor<std::chrono::seconds>(invitation.made));
    json["expires"] = to_rfc3339(std::chrono::floor<std::chrono::seconds>(invitation.expires));
    return json;
}

Error no_invitation() {
    return {Category::missing, "this link was used already, has expired or was withdrawn: ask for another"};
}

} // namespace

std::string_view invitations_schema() {
    return "CREATE TABLE invitations(digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, login TEXT NOT NULL, role TEXT NOT NULL,"
           " territory TEXT, site TEXT, renews INTEGER NOT NULL, made_by TEXT NOT NULL, made_ms INTEGER NOT NULL,"
           " expires_ms INTEGER NOT NULL) STRICT;"
           "CREATE TABLE known_browsers(digest TEXT PRIMARY KEY, login TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT;"
           "CREATE TABLE tokens(id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, login TEXT NOT NULL REFERENCES accounts(login),"
           " name TEXT NOT NULL, role TEXT NOT NULL, created_ms INTEGER NOT NULL, used_ms INTEGER, expires_ms INTEGER NOT NULL) STRICT;"
           "CREATE INDEX tokens_login ON tokens(login);"
           "CREATE TABLE recovery_codes(digest TEXT NOT NULL, login TEXT NOT NULL, PRIMARY KEY(login, digest)) STRICT;"
           "ALTER TABLE accounts ADD COLUMN totp_secret TEXT;"
           "ALTER TABLE accounts ADD COLUMN totp_pending TEXT;"
           "ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;"
           "DROP TABLE sign_in_attempts;"; // what people type into the wrong field has no place in a file
}

Result<std::string> Accounts::list(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare(std::string(person_columns) + "ORDER BY a.ended_ms IS NOT NULL, a.login"));
    Json people = Json::array();
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return Json{{"people", std::move(people)}}.dump();
        people.push_back(person_in(select, true));
    }
}

Result<std::string> Accounts::person(sqlite::Database& database, const std::string& login) const {
    CAPSULE_TRY(person, read_person(database, login, true));
    return person.dump();
}

Result<std::string> Accounts::image(sqlite::Database& database, const std::string& login) const {
    CAPSULE_TRY(person, read_person(database, login, false));
    return person.dump();
}

Result<void> Accounts::change(sqlite::Database& database, const std::string& login, const Standing& standing) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET role=?2, territory=?3, site=?4 WHERE login=?1 AND ended_ms IS NULL"));
    update.bind(1, std::string_view(login));
    bind_standing(update, 2, standing);
    CAPSULE_CHECK(update.run());
    if (database.changes() == 0)
        return nobody(login);
    CAPSULE_CHECK(check_an_administrator_stays(database));
    return transaction.commit();
}

Result<void> Accounts::end(sqlite::Database& database, const std::string& login) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET ended_ms=?2, password='', totp_secret=NULL, totp_pending=NULL"
                                         " WHERE login=?1 AND ended_ms IS NULL"));
    update.bind(1, std::string_view(login));
    update.bind(2, to_ms(m_clock.wall()));
    CAPSULE_CHECK(update.run());
    if (database.changes() == 0)
        return nobody(login);
    CAPSULE_CHECK(check_an_administrator_stays(database));
    CAPSULE_CHECK(end_sessions(database, login));
    for (const char* sql : {"DELETE FROM recovery_codes WHERE login=?1", "DELETE FROM invitations WHERE login=?1"}) {
        CAPSULE_TRY(remove, database.prepare(sql));
        remove.bind(1, std::string_view(login));
        CAPSULE_CHECK(remove.run());
    }
    return transaction.commit();
}

Result<Accounts::Invited> Accounts::make_invitation(sqlite::Database& database, Invitation invitation) const {
    invitation.id = m_random.hex(8);
    invitation.made = m_clock.wall();
    invitation.expires = invitation.made + (invitation.renews ? renewal_lasts : invitation_lasts);
    Invited invited{std::move(invitation), m_random.hex(32)};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    // The newest counts: one that was sent to the wrong place is worth nothing any more.
    CAPSULE_TRY(forget, database.prepare("DELETE FROM invitations WHERE login=?1 OR expires_ms<=?2"));
    forget.bind(1, std::string_view(invited.invitation.login));
    forget.bind(2, to_ms(m_clock.wall()));
    CAPSULE_CHECK(forget.run());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO invitations(digest, id, login, role, territory, site, renews, made_by, made_ms, expires_ms)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
    insert.bind(1, std::string_view(sha256(invited.secret).hex()));
    insert.bind(2, std::string_view(invited.invitation.id));
    insert.bind(3, std::string_view(invited.invitation.login));
    bind_standing(insert, 4, invited.invitation.standing);
    insert.bind(7, std::int64_t{invited.invitation.renews});
    insert.bind(8, std::string_view(invited.invitation.made_by));
    insert.bind(9, to_ms(invited.invitation.made));
    insert.bind(10, to_ms(invited.invitation.expires));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(transaction.commit());
    return invited;
}

Result<Accounts::Invited> Accounts::invite(sqlite::Database& database, const std::string& login, const Standing& standing,
                                           const std::string& by) const {
    if (!is_login(login))
        return Error{Category::invalid, "login: 1 to 64 letters without accents, digits, full stops and hyphens are expected"};
    CAPSULE_TRY(select, database.prepare("SELECT ended_ms FROM accounts WHERE lower(login)=lower(?1)"));
    select.bind(1, std::string_view(login));
    CAPSULE_TRY(known, select.step());
    if (known)
        return Error{Category::refused, select.is_null(0) ? "login: \"" + login + "\" is somebody's already"
                                                          : "login: \"" + login + "\" was somebody's, and the log speaks of him: take another"};
    select.reset();
    return make_invitation(database, {{}, login, standing, false, by, {}, {}});
}

Result<Accounts::Invited> Accounts::renew(sqlite::Database& database, const std::string& login, const std::string& by) const {
    CAPSULE_TRY(select, database.prepare("SELECT role, territory, site FROM accounts WHERE login=?1 AND ended_ms IS NULL"));
    select.bind(1, std::string_view(login));
    CAPSULE_TRY(known, select.step());
    if (!known)
        return nobody(login);
    const Standing standing = standing_in(select, 0);
    select.reset();
    return make_invitation(database, {{}, login, standing, true, by, {}, {}});
}

Result<std::string> Accounts::invitations(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare(std::string(invitation_columns) + "ORDER BY made_ms, id"));
    select.bind(1, to_ms(m_clock.wall()));
    Json list = Json::array();
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return Json{{"invitations", std::move(list)}}.dump();
        list.push_back(to_json(invitation_in(select)));
    }
}

Result<std::string> Accounts::invitation(sqlite::Database& database, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare(std::string(invitation_columns) + "AND id=?2"));
    select.bind(1, to_ms(m_clock.wall()));
    select.bind(2, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return no_invitation();
    return to_json(invitation_in(select)).dump();
}

Result<void> Accounts::withdraw(sqlite::Database& database, const std::string& id) const {
    CAPSULE_TRY(remove, database.prepare("DELETE FROM invitations WHERE id=?1"));
    remove.bind(1, std::string_view(id));
    return remove.run();
}

Result<Invitation> Accounts::find(sqlite::Database& database, std::string_view secret) const {
    CAPSULE_TRY(select, database.prepare(std::string(invitation_columns) + "AND digest=?2"));
    select.bind(1, to_ms(m_clock.wall()));
    select.bind(2, std::string_view(sha256(secret).hex()));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return no_invitation();
    return invitation_in(select);
}

Result<Invitation> Accounts::accept(sqlite::Database& database, std::string_view secret, const std::string& hashed) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(invitation, find(database, secret));
    if (invitation.renews) {
        CAPSULE_TRY(update, database.prepare("UPDATE accounts SET password=?2 WHERE login=?1 AND ended_ms IS NULL"));
        update.bind(1, std::string_view(invitation.login));
        update.bind(2, std::string_view(hashed));
        CAPSULE_CHECK(update.run());
        if (database.changes() == 0)
            return no_invitation();
        CAPSULE_CHECK(end_sessions(database, invitation.login));
    } else {
        CAPSULE_TRY(insert, database.prepare("INSERT INTO accounts(login, password, created_ms, role, territory, site)"
                                             " VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(login) DO NOTHING"));
        insert.bind(1, std::string_view(invitation.login));
        insert.bind(2, std::string_view(hashed));
        insert.bind(3, to_ms(m_clock.wall()));
        bind_standing(insert, 4, invitation.standing);
        CAPSULE_CHECK(insert.run());
        if (database.changes() == 0)
            return no_invitation();
    }
    CAPSULE_CHECK(withdraw(database, invitation.id));
    CAPSULE_CHECK(transaction.commit());
    return std::move(invitation);
}

Result<void> end_sessions(sqlite::Database& database, std::string_view login) {
    for (const char* sql : {"DELETE FROM sessions WHERE login=?1", "DELETE FROM tokens WHERE login=?1",
                            "DELETE FROM known_browsers WHERE login=?1"}) {
        CAPSULE_TRY(remove, database.prepare(sql));
        remove.bind(1, login);
        CAPSULE_CHECK(remove.run());
    }
    return {};
}

} // namespace capsule::server
