#include "content/lib/sqlite/database.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;

TEST_CASE("statements bind, step and read back bytes as they were") {
    TemporaryFolder folder;
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database.ok());
    REQUIRE(database->execute("CREATE TABLE t(a INTEGER, b TEXT, c BLOB) STRICT"));
    auto insert = database->prepare("INSERT INTO t VALUES(?1,?2,?3)");
    REQUIRE(insert.ok());
    insert->bind(1, std::int64_t{42});
    insert->bind(2, std::string_view("é"));
    insert->bind_blob(3, std::string_view("\0x", 2));
    REQUIRE(insert->run());
    auto select = database->prepare("SELECT a,b,c FROM t");
    REQUIRE(*select->step());
    CHECK(select->integer(0) == 42);
    CHECK(select->text(1) == "é");
    CHECK(select->text(2).size() == 2);
    CHECK_FALSE(*select->step());
}

TEST_CASE("a transaction that is not committed leaves nothing") {
    TemporaryFolder folder;
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database->execute("CREATE TABLE t(a INTEGER UNIQUE) STRICT"));
    {
        auto transaction = sqlite::Transaction::begin(*database);
        REQUIRE(transaction.ok());
        REQUIRE(database->execute("INSERT INTO t VALUES(1)"));
    }
    auto count = database->prepare("SELECT count(*) FROM t");
    REQUIRE(*count->step());
    CHECK(count->integer(0) == 0);
    REQUIRE(database->execute("INSERT INTO t VALUES(1)"));
    CHECK(database->execute("INSERT INTO t VALUES(1)").error().category == Category::refused);
}

TEST_CASE("a file that is no database is invalid") {
    TemporaryFolder folder;
    SystemDisk disk;
    REQUIRE(write_durably(disk, folder.path() / "a.db", std::string(4096, 'x')));
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database.ok());
    CHECK(database->execute("SELECT * FROM sqlite_schema").error().category == Category::invalid);
}
