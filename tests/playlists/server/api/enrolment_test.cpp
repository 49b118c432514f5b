// A machine shows a code, somebody types it: over HTTP, as player and console do.
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

using namespace capsule;

namespace {

struct Machine {
    SecretKey key = SecretKey::generate();
    std::string id = key.public_key().device_id();
    std::uint64_t counter = 0;

    HttpReply announce(RunningServer& running) {
        const std::string body = R"({"public_key":")" + key.public_key().hex() + "\"}";
        return HttpClient(running.url())
            .post("/api/v1/enrolments", body, device_headers(key, "POST", "/api/v1/enrolments", body, ++counter));
    }
    std::string code(RunningServer& running) { return RunningServer::after(announce(running).body, "\"code\":\"", 8); }
    HttpReply send_state(RunningServer& running, std::uint64_t number) const {
        return HttpClient(running.url()).post("/api/v1/state", "{}", device_headers(key, "POST", "/api/v1/state", "{}", number));
    }
};

bool has(const HttpReply& reply, const std::string& text) { return reply.body.find(text) != std::string::npos; }

void add_site(RunningServer& running) {
    REQUIRE(running.client->put("/api/v1/sites/fs-antony", R"({"name":"France services Antony","commune":"92002","ept":"VSGP"})").status == 201);
}

std::string typed(const std::string& code, const std::string& rest) { return R"({"code":")" + code + R"(",)" + rest + "}"; }

HttpReply accept(RunningServer& running, const std::string& code, const std::string& rest) {
    return running.client->post("/api/v1/enrolments/accept", typed(code, rest));
}

const char* const new_screen = R"("site":"fs-antony","name":"Salle d’attente")";

} // namespace

