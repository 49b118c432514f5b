#include "content/lib/json/strict.hpp"
#include "playlists/ledger/fields.hpp"
#include "playlists/ledger/row.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <random>

using namespace capsule;

namespace {

// What the general parser says, without the quick one.
bool canonical_by_the_book(const std::string& bytes) {
    const auto parsed = json::parse_strict(bytes, {.bytes = 8192, .depth = 4, .floats = false});
    return parsed && parsed->is_object() && *json::canonical(*parsed) == bytes;
}

} // namespace

TEST_CASE("the quick reader takes for canonical what the general one does, whatever was done to a row") {
    StateRow state{5, -3, "release", "a \"quoted\" \\ é word"};
    ShowingRow showing;
    showing.capsule = *CapsuleId::parse("mot-de-passe");
    const RowHeader header{"5f0c9a1e22b47d10", std::string(32, 'a'), 7, sha256("before"), "boot"};
    const std::vector<std::string> rows = {serialise({header, state}), serialise({header, showing}),
                                           R"({"a":[1,2],"b":{"c":null}})", R"({"a":true})", "{}"};
    const std::string pieces = "{}[]:,\"\\0123456789-+.eEnulltrue \t\x01\x7f\xc3\xa9\xff";
    std::mt19937 random(1);
    const auto below = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most - 1)(random); };
    std::size_t canonical = 0;
    for (int i = 0; i < 60'000; ++i) {
        std::string bytes = rows[below(rows.size())];
        for (std::size_t n = below(3); n > 0; --n) {
            const std::size_t at = below(bytes.size());
            switch (below(4)) {
            case 0:
                bytes[at] = pieces[below(pieces.size())];
                break;
            case 1:
                bytes.insert(at, 1, pieces[below(pieces.size())]);
                break;
            case 2:
                bytes.erase(at, 1 + below(3));
                break;
            default:
                bytes.insert(at, bytes.substr(at, 1 + below(20)));
            }
            if (bytes.empty())
                bytes = "{";
        }
        const auto fields = RowFields::read(bytes);
        INFO(bytes);
        REQUIRE((fields.ok() && fields->canonical()) == canonical_by_the_book(bytes));
        canonical += fields.ok() && fields->canonical() ? 1 : 0;
    }
    CHECK(canonical > 10'000); // with the untouched ones, so that both answers are seen
}

TEST_CASE("texts come without their escapes, and numbers whole") {
    const auto fields =
        RowFields::read(R"({"a":"say \"no\" \\","b":-12,"c":null,"d":123456789012345678,"e":1234567890123456789,"f":true})");
    REQUIRE(fields.ok());
    CHECK(fields->canonical());
    CHECK(fields->find("a")->text == R"(say "no" \)");
    CHECK(fields->find("b")->number == -12);
    CHECK(fields->find("c")->kind == FieldValue::Kind::null);
    CHECK(fields->find("d")->number == 123456789012345678);
    CHECK(fields->find("e")->number == 1234567890123456789);
    CHECK(fields->find("f")->kind == FieldValue::Kind::other);
    CHECK_FALSE(fields->find("g"));
}
