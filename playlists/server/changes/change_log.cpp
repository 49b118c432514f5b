#include "playlists/server/changes/change_log.hpp"

#include <utility>

namespace capsule::server {

namespace {

constexpr const char* columns = "SELECT seq, at_ms, who, by, action, subject, id, before, after, note, prev, digest FROM changes ";

std::optional<std::string> text_or_null(const sqlite::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

Change change_in(const sqlite::Statement& row) {
    return {row.integer(0),        instant_from_ms(row.integer(1)), row.text(2), row.text(3),  row.text(4),
            row.text(5),           row.text(6),                     text_or_null(row, 7), text_or_null(row, 8), row.text(9),
            row.text(10),          row.text(11)};
}

void bind(sqlite::Statement& statement, int parameter, const std::optional<std::string>& text) {
    if (text)
        statement.bind(parameter, std::string_view(*text));
    else
        statement.bind_null(parameter);
}

Result<std::vector<Change>> rows_of(sqlite::Statement select) {
    std::vector<Change> rows;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return rows;
        rows.push_back(change_in(select));
    }
}

std::optional<Change> first_of(std::vector<Change> rows) {
    return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

} // namespace

std::string_view changes_schema() {
    return "CREATE TABLE changes(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, by TEXT NOT NULL,"
           " action TEXT NOT NULL, subject TEXT NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT, note TEXT NOT NULL,"
           " prev TEXT NOT NULL, digest TEXT NOT NULL) STRICT;"
           "CREATE INDEX changes_object ON changes(subject, id, seq);"
           "CREATE INDEX changes_who ON changes(who, seq);";
}

Result<void> ChangeLog::append(sqlite::Database& database, Change change) const {
    if (change.before && change.before == change.after)
        return {};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(newest, last(database));
    change.seq = newest ? newest->seq + 1 : 1;
    change.prev = newest ? newest->digest : first_prev();
    change.at = m_clock.wall();
    change.digest = digest_of(change);
    CAPSULE_TRY(insert, database.prepare("INSERT INTO changes(seq, at_ms, who, by, action, subject, id, before, after, note, prev, digest)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"));
    insert.bind(1, change.seq);
    insert.bind(2, to_ms(change.at));
    int parameter = 3;
    for (const std::string* text : {&change.who, &change.by, &change.action, &change.subject, &change.id})
        insert.bind(parameter++, std::string_view(*text));
    bind(insert, 8, change.before);
    bind(insert, 9, change.after);
    insert.bind(10, std::string_view(change.note));
    insert.bind(11, std::string_view(change.prev));
    insert.bind(12, std::string_view(change.digest));
    CAPSULE_CHECK(insert.run());
    return transaction.commit();
}

Result<std::vector<Change>> ChangeLog::newest(sqlite::Database& database, const Filter& filter, std::int64_t before, int most) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) +
                                         "WHERE (?1=0 OR seq<?1) AND (?2='' OR who=?2) AND (?3='' OR subject=?3) AND (?4='' OR id=?4)"
                                         " ORDER BY seq DESC LIMIT ?5"));
    select.bind(1, before);
    select.bind(2, std::string_view(filter.who));
    select.bind(3, std::string_view(filter.subject));
    select.bind(4, std::string_view(filter.id));
    select.bind(5, std::int64_t{most});
    return rows_of(std::move(select));
}

Result<std::vector<Change>> ChangeLog::following(sqlite::Database& database, std::int64_t after, int most) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "WHERE seq>?1 ORDER BY seq LIMIT ?2"));
    select.bind(1, after);
    select.bind(2, std::int64_t{most});
    return rows_of(std::move(select));
}

Result<std::optional<Change>> ChangeLog::last_of(sqlite::Database& database, const std::string& subject, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "WHERE subject=?1 AND id=?2 ORDER BY seq DESC LIMIT 1"));
    select.bind(1, std::string_view(subject));
    select.bind(2, std::string_view(id));
    CAPSULE_TRY(rows, rows_of(std::move(select)));
    return first_of(std::move(rows));
}

Result<std::optional<Change>> ChangeLog::last(sqlite::Database& database) const {
    CAPSULE_TRY(select, database.prepare(std::string(columns) + "ORDER BY seq DESC LIMIT 1"));
    CAPSULE_TRY(rows, rows_of(std::move(select)));
    return first_of(std::move(rows));
}

} // namespace capsule::server
