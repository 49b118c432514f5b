#include "playlists/server/database/database.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <thread>

using namespace capsule;
using namespace capsule::server;

namespace {

const std::vector<Migration> two = {{1, "first", "CREATE TABLE a(x INTEGER NOT NULL) STRICT;"},
                                    {2, "second", "ALTER TABLE a ADD COLUMN y INTEGER;"}};

std::int64_t count(sqlite::Database& database, std::string_view sql) {
    auto select = database.prepare(sql);
    REQUIRE(select.ok());
    REQUIRE(*select->step());
    return select->integer(0);
}

} // namespace

TEST_CASE("migrations are applied once, in order, and only those that are missing") {
    TemporaryFolder folder;
    FakeClock clock;
    const Path file = folder.path() / "server.db";
    {
        auto database = ServerDatabase::open(file, {two[0]}, clock);
        REQUIRE(database.ok());
        auto lease = (*database)->lease();
        REQUIRE(lease.ok());
        REQUIRE((*lease)->execute("INSERT INTO a VALUES(1)").ok());
    }
    for (int start = 0; start < 2; ++start) {
        auto database = ServerDatabase::open(file, two, clock);
        REQUIRE(database.ok());
        auto lease = (*database)->lease();
        CHECK(count(**lease, "SELECT count(*) FROM schema_migrations") == 2);
        CHECK(count(**lease, "SELECT count(*) FROM a WHERE y IS NULL") == 1);
    }
}

TEST_CASE("a migration that fails leaves the schema as the one before left it") {
    TemporaryFolder folder;
    FakeClock clock;
    const Path file = folder.path() / "server.db";
    auto broken = two;
    broken[1].sql = "CREATE TABLE b(x INTEGER) STRICT; CREATE TABLE a(x INTEGER) STRICT;";
    auto failed = ServerDatabase::open(file, broken, clock);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().message.find("migration 2 (second)") != std::string::npos);
    auto database = ServerDatabase::open(file, {two[0]}, clock);
    REQUIRE(database.ok());
    auto lease = (*database)->lease();
    CHECK(count(**lease, "SELECT count(*) FROM sqlite_schema WHERE name='b'") == 0);
}

TEST_CASE("a database of a newer program is refused") {
    TemporaryFolder folder;
    FakeClock clock;
    const Path file = folder.path() / "server.db";
    REQUIRE(ServerDatabase::open(file, two, clock).ok());
    auto older = ServerDatabase::open(file, {two[0]}, clock);
    REQUIRE_FALSE(older.ok());
    CHECK(older.error().category == Category::refused);
}

TEST_CASE("writers on several threads wait for each other and lose nothing") {
    TemporaryFolder folder;
    FakeClock clock;
    auto database = ServerDatabase::open(folder.path() / "server.db", two, clock);
    REQUIRE(database.ok());
    std::vector<std::thread> threads;
    std::atomic<int> written = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                auto lease = (*database)->lease();
                if (!lease)
                    continue;
                auto transaction = sqlite::Transaction::begin(**lease);
                if (transaction && (*lease)->execute("INSERT INTO a VALUES(1, 2)") && transaction->commit())
                    ++written;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(written == 40);
    auto lease = (*database)->lease();
    CHECK(count(**lease, "SELECT count(*) FROM a") == 40);
}

TEST_CASE("a transaction inside another is part of it: what the inner commits the outer may still roll back") {
    TemporaryFolder folder;
    auto database = *sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database.execute("CREATE TABLE t(x INTEGER)").ok());
    const auto count = [&] {
        auto select = database.prepare("SELECT count(*) FROM t");
        (void)select->step();
        return select->integer(0);
    };
    const auto insert = [&](bool commit) {
        auto inner = sqlite::Transaction::begin(database);
        REQUIRE(inner.ok());
        REQUIRE(database.execute("INSERT INTO t VALUES(1)").ok());
        if (commit)
            REQUIRE(inner->commit().ok());
    };
    {
        auto outer = sqlite::Transaction::begin(database);
        REQUIRE(outer.ok());
        insert(true);
        insert(false);
        CHECK(count() == 1);
    }
    CHECK(count() == 0);
    CHECK_FALSE(database.in_transaction());
    {
        auto outer = sqlite::Transaction::begin(database);
        insert(true);
        insert(false);
        REQUIRE(outer->commit().ok());
    }
    CHECK(count() == 1);
}
