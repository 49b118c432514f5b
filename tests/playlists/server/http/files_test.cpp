#include "playlists/server/http/files.hpp"
#include "playlists/server/http/gzip.hpp"
#include "tests/catch.hpp"

using namespace capsule;
using namespace capsule::server;

TEST_CASE("paths are split and decoded, and what could lead elsewhere is no path") {
    CHECK(split_path("/")->empty());
    CHECK(*split_path("/a/b%20c") == std::vector<std::string>{"a", "b c"});
    CHECK(*split_path("/a/") == std::vector<std::string>{"a", ""});
    for (const char* bad : {"", "a", "/..", "/a/../b", "/%2e%2e", "/.", "/a%2Fb", "/a%00", "/%", "/%4", "/%zz", "/%ff"}) {
        INFO(bad);
        CHECK_FALSE(split_path(bad));
    }
}

TEST_CASE("ranges are read as RFC 9110 says") {
    ByteRange range;
    const auto read = [&](const char* text, std::uint64_t size = 100) { return parse_range(text, size, range); };
    CHECK(read("bytes=0-0") == RangeVerdict::one);
    CHECK((range.first == 0 && range.length == 1));
    CHECK(read("bytes=90-200") == RangeVerdict::one);
    CHECK((range.first == 90 && range.length == 10));
    CHECK(read("Bytes=90-") == RangeVerdict::one);
    CHECK(read("bytes=-30") == RangeVerdict::one);
    CHECK((range.first == 70 && range.length == 30));
    CHECK(read("bytes=-300") == RangeVerdict::one);
    CHECK(range.length == 100);
    CHECK(read("bytes=100-") == RangeVerdict::unsatisfiable);
    CHECK(read("bytes=-0") == RangeVerdict::unsatisfiable);
    CHECK(read("bytes=-1", 0) == RangeVerdict::unsatisfiable);
    for (const char* ignored :
         {"bytes=5-2", "bytes=a-b", "bytes=", "items=0-1", "bytes=0-1,5-6", "bytes=1", "bytes=0-99999999999999999999"})
        CHECK(read(ignored) == RangeVerdict::none);
}

TEST_CASE("gzip is used when it is accepted and the body is worth it") {
    RequestHead head;
    const auto encoding = [&](std::size_t size, const char* type, const char* accepted) {
        head.headers["accept-encoding"] = accepted;
        Response response = text_response(200, type, std::string(size, 'x'));
        response.set("ETag", "\"e\"");
        compress_if_accepted(head, response);
        return response.get("Content-Encoding") + " " + response.get("ETag");
    };
    CHECK(encoding(2000, "application/json", "gzip, br") == "gzip \"e-gzip\"");
    CHECK(encoding(2000, "application/json", "br, *;q=0.5") == "gzip \"e-gzip\"");
    CHECK(encoding(2000, "application/json", "gzip;q=0") == " \"e\"");
    CHECK(encoding(2000, "application/json", "") == " \"e\"");
    CHECK(encoding(1024, "application/json", "gzip") == " \"e\"");
    CHECK(encoding(2000, "video/mp4", "gzip") == " \"e\"");
}

TEST_CASE("a cookie is found among others, and only by its whole name") {
    RequestHead head;
    head.headers["cookie"] = "a=1; capsule_session=xyz;b=2";
    CHECK(head.cookie("capsule_session") == "xyz");
    CHECK(head.cookie("session").empty());
    CHECK(head.cookie("b") == "2");
}
