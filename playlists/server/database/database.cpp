#include "playlists/server/database/database.hpp"

namespace capsule::server {

namespace {

Result<int> newest_applied(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT coalesce(max(number), 0) FROM schema_migrations"));
    CAPSULE_TRY(row, select.step());
    return row ? static_cast<int>(select.integer(0)) : 0;
}

Result<void> apply(sqlite::Database& database, const Migration& migration, const Clock& clock) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    // Another process may have been faster.
    CAPSULE_TRY(newest, newest_applied(database));
    if (newest >= migration.number)
        return {};
    if (auto done = database.execute(migration.sql); !done)
        return in_context("migration " + std::to_string(migration.number) + " (" + migration.name + ")", done.error());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO schema_migrations(number, name, applied_ms) VALUES(?1, ?2, ?3)"));
    insert.bind(1, std::int64_t{migration.number});
    insert.bind(2, std::string_view(migration.name));
    insert.bind(3, to_ms(clock.wall()));
    CAPSULE_CHECK(insert.run());
    return transaction.commit();
}

} // namespace

Result<int> migrate(sqlite::Database& database, const std::vector<Migration>& migrations, const Clock& clock) {
    CAPSULE_CHECK(database.execute("CREATE TABLE IF NOT EXISTS schema_migrations(number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                                   "applied_ms INTEGER NOT NULL) STRICT"));
    CAPSULE_TRY(newest, newest_applied(database));
    const int last = migrations.empty() ? 0 : migrations.back().number;
    if (newest > last)
        return Error{Category::refused, "the database is from a newer program (schema " + std::to_string(newest) +
                                            ", this one knows " + std::to_string(last) + "): install the newer capsule-server"};
    int applied = 0;
    int expected = 1;
    for (const Migration& migration : migrations) {
        if (migration.number != expected++)
            return Error{Category::bug, "migrations are not numbered without holes at " + std::to_string(migration.number)};
        if (migration.number <= newest)
            continue;
        CAPSULE_CHECK(apply(database, migration, clock));
        ++applied;
    }
    return applied;
}

ServerDatabase::Lease::~Lease() {
    if (!m_connection)
        return;
    const std::lock_guard lock(m_owner->m_mutex);
    m_owner->m_idle.push_back(std::move(m_connection));
}

Result<std::unique_ptr<sqlite::Database>> ServerDatabase::connect() const {
    auto database = sqlite::Database::open(m_file);
    if (!database)
        return in_context("cannot open the database " + m_file.string(), database.error());
    if (auto set = database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;");
        !set)
        return in_context("cannot open the database " + m_file.string(), set.error());
    return std::make_unique<sqlite::Database>(std::move(*database));
}

Result<std::unique_ptr<ServerDatabase>> ServerDatabase::open(const Path& file, const std::vector<Migration>& migrations,
                                                             const Clock& clock) {
    std::unique_ptr<ServerDatabase> self(new ServerDatabase(file));
    CAPSULE_TRY(connection, self->connect());
    if (auto migrated = migrate(*connection, migrations, clock); !migrated)
        return in_context(file.string(), migrated.error());
    self->m_idle.push_back(std::move(connection));
    return self;
}

Result<ServerDatabase::Lease> ServerDatabase::lease() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(*this, std::move(connection));
        }
    }
    CAPSULE_TRY(connection, connect());
    return Lease(*this, std::move(connection));
}

} // namespace capsule::server
