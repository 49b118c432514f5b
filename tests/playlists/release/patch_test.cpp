#include "playlists/release/patch.hpp"
#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("a difference is believed only as far as the digest holds") {
    const std::string before = R"({"a":{"b":1,"c":null},"d":[1,2],"e":"é"})", after = R"({"a":{"b":2},"d":[2],"f":{"g":null}})";
    const std::string long_text = R"({"x":")" + std::string(500, 'x') + R"(","y":{"one":1,"two":2}})";
    std::string changed = long_text;
    changed.replace(changed.find("\"two\":2"), 7, "\"two\":null");
    const auto patch = make_patch(long_text, changed);
    REQUIRE(patch);
    CHECK(patch->size() < 100);
    CHECK(*apply_patch(long_text, *patch) == changed);
    CHECK_FALSE(make_patch(before, after)); // not worth it
    for (const char* bad : {"", "{", "[]", R"({"format":2,"set":[],"remove":[]})", R"({"format":1,"set":[[[],1]],"remove":[]})",
                            R"({"format":1,"set":[[["y","one","deeper"],1]],"remove":[]})", R"({"format":1,"set":[],"remove":[[1]]})",
                            R"({"format":1,"set":[[["nowhere","x"],1]],"remove":[]})", R"({"format":1,"set":{},"remove":[]})"})
        CHECK_FALSE(apply_patch(long_text, bad).ok());
    const Digest one = sha256("1"), two = sha256("2");
    const auto name = parse_patch_file_name(patch_file_name(DocumentKind::fleet, one, two));
    REQUIRE(name);
    CHECK((name->kind == DocumentKind::fleet && name->before == one && name->after == two));
    CHECK_FALSE(parse_patch_file_name(one.hex() + ".from..fleet.json"));
}
