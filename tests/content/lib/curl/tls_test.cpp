// Real certificates over the loopback, and clocks that are wrong.
#include "content/lib/curl/session.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/fakes/tls_server.hpp"

#include <fstream>

using namespace capsule;
using namespace capsule::http;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t today = 1'795'338'000; // 2026-11-22

struct Client {
    TemporaryFolder folder;
    Settings settings;

    explicit Client(const TlsServer& server) {
        const auto file = folder.path() / "extra.pem";
        std::ofstream(file) << server.pem();
        settings.ca_bundle = file.string();
        settings.connect_timeout = std::chrono::seconds(5);
    }
    Result<Response> get(const TlsServer& server, std::optional<CertificateTime> time) {
        if (time)
            settings.certificate_time = [time] { return *time; };
        Request request;
        request.url = server.address() + "/";
        return Session(settings).perform(request);
    }
};

} // namespace

TEST_CASE("an authority of the extra bundle is believed, and nobody without one") {
    const time_t now = std::time(nullptr);
    TlsServer server(now - day, now + day);
    Client client(server);
    const auto answer = client.get(server, {});
    REQUIRE(answer.ok());
    CHECK(answer->body == "hello");
    client.settings.ca_bundle.clear();
    const auto refused = client.get(server, {});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().category == Category::refused);
}

TEST_CASE("an extra bundle that cannot be read is an error that says so") {
    const time_t now = std::time(nullptr);
    TlsServer server(now - day, now + day);
    Client client(server);
    client.settings.ca_bundle = "/nowhere/extra.pem";
    const auto answer = client.get(server, {});
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().category == Category::refused);
    CHECK(answer.error().message.find("authorities") != std::string::npos);
}

TEST_CASE("a screen from the cupboard, years behind, connects: notBefore is not looked at until the time is known") {
    TlsServer server(today - day, today + 90 * day);
    Client client(server);
    CHECK(client.get(server, CertificateTime{today - 1000 * day, false}).ok());
    const auto known = client.get(server, CertificateTime{today - 1000 * day, true});
    REQUIRE_FALSE(known.ok());
    CHECK(known.error().category == Category::refused);
    CHECK(client.get(server, CertificateTime{today, true}).ok());
}

TEST_CASE("a certificate that ended before the time that is certain is refused, known or not") {
    TlsServer server(today - 90 * day, today - day);
    Client client(server);
    CHECK_FALSE(client.get(server, CertificateTime{today, true}).ok());
    CHECK_FALSE(client.get(server, CertificateTime{today, false}).ok());
    CHECK(client.get(server, CertificateTime{today - 2 * day, false}).ok()); // the floor is all that is known
}

TEST_CASE("an unknown time excuses nothing but the date") {
    TlsServer server(today - day, today + day);
    TlsServer stranger(today - day, today + day);
    Client client(stranger);
    CHECK_FALSE(client.get(server, CertificateTime{today - 1000 * day, false}).ok());
}
