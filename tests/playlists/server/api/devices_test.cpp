// Signed requests of devices: who is believed, once, and what becomes of rows.
#include "playlists/ledger/row.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

using namespace capsule;

namespace {

struct Enrolled {
    SecretKey key = SecretKey::generate();
    std::string id = key.public_key().device_id();
    std::string state = R"({"programme":1,"fleet":2,"playing":"mot-de-passe","reason":null})";

    explicit Enrolled(RunningServer& running) {
        HttpClient& client = *running.client;
        REQUIRE(
            client.put("/api/v1/sites/fs-antony", R"({"name":"France services Antony","commune":"92002","ept":"VSGP"})").status ==
            201);
        REQUIRE(client.put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})").status == 201);
        REQUIRE(client.put("/api/v1/devices/" + id, body("fs-antony-hall")).status == 201);
    }
    std::string body(const std::string& screen) const {
        return R"({"public_key":")" + key.public_key().hex() + R"(","screen":")" + screen + "\"}";
    }
    HttpReply send_state(RunningServer& running, std::uint64_t counter) const {
        return HttpClient(running.url())
            .post("/api/v1/state", state, device_headers(key, "POST", "/api/v1/state", state, counter));
    }
};

std::string one_row(const std::string& device, const std::string& journal) {
    ShowingRow showing;
    showing.boot_start_ms = 1000;
    showing.boot_end_ms = 29000;
    showing.wall_start_ms = 1'795'338'000'000;
    showing.screen = *ScreenId::parse("fs-antony-hall");
    showing.site = *SiteId::parse("fs-antony");
    showing.capsule = *CapsuleId::parse("mot-de-passe");
    showing.version = std::string(64, 'a');
    showing.language = "fr";
    showing.due_ms = showing.shown_ms = 28000;
    return serialise(Row{{device, journal, 1, Digest{}, "11111111-2222-4333-8444-555555555555"}, showing}) + "\n";
}

} // namespace

TEST_CASE("a device is believed with a counter that rises, never twice, also after a restart") {
    RunningServer running;
    const Enrolled device(running);
    CHECK(device.send_state(running, 5).status == 200);
    CHECK(device.send_state(running, 5).status == 401);
    CHECK(device.send_state(running, 4).status == 401);
    running.server.reset();
    running.start();
    CHECK(device.send_state(running, 5).status == 401);
    CHECK(device.send_state(running, 6).status == 200);
}

TEST_CASE("an unknown key, another body, another path and a missing signature are refused") {
    RunningServer running;
    const Enrolled device(running);
    HttpClient screen(running.url());
    const SecretKey stranger = SecretKey::generate();
    CHECK(screen.post("/api/v1/state", "{}", device_headers(stranger, "POST", "/api/v1/state", "{}", 1)).status == 401);
    CHECK(screen.post("/api/v1/state", "{ }", device_headers(device.key, "POST", "/api/v1/state", "{}", 1)).status == 401);
    CHECK(screen.post("/api/v1/state", "{}", device_headers(device.key, "POST", "/api/v1/other", "{}", 1)).status == 401);
    CHECK(screen.post("/api/v1/state", "{}").status == 401);
    CHECK(device.send_state(running, 1).status == 200); // none of these used the counter up
}

TEST_CASE("a revoked device is refused at once and its key never comes back") {
    RunningServer running;
    const Enrolled device(running);
    CHECK(device.send_state(running, 1).status == 200);
    CHECK(running.client->remove("/api/v1/devices/" + device.id).status == 204);
    CHECK(device.send_state(running, 2).status == 403);
    CHECK(running.client->put("/api/v1/devices/" + device.id, device.body("fs-antony-hall")).status == 409);
    CHECK(running.client->get("/api/v1/screens").body.find("\"device\":null") != std::string::npos);
}

TEST_CASE("an id that is not the key's, and a screen that is not there, are refused") {
    RunningServer running;
    const Enrolled device(running);
    CHECK(running.client->put("/api/v1/devices/0123456789abcdef", device.body("fs-antony-hall")).status == 422);
    CHECK(running.client->put("/api/v1/devices/" + device.id, device.body("ailleurs")).status == 422);
    CHECK(running.client->remove("/api/v1/screens/fs-antony-hall").status == 409);
    CHECK(running.client->remove("/api/v1/sites/fs-antony").status == 409);
}

TEST_CASE("the list of screens tells what each said last and since when it is silent") {
    RunningServer running;
    const Enrolled device(running);
    CHECK(running.client->get("/api/v1/screens").body.find("\"state\":\"never\"") != std::string::npos);
    REQUIRE(device.send_state(running, 1).status == 200);
    const std::string online = running.client->get("/api/v1/screens").body;
    CHECK(online.find("\"state\":\"online\"") != std::string::npos);
    CHECK(online.find("\"playing\":\"mot-de-passe\"") != std::string::npos);
    running.clock.advance(std::chrono::minutes(16));
    CHECK(running.client->get("/api/v1/screens").body.find("\"state\":\"silent\"") != std::string::npos);
}

TEST_CASE("a screen whose rows came was heard of, also when it never told its state") {
    RunningServer running;
    const Enrolled device(running);
    const std::string journal = "0123456789abcdef0123456789abcdef", path = "/api/v1/ledger/" + journal;
    const std::string rows = one_row(device.id, journal);
    REQUIRE(HttpClient(running.url()).post(path, rows, device_headers(device.key, "POST", path, rows, 1)).status == 200);
    const std::string list = running.client->get("/api/v1/screens").body;
    CHECK(list.find("\"state\":\"online\"") != std::string::npos);
    CHECK(list.find("\"last_seen\":null") == std::string::npos);
    running.clock.advance(std::chrono::minutes(16));
    CHECK(running.client->get("/api/v1/screens").body.find("\"state\":\"silent\"") != std::string::npos);
    REQUIRE(device.send_state(running, 2).status == 200);
    CHECK(running.client->get("/api/v1/screens").body.find("\"state\":\"online\"") != std::string::npos);
}

TEST_CASE("rows are acknowledged, taken once, and a hole is told") {
    RunningServer running;
    const Enrolled device(running);
    const std::string journal = "0123456789abcdef0123456789abcdef", path = "/api/v1/ledger/" + journal;
    const std::string rows = one_row(device.id, journal);
    HttpClient screen(running.url());
    for (std::uint64_t counter = 1; counter <= 2; ++counter) {
        const HttpReply reply = screen.post(path, rows, device_headers(device.key, "POST", path, rows, counter));
        CHECK(reply.status == 200);
        CHECK(reply.body.find("\"acked\":1") != std::string::npos);
    }
    const std::string broken = "{}\n";
    CHECK(screen.post(path, broken, device_headers(device.key, "POST", path, broken, 3)).status == 422);
    const std::string other = "/api/v1/ledger/ffffffffffffffffffffffffffffffff";
    CHECK(screen.post(other, rows, device_headers(device.key, "POST", other, rows, 4)).status == 422);
    const std::string report = running.client->get("/api/v1/report?from=2026-01-01&to=2026-12-31&by=capsule").body;
    CHECK(report.find("\"bounded\":{\"showings\":1") != std::string::npos);
}
