#include "playlists/server/indicators/example_data.hpp"

namespace capsule::server {

std::string_view example_data_schema() {
    return "CREATE TABLE example_data(first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, PRIMARY KEY(first_day, last_day)) STRICT;";
}

Result<void> mark_example_data(sqlite::Database& database, std::int64_t first_day, std::int64_t last_day) {
    CAPSULE_TRY(insert, database.prepare("INSERT OR IGNORE INTO example_data(first_day, last_day) VALUES(?1, ?2)"));
    insert.bind(1, first_day);
    insert.bind(2, last_day);
    return insert.run();
}

Result<bool> has_example_data(sqlite::Database& database, std::int64_t first_day, std::int64_t last_day) {
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM example_data WHERE first_day<=?2 AND last_day>=?1"));
    select.bind(1, first_day);
    select.bind(2, last_day);
    return select.step();
}

} // namespace capsule::server
