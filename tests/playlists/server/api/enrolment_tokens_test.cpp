// Tokens that machines bring on a stick: over HTTP, as player and `capsule enrol` do.
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

using namespace capsule;

namespace {

struct Machine {
    SecretKey key = SecretKey::generate();
    std::string id = key.public_key().device_id();
    std::uint64_t counter = 0;

    HttpReply bring(RunningServer& running, const std::string& token) {
        const std::string body = R"({"public_key":")" + key.public_key().hex() + R"(","token":")" + token + "\"}";
        return HttpClient(running.url())
            .post("/api/v1/enrolments", body, device_headers(key, "POST", "/api/v1/enrolments", body, ++counter));
    }
};

bool has(const HttpReply& reply, const std::string& text) { return reply.body.find(text) != std::string::npos; }

void add_screens(RunningServer& running) {
    REQUIRE(running.client->put("/api/v1/sites/fs-antony", R"({"name":"France services Antony","commune":"92002","ept":"VSGP"})").status == 201);
    for (const char* id : {"hall", "couloir"})
        REQUIRE(running.client->put("/api/v1/screens/" + std::string(id), R"({"site":"fs-antony","name":"Un écran"})").status == 201);
}

std::string make(RunningServer& running, const std::string& screen, const std::string& span = "86400000") {
    const HttpReply made = running.client->post("/api/v1/enrolments/tokens", R"({"screens":[")" + screen + R"("],"valid_for_ms":)" + span + "}");
    REQUIRE(made.status == 201);
    return RunningServer::after(made.body, "\"token\":\"", 64);
}

} // namespace

TEST_CASE("a machine that brings a token is enrolled for the screen it was made for, without a code") {
    RunningServer running;
    add_screens(running);
    const std::string token = make(running, "hall");
    Machine machine;
    const HttpReply enrolled = machine.bring(running, token);
    CHECK(has(enrolled, R"("state":"enrolled")"));
    CHECK(has(enrolled, R"("screen":"hall")"));
    CHECK(has(enrolled, R"("root":"{)"));
    CHECK(has(machine.bring(running, token), R"("state":"enrolled")")); // the answer may have been lost
}

TEST_CASE("a token serves one machine, and the second hears why") {
    RunningServer running;
    add_screens(running);
    const std::string token = make(running, "hall");
    Machine first, second;
    REQUIRE(has(first.bring(running, token), R"("state":"enrolled")"));
    const HttpReply refused = second.bring(running, token);
    CHECK(refused.status == 200);
    CHECK(has(refused, R"("state":"waiting")")); // with a code, as without a token
    CHECK(has(refused, R"("reason":"used")"));
    CHECK(has(refused, "by device " + first.id));
}

TEST_CASE("an expired token, an invented one and one that a newer one replaced are refused in words") {
    RunningServer running;
    add_screens(running);
    const std::string token = make(running, "hall", "60000");
    running.clock.advance(std::chrono::minutes(1));
    Machine machine;
    HttpReply refused = machine.bring(running, token);
    CHECK(has(refused, R"("reason":"expired")"));
    CHECK(has(refused, "expired at"));
    const std::string replaced = make(running, "couloir"), newest = make(running, "couloir");
    CHECK(has(machine.bring(running, replaced), R"("reason":"unknown")"));
    CHECK(has(machine.bring(running, std::string(64, 'a')), R"("reason":"unknown")"));
    CHECK(has(machine.bring(running, std::string(1000, 'a')), R"("reason":"unknown")"));
    CHECK(has(machine.bring(running, newest), R"("state":"enrolled")"));
}

TEST_CASE("the token of a screen that has a machine does not take it over, and is not used up") {
    RunningServer running;
    add_screens(running);
    Machine first, second;
    REQUIRE(has(first.bring(running, make(running, "hall")), R"("state":"enrolled")"));
    const std::string token = make(running, "hall");
    CHECK(has(second.bring(running, token), R"("reason":"served")"));
    REQUIRE(running.client->remove("/api/v1/devices/" + first.id).status == 204);
    CHECK(has(second.bring(running, token), R"("state":"enrolled")"));
}

TEST_CASE("tokens are made for screens that are there, for a span that makes sense, or none is made") {
    RunningServer running;
    add_screens(running);
    const auto ask = [&](const std::string& body) { return running.client->post("/api/v1/enrolments/tokens", body).status; };
    CHECK(ask(R"({"screens":["hall","nulle-part"],"valid_for_ms":86400000})") == 422);
    CHECK(ask(R"({"screens":["hall","hall"],"valid_for_ms":86400000})") == 422);
    CHECK(ask(R"({"screens":[],"valid_for_ms":86400000})") == 422);
    CHECK(ask(R"({"screens":["hall"],"valid_for_ms":1000})") == 422);
    CHECK(ask(R"({"screens":["hall"],"valid_for_ms":99999999999999})") == 422);
    CHECK(ask(R"({"screens":["hall"]})") == 422);
    CHECK(HttpClient(running.url()).post("/api/v1/enrolments/tokens", R"({"screens":["hall"],"valid_for_ms":86400000})").status == 401);
}

TEST_CASE("the log of changes names who made tokens for which screens and which machine came with one, and no token") {
    RunningServer running;
    add_screens(running);
    const std::string token = make(running, "hall");
    Machine machine;
    REQUIRE(has(machine.bring(running, token), R"("state":"enrolled")"));
    const HttpReply log = running.client->get("/api/v1/changes");
    CHECK(has(log, "enrolment tokens"));
    CHECK(has(log, "\"" + machine.id + "\""));
    CHECK_FALSE(has(log, token));
}