TEST_CASE("a machine gets its screen and the root of the release once somebody has typed its code") {
    RunningServer running("https://ecrans.example.fr");
    add_site(running);
    Machine machine;
    const HttpReply waiting = machine.announce(running);
    CHECK(waiting.status == 200);
    CHECK(has(waiting, R"("state":"waiting")"));
    CHECK(has(waiting, R"("console":"https://ecrans.example.fr/console")"));
    CHECK(!has(waiting, "\"root\""));
    const HttpReply done = accept(running, machine.code(running), new_screen);
    CHECK(done.status == 201);
    CHECK(has(done, R"("device":")" + machine.id + "\""));
    CHECK(has(done, R"("screen":"fs-antony-salle-d-attente")"));
    const HttpReply enrolled = machine.announce(running);
    CHECK(has(enrolled, R"("state":"enrolled")"));
    CHECK(has(enrolled, R"("screen":"fs-antony-salle-d-attente")"));
    CHECK(has(enrolled, R"("root":"{)"));
    CHECK(machine.send_state(running, 100).status == 200);
}

TEST_CASE("enrolling, moving and renaming are in fleet.json at once, and publish nothing") {
    RunningServer running;
    add_site(running);
    const std::string before = running.client->get("/release/index.json").body;
    Machine machine;
    REQUIRE(accept(running, machine.code(running), new_screen).status == 201);
    const std::string after = running.client->get("/release/index.json").body;
    CHECK(after != before);
    CHECK(after.find("programme") == before.find("programme")); // not published before, not published now
    const auto fleet = [&] {
        const std::string index = running.client->get("/release/index.json").body;
        const std::string entry = index.substr(index.find("\"fleet\""));
        return running.client->get("/release/" + RunningServer::after(entry, "\"sha256\":\"", 64) + ".fleet.json").body;
    };
    CHECK(fleet().find(machine.id) != std::string::npos);
    REQUIRE(running.client->put("/api/v1/screens/fs-antony-salle-d-attente", R"({"site":"fs-antony","name":"Hall"})").status == 200);
    CHECK(fleet().find("\"Hall\"") != std::string::npos);
    REQUIRE(running.client->put("/api/v1/screens/couloir", R"({"site":"fs-antony","name":"Couloir"})").status == 201);
    REQUIRE(running.client->put("/api/v1/devices/" + machine.id,
                                R"({"public_key":")" + machine.key.public_key().hex() + R"(","screen":"couloir"})").status == 200);
    CHECK(fleet().find(R"("screen":"couloir")") != std::string::npos);
}

TEST_CASE("a screen that is served is not taken over by mistake, and on demand the machine before is refused at once") {
    RunningServer running;
    add_site(running);
    Machine first, second;
    REQUIRE(accept(running, first.code(running), new_screen).status == 201);
    const std::string screen = R"("screen":"fs-antony-salle-d-attente")";
    const std::string code = second.code(running);
    CHECK(accept(running, code, screen).status == 409);
    CHECK(first.send_state(running, 50).status == 200);
    CHECK(accept(running, code, screen + R"(,"replace":true)").status == 201); // the same code: the refusal did not use it up
    CHECK(first.send_state(running, 51).status == 403);
    CHECK(second.send_state(running, 50).status == 200);
    CHECK(has(first.announce(running), R"("state":"revoked")"));
}

TEST_CASE("a second screen of the same name at a site gets an id of its own") {
    RunningServer running;
    add_site(running);
    Machine first, second;
    REQUIRE(accept(running, first.code(running), new_screen).status == 201);
    CHECK(has(accept(running, second.code(running), new_screen), R"("screen":"fs-antony-salle-d-attente-2")"));
}

TEST_CASE("a wrong code, an unknown site, a missing name and a guess too many are told apart") {
    RunningServer running;
    add_site(running);
    Machine machine;
    const std::string code = machine.code(running);
    CHECK(accept(running, "7K3P", new_screen).status == 422);
    CHECK(accept(running, code, R"("site":"fs-antony")").status == 422);
    CHECK(accept(running, code, R"("site":"ailleurs","name":"Hall")").status == 422);
    CHECK(accept(running, code, R"("screen":"ailleurs")").status == 422);
    const std::string wrong = code == "00000000" ? "00000001" : "00000000";
    for (int i = 0; i < 10; ++i)
        CHECK(accept(running, wrong, new_screen).status == 404);
    const HttpReply limited = accept(running, code, new_screen);
    CHECK(limited.status == 429);
    CHECK(limited.headers.at("retry-after") == "900");
    for (int minute = 0; minute < 15; ++minute) { // the machine goes on asking
        running.clock.advance(std::chrono::minutes(1));
        (void)machine.announce(running);
    }
    CHECK(accept(running, machine.code(running), new_screen).status == 201);
}

TEST_CASE("nobody announces a key that is not theirs") {
    RunningServer running;
    const SecretKey mine = SecretKey::generate(), theirs = SecretKey::generate();
    const std::string body = R"({"public_key":")" + theirs.public_key().hex() + "\"}";
    HttpClient client(running.url());
    CHECK(client.post("/api/v1/enrolments", body, device_headers(mine, "POST", "/api/v1/enrolments", body, 1)).status == 401);
    CHECK(client.post("/api/v1/enrolments", body).status == 401);
    CHECK(client.post("/api/v1/enrolments", "{}").status == 422);
}

TEST_CASE("a counter below the last is told with the last one, and again and again as two machines with one key") {
    RunningServer running;
    add_site(running);
    Machine machine;
    REQUIRE(accept(running, machine.code(running), new_screen).status == 201);
    REQUIRE(machine.send_state(running, 500).status == 200);
    const HttpReply restored = machine.send_state(running, 7);
    CHECK(restored.status == 401);
    CHECK(has(restored, R"("counter":500)"));
    CHECK(has(restored, "restored"));
    CHECK(!has(running.client->get("/api/v1/screens"), "Deux machines"));
    (void)machine.send_state(running, 8);
    (void)machine.send_state(running, 9);
    CHECK(has(running.client->get("/api/v1/screens"), "Deux machines"));
    running.clock.advance(std::chrono::hours(25));
    CHECK(!has(running.client->get("/api/v1/screens"), "Deux machines"));
}
