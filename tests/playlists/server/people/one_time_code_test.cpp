#include "playlists/server/people/one_time_code.hpp"
#include "tests/catch.hpp"

using namespace capsule;
using namespace capsule::server;

TEST_CASE("codes are those of RFC 6238's appendix B, last six digits") {
    const std::string secret = "12345678901234567890";
    const std::pair<std::int64_t, const char*> vectors[] = {{59, "287082"},         {1111111109, "081804"},  {1111111111, "050471"},
                                                            {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [seconds, code] : vectors)
        CHECK(one_time_code(secret, one_time_step(instant_from_ms(seconds * 1000))) == code);
}

TEST_CASE("a code holds in its half minute and the two beside it, and once") {
    const std::string secret = "12345678901234567890";
    const Instant now = instant_from_ms(1'795'338'000'000);
    const std::int64_t step = one_time_step(now);
    CHECK(matching_step(secret, one_time_code(secret, step), now, 0) == step);
    CHECK(matching_step(secret, one_time_code(secret, step - 1), now, 0) == step - 1);
    CHECK(matching_step(secret, one_time_code(secret, step + 1), now, 0) == step + 1);
    CHECK_FALSE(matching_step(secret, one_time_code(secret, step - 2), now, 0));
    CHECK_FALSE(matching_step(secret, one_time_code(secret, step + 2), now, 0));
    CHECK_FALSE(matching_step(secret, one_time_code(secret, step), now, step));
    const std::string code = one_time_code(secret, step);
    CHECK(matching_step(secret, code.substr(0, 3) + " " + code.substr(3), now, 0) == step);
    for (const char* typed : {"", "12345", "1234567", "abcdef", "-12345"})
        CHECK_FALSE(matching_step(secret, typed, now, 0));
}

TEST_CASE("the key is written in base 32 as RFC 4648 says, and the address of the QR code names the product and the login") {
    CHECK(to_base32("") == "");
    CHECK(to_base32("f") == "MY");
    CHECK(to_base32("fo") == "MZXQ");
    CHECK(to_base32("foo") == "MZXW6");
    CHECK(to_base32("foob") == "MZXW6YQ");
    CHECK(to_base32("fooba") == "MZXW6YTB");
    CHECK(to_base32("foobar") == "MZXW6YTBOI");
    CHECK(one_time_uri("foobar", "anne@x y") == "otpauth://totp/Capsule:anne%40x%20y?secret=MZXW6YTBOI&issuer=Capsule");
}
