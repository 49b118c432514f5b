#include "content/lib/json/strict.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

using namespace capsule;

TEST_CASE("a key that stands twice is refused") {
    CHECK(json::parse_strict(R"({"a":1,"b":{"a":2}})").ok());
    CHECK(json::parse_strict(R"({"a":1,"a":2})").error().message.find("\"a\"") != std::string::npos);
}

TEST_CASE("depth, size, floats and bad bytes are bounded") {
    CHECK_FALSE(json::parse_strict(std::string(40, '[') + std::string(40, ']')).ok());
    CHECK_FALSE(json::parse_strict("[1]", {.bytes = 2}).ok());
    CHECK_FALSE(json::parse_strict("[1.5]", {.floats = false}).ok());
    CHECK_FALSE(json::parse_strict("\"\xC0\xAF\"").ok());
    CHECK_FALSE(json::parse_strict("{}x").ok());
    CHECK_FALSE(json::parse_strict("").ok());
}

TEST_CASE("canonical JSON sorts keys and escapes nothing but quote and backslash") {
    const auto value = json::parse_strict("{\"b\":[1,-2,true,null],\"a\":\"x\\n\\\"\\\\é\"}");
    REQUIRE(value.ok());
    CHECK(*json::canonical(*value) == "{\"a\":\"x\n\\\"\\\\é\",\"b\":[1,-2,true,null]}");
    CHECK_FALSE(json::canonical(nlohmann::json(1.5)).ok());
}
