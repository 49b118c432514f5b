#include "playlists/server/proposals/proposals.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_listed = 200;
constexpr const char* columns = "SELECT number, who, territory, made_ms, method, path, body, subject, id, before, state, decided_by, reason,"
                                " decided_ms FROM proposals ";

Proposal proposal_in(const sqlite::Statement& row) {
    Proposal proposal;
    proposal.number = row.integer(0);
    proposal.who = row.text(1);
    proposal.territory = territory_from_text(row.text(2));
    proposal.made = instant_from_ms(row.integer(3));
    proposal.method = row.text(4);
    proposal.path = row.text(5);
    proposal.body = row.text(6);
    proposal.subject = row.text(7);
    proposal.id = row.text(8);
    if (!row.is_null(9))
        proposal.before = row.text(9);
    proposal.state = row.text(10);
    proposal.decided_by = row.text(11);
    proposal.reason = row.text(12);
    if (!row.is_null(13))
        proposal.decided = instant_from_ms(row.integer(13));
    return proposal;
}

std::string when(Instant at) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
}

Json to_json(const Proposal& proposal) {
    const auto parsed = [](const std::string& text) { return Json::parse(text, nullptr, false); };
    return {{"number", proposal.number},
            {"who", proposal.who},
            {"territory", to_json(proposal.territory)},
            {"made", when(proposal.made)},
            {"method", proposal.method},
            {"subject", proposal.subject},
            {"id", proposal.id},
            {"before", proposal.before ? parsed(*proposal.before) : Json()},
            {"after", proposal.method == "PUT" ? parsed(proposal.body) : Json()},
            {"state", proposal.state},
            {"decided_by", proposal.decided_by.empty() ? Json() : Json(proposal.decided_by)},
            {"decided", proposal.decided ? Json(when(*proposal.decided)) : Json()},
            {"reason", proposal.reason.empty() ? Json() : Json(proposal.reason)}};
}

} // namespace

std::string_view proposals_schema() {
    return "CREATE TABLE proposals(number INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, territory TEXT NOT NULL,"
           " made_ms INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, subject TEXT NOT NULL,"
           " id TEXT NOT NULL, before TEXT, state TEXT NOT NULL, decided_by TEXT NOT NULL, reason TEXT NOT NULL, decided_ms INTEGER) STRICT;"
           "CREATE INDEX proposals_state ON proposals(state, number);"
           "CREATE INDEX proposals_who ON proposals(who, number);";
}

Result<std::int64_t> Proposals::add(sqlite::Database& database, const Proposal& proposal) const {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(replace, database.prepare("UPDATE proposals SET state='withdrawn', decided_by=?1, decided_ms=?4"
                                          " WHERE who=?1 AND subject=?2 AND id=?3 AND state='waiting'"));
    replace.bind(1, std::string_view(proposal.who));
    replace.bind(2, std::string_view(proposal.subject));
    replace.bind(3, std::string_view(proposal.id));
    replace.bind(4, to_ms(m_clock.wall()));
    CAPSULE_CHECK(replace.run());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO proposals(who, territory, made_ms, method, path, body, subject, id, before, state,"
                                         " decided_by, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'waiting', '', '')"));
    insert.bind(1, std::string_view(proposal.who));
    insert.bind(2, std::string_view(territory_text(proposal.territory)));
    insert.bind(3, to_ms(m_clock.wall()));
    int parameter = 4;
    for (const std::string* text : {&proposal.method, &proposal.path, &proposal.body, &proposal.subject, &proposal.id})
        insert.bind(parameter++, std::string_view(*text));
    if (proposal.before)
        insert.bind(9, std::string_view(*proposal.before));
    else
        insert.bind_null(9);
    CAPSULE_CHECK(insert.run());
    const std::int64_t number = database.last_insert_rowid();
    CAPSULE_CHECK(transaction.commit());
    return number;
}

Result<Proposal> Proposals::get(sqlite::Database& database, std::int64_t number) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "WHERE number=?1"));
    select.bind(1, number);
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "there is no proposal " + std::to_string(number)};
    return proposal_in(select);
}

Result<void> Proposals::decide(sqlite::Database& database, std::int64_t number, std::string_view state, const std::string& by,
                               const std::string& reason) const {
    CAPSULE_TRY(update, database.prepare("UPDATE proposals SET state=?2, decided_by=?3, reason=?4, decided_ms=?5"
                                         " WHERE number=?1 AND state='waiting'"));
    update.bind(1, number);
    update.bind(2, state);
    update.bind(3, std::string_view(by));
    update.bind(4, std::string_view(reason));
    update.bind(5, to_ms(m_clock.wall()));
    CAPSULE_CHECK(update.run());
    if (database.changes() == 0)
        return Error{Category::refused, "this proposal does not wait any more: it was decided or taken back"};
    return {};
}

Result<std::string> Proposals::list(sqlite::Database& database, const std::string& login, const Territory& territory) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "WHERE ?1='' OR who=?1 ORDER BY state<>'waiting', number DESC"));
    select.bind(1, std::string_view(login));
    Json list = Json::array();
    while (list.size() < most_listed) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            break;
        const Proposal proposal = proposal_in(select);
        if (!login.empty() || territory.covers(proposal.territory))
            list.push_back(to_json(proposal));
    }
    return Json{{"proposals", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_json_text(const Proposal& proposal) {
    return to_json(proposal).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace capsule::server
