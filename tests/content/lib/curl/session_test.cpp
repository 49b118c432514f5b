#include "content/lib/curl/session.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/faulty_http_server.hpp"

using namespace capsule;
using namespace capsule::http;

TEST_CASE("an answer that trickles is given up when its time is over, and one that comes in time is whole") {
    FaultyHttpServer server;
    const std::string body(40'000, 'x');
    server.answer_with([&](const FaultyHttpServer::Request&) {
        FaultyHttpServer::Answer answer;
        answer.body = body;
        answer.drip = 1; // a byte a millisecond: forty seconds in all
        return answer;
    });
    Session session(Settings{});
    Request request;
    request.url = server.address();
    request.within = std::chrono::milliseconds(300);
    const auto begun = std::chrono::steady_clock::now();
    const auto late = session.perform(request);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().category == Category::timeout);

    server.answer_with({});
    server.put("/", body);
    request.url += "/";
    request.within = std::chrono::seconds(60);
    const auto whole = session.perform(request);
    REQUIRE(whole.ok());
    CHECK(whole->body == body);
}
