#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

using namespace capsule;

namespace {
const std::string sign_in = std::string(R"({"login":"anne","password":")") + RunningServer::password + "\"}";
}

TEST_CASE("the cookie signs in, and what changes something needs the header that a foreign page cannot send") {
    RunningServer running;
    HttpClient browser(running.url());
    const HttpReply session = browser.post("/api/v1/sessions", sign_in);
    REQUIRE(session.status == 200);
    const std::string cookie = session.headers.at("set-cookie");
    CHECK(cookie.find("HttpOnly") != std::string::npos);
    CHECK(cookie.find("SameSite=Strict") != std::string::npos);
    CHECK(session.body.find("token") == std::string::npos);
    browser.always("Cookie: " + cookie.substr(0, cookie.find(';')));
    CHECK(browser.get("/api/v1/session").body == R"({"login":"anne","role":"administrator","site":null,"territory":null})");
    CHECK(browser.put("/api/v1/sites/a", R"({"name":"A"})").status == 403);
    CHECK(browser.put("/api/v1/sites/a", R"({"name":"A"})", {"X-Capsule: 1"}).status == 201);
    CHECK(browser.put("/api/v1/sites/a", R"({"name":"A"})", {"X-Capsule: 1", "Origin: https://elsewhere.example"}).status == 403);
    CHECK(browser.put("/api/v1/sites/a", R"({"name":"A"})", {"X-Capsule: 1", "Origin: " + running.url()}).status == 200);
    CHECK(browser.remove("/api/v1/session", {"X-Capsule: 1"}).status == 204);
    CHECK(browser.get("/api/v1/session").status == 401);
}

TEST_CASE("a cookie's secret is no bearer token and the other way round") {
    RunningServer running;
    HttpClient client(running.url());
    const std::string cookie = client.post("/api/v1/sessions", sign_in).headers.at("set-cookie");
    const std::string secret = RunningServer::after(cookie, "capsule_session=", 64);
    CHECK(client.get("/api/v1/session", {"Authorization: Bearer " + secret}).status == 401);
    CHECK(client.get("/api/v1/session", {"Cookie: capsule_session=" + running.token("anne")}).status == 401);
}

TEST_CASE("the first account is made once") {
    RunningServer running;
    CHECK_FALSE(std::make_unique<HttpClient>(running.url())
                    ->post("/api/v1/accounts/first", R"({"secret":"x","login":"b","password":"assez long pour passer"})")
                    .status == 201);
    running.server.reset();
    running.start();
    CHECK_FALSE(running.server->first_secret());
}

TEST_CASE("after ten wrong passwords the login has to wait, the right one included") {
    RunningServer running;
    running.add_account("eve", "evaluator");
    HttpClient client(running.url());
    for (int i = 0; i < 10; ++i)
        CHECK(client.post("/api/v1/sessions", R"({"login":"eve","password":"faux"})").status == 401);
    const HttpReply refused = client.post("/api/v1/sessions", R"({"login":"eve","password":"faux"})");
    CHECK(refused.status == 429);
    CHECK(refused.headers.contains("retry-after"));
    CHECK(running.token("eve").empty());
    CHECK_FALSE(running.token("anne").empty());
    running.clock.advance(std::chrono::minutes(16));
    CHECK_FALSE(running.token("eve").empty());
}

TEST_CASE("bodies that are no JSON, or too large, are refused") {
    RunningServer running;
    HttpClient client(running.url());
    CHECK(client.post("/api/v1/sessions", "{").status == 422);
    CHECK(client.post("/api/v1/sessions", "[]").status == 422);
    CHECK(client.post("/api/v1/sessions", std::string(20'000, ' ')).status == 413);
    CHECK(client.post("/api/v1/sessions", "{}", {"Transfer-Encoding: chunked"}).status != 0);
}
