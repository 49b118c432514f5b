#include "playlists/server/people/ownership.hpp"

namespace capsule::server {

std::string_view ownership_schema() {
    return "CREATE TABLE record_owners(kind TEXT NOT NULL, id TEXT NOT NULL, territory TEXT NOT NULL, PRIMARY KEY(kind, id)) STRICT;";
}

Result<Territory> owner_of(sqlite::Database& database, std::string_view kind, std::string_view id) {
    CAPSULE_TRY(select, database.prepare("SELECT territory FROM record_owners WHERE kind=?1 AND id=?2"));
    select.bind(1, kind);
    select.bind(2, id);
    CAPSULE_TRY(row, select.step());
    return row ? territory_from_text(select.text(0)) : Territory::all();
}

Result<bool> has_owner(sqlite::Database& database, std::string_view kind, std::string_view id) {
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM record_owners WHERE kind=?1 AND id=?2"));
    select.bind(1, kind);
    select.bind(2, id);
    return select.step();
}

Result<void> note_owner(sqlite::Database& database, std::string_view kind, std::string_view id, const Territory& territory) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO record_owners(kind, id, territory) VALUES(?1, ?2, ?3)"
                                         " ON CONFLICT(kind, id) DO NOTHING"));
    insert.bind(1, kind);
    insert.bind(2, id);
    insert.bind(3, std::string_view(territory_text(territory)));
    return insert.run();
}

} // namespace capsule::server
