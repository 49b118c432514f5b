#include "playlists/server/http/client_tag.hpp"
#include "tests/catch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

using namespace capsule::server;

namespace {

std::string tag(const std::string& address, const std::string& forwarded = "", const std::string& key = "k") {
    sockaddr_in four{};
    sockaddr_in6 six{};
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    if (inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1)
        return client_tag(reinterpret_cast<const sockaddr*>(&four), forwarded, key);
    REQUIRE(inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1);
    return client_tag(reinterpret_cast<const sockaddr*>(&six), forwarded, key);
}

} // namespace

TEST_CASE("a tag is one address's, says nothing of it, and is another with another key") {
    CHECK(tag("192.0.2.7") == tag("192.0.2.7"));
    CHECK(tag("192.0.2.7") != tag("192.0.2.8"));
    CHECK(tag("192.0.2.7") != tag("192.0.2.7", "", "other"));
    CHECK(tag("192.0.2.7").size() == 16);
    CHECK(tag("::ffff:192.0.2.7") == tag("192.0.2.7"));
    CHECK(client_tag(nullptr, "", "k").empty());
}

TEST_CASE("of IPv6 a whole household is one client") {
    CHECK(tag("2001:db8:1:2::1") == tag("2001:db8:1:2:ffff::9"));
    CHECK(tag("2001:db8:1:2::1") != tag("2001:db8:1:3::1"));
}

TEST_CASE("only a proxy on this machine is believed about its client, and only what it wrote itself") {
    CHECK(tag("127.0.0.1", "203.0.113.5") == tag("203.0.113.5"));
    CHECK(tag("::1", "203.0.113.5") == tag("203.0.113.5"));
    CHECK(tag("127.0.0.1", "198.51.100.1, 203.0.113.5") == tag("203.0.113.5")); // what stands before came from the client
    CHECK(tag("127.0.0.1", "nonsense") == tag("127.0.0.1"));
    CHECK(tag("192.0.2.7", "203.0.113.5") == tag("192.0.2.7"));
}
