#include "playlists/server/fleet/enrolment_desk.hpp"

#include "content/base/encoding.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"

#include <set>

using namespace capsule;
using namespace capsule::server;

namespace {

struct Desk {
    FakeClock clock;
    SystemRandom random;
    EnrolmentDesk desk{clock, random};
    PublicKey key = SecretKey::generate().public_key();
    std::uint64_t counter = 0;

    std::string code() {
        const auto waiting = desk.announce(key, ++counter);
        REQUIRE(waiting.ok());
        return waiting->code;
    }
};

// Some code that is not `right`.
std::string another(const std::string& right, std::uint64_t number) {
    const std::string code = to_crockford(number * 7919 + 1, EnrolmentDesk::code_length);
    return code == right ? "ZZZZZZZZ" : code;
}

} // namespace

TEST_CASE("a machine keeps its code while it asks, and whoever reads it out need not mind case, hyphens or the letters O, I and L") {
    Desk desk;
    const std::string code = desk.code();
    CHECK(code.size() == 8);
    CHECK(code.find_first_of("ILOU") == std::string::npos);
    CHECK(desk.code() == code);
    std::string spoken;
    for (const char c : code)
        spoken += c == '0' ? 'o' : c == '1' ? 'l' : c >= 'A' ? static_cast<char>(c + 32) : c;
    spoken.insert(4, " - ");
    REQUIRE(desk.desk.find("anne", spoken).ok());
    CHECK(*desk.desk.find("anne", spoken) == desk.key);
    desk.desk.done(desk.key);
    CHECK(desk.desk.find("anne", code).error().category == Category::missing);
}

TEST_CASE("a code changes after a quarter of an hour, and the one before is good for a phone call more") {
    Desk desk;
    const std::string first = desk.code();
    std::string code = first;
    for (int minute = 1; minute <= 14; ++minute) {
        desk.clock.advance(std::chrono::minutes(1));
        CHECK(desk.code() == first);
    }
    desk.clock.advance(std::chrono::minutes(1));
    const std::string second = desk.code();
    CHECK(second != first);
    CHECK(desk.desk.find("anne", first).ok());
    CHECK(desk.desk.find("anne", second).ok());
    for (int minute = 1; minute <= 5; ++minute) {
        desk.clock.advance(std::chrono::minutes(1));
        CHECK(desk.code() == second);
    }
    CHECK(!desk.desk.find("anne", first).ok());
    CHECK(desk.desk.find("anne", second).ok());
}

TEST_CASE("a machine that is not heard of any more is forgotten with its code") {
    Desk desk;
    const std::string code = desk.code();
    desk.clock.advance(std::chrono::minutes(3));
    CHECK(!desk.desk.find("anne", code).ok());
}

TEST_CASE("of ten thousand guesses in a quarter of an hour ten are looked at, and the right code does not pass any more either") {
    Desk desk;
    const std::string code = desk.code();
    int looked_at = 0, turned_away = 0;
    for (std::uint64_t guess = 0; guess < 10'000; ++guess) {
        const auto found = desk.desk.find("eve", another(code, guess));
        REQUIRE(!found.ok());
        ++(found.error().category == Category::timeout ? turned_away : looked_at);
    }
    CHECK(looked_at == 10);
    CHECK(turned_away == 9'990);
    CHECK(desk.desk.find("eve", code).error().category == Category::timeout);
    CHECK(desk.desk.find("anne", code).ok()); // another account is not shut out by hers
}

TEST_CASE("many accounts together get a hundred guesses in a quarter of an hour") {
    Desk desk;
    const std::string code = desk.code();
    int looked_at = 0;
    for (std::uint64_t guess = 0; guess < 10'000; ++guess) {
        const auto found = desk.desk.find("eve" + std::to_string(guess % 500), another(code, guess));
        REQUIRE(!found.ok());
        looked_at += found.error().category == Category::missing;
    }
    CHECK(looked_at == 100);
    CHECK(desk.desk.find("anne", code).error().category == Category::timeout);
    for (int minute = 0; minute < 15; ++minute) {
        desk.clock.advance(std::chrono::minutes(1));
        (void)desk.code();
    }
    CHECK(desk.desk.find("anne", desk.code()).ok());
}

TEST_CASE("what has not the shape of a code is no guess") {
    Desk desk;
    const std::string code = desk.code();
    for (int i = 0; i < 200; ++i)
        CHECK(desk.desk.find("anne", i % 2 == 0 ? "7K3P" : "é!").error().category == Category::invalid);
    CHECK(desk.desk.find("anne", code).ok());
}

TEST_CASE("a request that was recorded and is played again is refused") {
    Desk desk;
    (void)desk.code();
    CHECK(desk.desk.announce(desk.key, desk.counter).error().category == Category::refused);
}

TEST_CASE("no two machines have the same code, and a flood of machines ends at the limits") {
    Desk desk;
    std::set<std::string> codes;
    std::size_t turned_away = 0;
    for (int minute = 0; minute < 10; ++minute) {
        desk.clock.advance(std::chrono::seconds(10));
        for (int i = 0; i < 100; ++i) {
            PublicKey key;
            key.bytes[0] = static_cast<std::uint8_t>(i);
            key.bytes[1] = static_cast<std::uint8_t>(minute);
            const auto waiting = desk.desk.announce(key, 1);
            if (waiting)
                CHECK(codes.insert(waiting->code).second);
            else
                ++turned_away;
        }
    }
    CHECK(codes.size() <= 2 * EnrolmentDesk::most_new);
    CHECK(turned_away >= 800);
}
