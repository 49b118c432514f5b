#include "playlists/server/people/second_factor.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "playlists/server/people/one_time_code.hpp"

namespace capsule::server {

namespace {

// "7k3px 2qfm9" → "7K3PX2QFM9"; empty when it has not the shape of a recovery code.
std::string normalised(std::string_view typed) {
    std::string plain;
    for (const char c : typed)
        if (c != ' ' && c != '-')
            plain += c;
    return plain.size() == 10 ? normalise_crockford(plain).value_or("") : std::string{};
}

std::string bytes_of(std::string_view hex) {
    return from_hex(hex).value_or("");
}

Result<bool> use_recovery_code(sqlite::Database& database, std::string_view login, const std::string& code) {
    CAPSULE_TRY(remove, database.prepare("DELETE FROM recovery_codes WHERE login=?1 AND digest=?2"));
    remove.bind(1, login);
    remove.bind(2, std::string_view(sha256(code).hex()));
    CAPSULE_CHECK(remove.run());
    return database.changes() > 0;
}

} // namespace

Result<SecondFactor::Answer> SecondFactor::check(sqlite::Database& database, std::string_view login, std::string_view typed) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    std::string secret;
    std::int64_t used = 0;
    {
        CAPSULE_TRY(select, database.prepare("SELECT totp_secret, totp_step FROM accounts WHERE login=?1"));
        select.bind(1, login);
        CAPSULE_TRY(row, select.step());
        if (!row || select.is_null(0))
            return Answer::not_needed;
        secret = bytes_of(select.text(0));
        used = select.integer(1);
    }
    if (typed.empty())
        return Answer::missing;
    if (const std::string recovery = normalised(typed); !recovery.empty()) {
        CAPSULE_TRY(right, use_recovery_code(database, login, recovery));
        CAPSULE_CHECK(transaction.commit());
        return right ? Answer::right : Answer::wrong;
    }
    const auto step = matching_step(secret, typed, m_clock.wall(), used);
    if (!step)
        return Answer::wrong;
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET totp_step=?2 WHERE login=?1"));
    update.bind(1, login);
    update.bind(2, *step);
    CAPSULE_CHECK(update.run());
    CAPSULE_CHECK(transaction.commit());
    return Answer::right;
}

Result<std::string> SecondFactor::begin(sqlite::Database& database, std::string_view login) const {
    const std::string hex = m_random.hex(one_time_secret_bytes);
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET totp_pending=?2 WHERE login=?1 AND ended_ms IS NULL"));
    update.bind(1, login);
    update.bind(2, std::string_view(hex));
    CAPSULE_CHECK(update.run());
    return bytes_of(hex);
}

Result<std::vector<std::string>> SecondFactor::confirm(sqlite::Database& database, std::string_view login, std::string_view typed) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    std::string pending;
    {
        CAPSULE_TRY(select, database.prepare("SELECT totp_pending FROM accounts WHERE login=?1"));
        select.bind(1, login);
        CAPSULE_TRY(row, select.step());
        if (!row || select.is_null(0))
            return Error{Category::refused, "no second factor waits to be confirmed: begin again"};
        pending = select.text(0);
    }
    const auto step = matching_step(bytes_of(pending), typed, m_clock.wall(), 0);
    if (!step)
        return Error{Category::invalid, "code: this is not the code that the application shows now"};
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET totp_secret=totp_pending, totp_pending=NULL, totp_step=?2 WHERE login=?1"));
    update.bind(1, login);
    update.bind(2, *step);
    CAPSULE_CHECK(update.run());
    CAPSULE_TRY(forget, database.prepare("DELETE FROM recovery_codes WHERE login=?1"));
    forget.bind(1, login);
    CAPSULE_CHECK(forget.run());
    std::vector<std::string> codes;
    CAPSULE_TRY(insert, database.prepare("INSERT INTO recovery_codes(digest, login) VALUES(?1, ?2)"));
    for (int i = 0; i < recovery_codes; ++i) {
        const std::string code = to_crockford(m_random.number(), 10);
        insert.bind(1, std::string_view(sha256(code).hex()));
        insert.bind(2, login);
        CAPSULE_CHECK(insert.run());
        codes.push_back(code.substr(0, 5) + "-" + code.substr(5));
    }
    CAPSULE_CHECK(transaction.commit());
    return codes;
}

Result<void> SecondFactor::remove(sqlite::Database& database, std::string_view login) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    for (const char* sql : {"UPDATE accounts SET totp_secret=NULL, totp_pending=NULL WHERE login=?1", "DELETE FROM recovery_codes WHERE login=?1"}) {
        CAPSULE_TRY(statement, database.prepare(sql));
        statement.bind(1, login);
        CAPSULE_CHECK(statement.run());
    }
    return transaction.commit();
}

} // namespace capsule::server
