#include "player/app/store_lock.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;

TEST_CASE("a store has one player at a time") {
    TemporaryFolder folder;
    {
        const auto first = StoreLock::take(folder.path());
        REQUIRE(first);
        const auto second = StoreLock::take(folder.path());
        REQUIRE_FALSE(second);
        CHECK(second.error().category == Category::refused);
        CHECK(second.error().message.find(folder.path().string()) != std::string::npos);
    }
    CHECK(StoreLock::take(folder.path()));
}

TEST_CASE("a store that is no folder cannot be taken") {
    TemporaryFolder folder;
    CHECK_FALSE(StoreLock::take(folder.path() / "absent"));
}
