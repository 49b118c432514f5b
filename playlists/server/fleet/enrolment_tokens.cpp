#include "playlists/server/fleet/enrolment_tokens.hpp"

#include "content/base/digest.hpp"

namespace capsule::server {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t longest_token = 128; // that is looked up at all

} // namespace

std::string_view enrolment_tokens_schema() {
    return "CREATE TABLE enrolment_tokens(digest TEXT PRIMARY KEY, screen TEXT NOT NULL, made_by TEXT NOT NULL, made_ms INTEGER NOT NULL,"
           " expires_ms INTEGER NOT NULL, used_ms INTEGER, device TEXT) STRICT;"
           "CREATE INDEX enrolment_tokens_screen ON enrolment_tokens(screen);";
}

const char* to_string(EnrolmentTokens::Refusal why) {
    switch (why) {
    case EnrolmentTokens::Refusal::unknown:
        return "unknown";
    case EnrolmentTokens::Refusal::used:
        return "used";
    case EnrolmentTokens::Refusal::expired:
        return "expired";
    case EnrolmentTokens::Refusal::served:
        return "served";
    }
    return "unknown";
}

Result<EnrolmentTokens::Issued> EnrolmentTokens::issue(sqlite::Database& database, const std::string& screen, Milliseconds valid_for,
                                                       const std::string& by) {
    if (valid_for < shortest || valid_for > longest)
        return Error{Category::invalid, "valid_for_ms: from one minute to 366 days"};
    Issued issued{m_random.hex(token_bytes), m_clock.wall() + valid_for};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(replaced, database.prepare("DELETE FROM enrolment_tokens WHERE screen=?1 AND used_ms IS NULL"));
    replaced.bind(1, std::string_view(screen));
    CAPSULE_CHECK(replaced.run());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO enrolment_tokens(digest, screen, made_by, made_ms, expires_ms) VALUES(?1, ?2, ?3, ?4, ?5)"));
    insert.bind(1, std::string_view(sha256(issued.token).hex()));
    insert.bind(2, std::string_view(screen));
    insert.bind(3, std::string_view(by));
    insert.bind(4, to_ms(m_clock.wall()));
    insert.bind(5, to_ms(issued.expires_at));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(transaction.commit());
    return issued;
}

Result<std::variant<std::string, EnrolmentTokens::Refused>> EnrolmentTokens::redeem(sqlite::Database& database, std::string_view token,
                                                                                    const PublicKey& key) {
    using Answer = std::variant<std::string, Refused>;
    const Answer unknown = Refused{Refusal::unknown, "the token is not one of this server's, or a newer one was made for its screen"};
    if (token.empty() || token.size() > longest_token)
        return unknown;
    const std::string digest = sha256(token).hex(), device = key.device_id();
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(select, database.prepare("SELECT screen, expires_ms, used_ms, device FROM enrolment_tokens WHERE digest=?1"));
    select.bind(1, std::string_view(digest));
    CAPSULE_TRY(known, select.step());
    if (!known)
        return unknown;
    const std::string screen = select.text(0);
    if (!select.is_null(2)) {
        if (select.text(3) == device)
            return Answer(screen);
        return Answer(Refused{Refusal::used, "the token for screen \"" + screen + "\" was used at " + to_rfc3339(instant_from_ms(select.integer(2))) +
                                                 " by device " + select.text(3)});
    }
    if (select.integer(1) <= to_ms(m_clock.wall()))
        return Answer(Refused{Refusal::expired, "the token for screen \"" + screen + "\" expired at " +
                                                    to_rfc3339(instant_from_ms(select.integer(1))) + ": make a new one with `capsule enrol`"});
    select.reset();
    CAPSULE_TRY(update, database.prepare("UPDATE enrolment_tokens SET used_ms=?2, device=?3 WHERE digest=?1 AND used_ms IS NULL"));
    update.bind(1, std::string_view(digest));
    update.bind(2, to_ms(m_clock.wall()));
    update.bind(3, std::string_view(device));
    CAPSULE_CHECK(update.run());
    CAPSULE_CHECK(transaction.commit());
    return Answer(screen);
}

Result<void> EnrolmentTokens::give_back(sqlite::Database& database, std::string_view token, const PublicKey& key) {
    CAPSULE_TRY(update, database.prepare("UPDATE enrolment_tokens SET used_ms=NULL, device=NULL WHERE digest=?1 AND device=?2"));
    update.bind(1, std::string_view(sha256(token).hex()));
    update.bind(2, std::string_view(key.device_id()));
    return update.run();
}

} // namespace capsule::server
