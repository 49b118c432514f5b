#include "playlists/client/api_client.hpp"
#include "playlists/client/device_client.hpp"
#include "playlists/signing/message_signature.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/faulty_http_server.hpp"
#include "tests/fakes/power_cut_disk.hpp"

using namespace capsule;
using namespace capsule::client;

namespace {

using Request = FaultyHttpServer::Request;
using Answer = FaultyHttpServer::Answer;

Answer json_answer(int status, std::string body, std::string type = "application/json") {
    return {status, {{"Content-Type", std::move(type)}}, std::move(body), {}, false, {}, 0};
}

// A disk with one folder that is durable from the start.
void prepare(PowerCutDisk& disk) {
    REQUIRE(disk.make_directories("/store").ok());
    REQUIRE(disk.sync_directory("/store").ok());
    REQUIRE(disk.sync_directory("/").ok());
}

} // namespace

TEST_CASE("the counter rises across restarts and power cuts, and writes once in a thousand requests") {
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    PowerCutDisk disk;
    prepare(disk);
    std::uint64_t last = 0;
    for (int start = 0; start < 20; ++start) {
        if (start % 3 == 2)
            disk.cut_at(disk.calls() + 1 + static_cast<std::size_t>(start) % 6);
        RequestCounter counter(disk, "/store/counter");
        for (int request = 0; request < 700; ++request) {
            const auto number = counter.next();
            if (!number)
                break; // the power is gone: nothing was given out
            REQUIRE(*number > last);
            last = *number;
        }
        disk.restart(names);
    }
    CHECK(last > 5000);

    RequestCounter counter(disk, "/store/counter");
    REQUIRE(counter.next().ok());
    const auto before = disk.calls();
    for (int request = 0; request < 990; ++request)
        REQUIRE(counter.next().ok());
    CHECK(disk.calls() == before);
}

TEST_CASE("a counter file with something else in it is refused, not begun anew") {
    PowerCutDisk disk;
    prepare(disk);
    REQUIRE(write_durably(disk, "/store/counter", "12x\n").ok());
    RequestCounter counter(disk, "/store/counter");
    const auto number = counter.next();
    REQUIRE_FALSE(number.ok());
    CHECK(number.error().category == Category::invalid);
}

TEST_CASE("a device's requests verify, each with a higher counter") {
    FaultyHttpServer server;
    server.answer_with([](const Request&) { return json_answer(200, R"({"utc_ms":1795338000000})"); });
    PowerCutDisk disk;
    prepare(disk);
    RequestCounter counter(disk, "/store/counter");
    SeededRandom random(1);
    const auto key = SecretKey::generate();
    DeviceClient device(server.address(), key, counter, random);
    for (int i = 0; i < 2; ++i) {
        const auto answer = device.send_state(R"({"programme":1})");
        REQUIRE(answer.ok());
        CHECK(*answer == 1795338000000);
    }
    std::uint64_t last = 0;
    for (const auto& request : server.requests()) {
        const SignedHeaders headers{request.headers.at("content-digest"), request.headers.at("capsule-counter"),
                                    request.headers.at("signature-input"), request.headers.at("signature")};
        const auto verified = verify_request(key.public_key(), request.method, request.target, request.body, headers);
        REQUIRE(verified.ok());
        CHECK(verified->counter > last);
        last = verified->counter;
    }
}

TEST_CASE("what the server says about rows is told apart") {
    FaultyHttpServer server;
    Answer answer;
    server.answer_with([&](const Request&) { return answer; });
    PowerCutDisk disk;
    prepare(disk);
    RequestCounter counter(disk, "/store/counter");
    SeededRandom random(1);
    DeviceClient device(server.address(), SecretKey::generate(), counter, random);

    answer = json_answer(200, R"({"acked":12,"utc_ms":5,"forks":[3,4]})");
    auto reply = device.send_rows("00", "{}\n");
    REQUIRE(reply.ok());
    CHECK(reply->answer == RowsReply::Answer::taken);
    CHECK(reply->acked == 12);
    CHECK(reply->forks == 2);
    CHECK(reply->utc_ms == 5);

    answer = json_answer(409, R"({"acked":7,"title":"a hole"})", "application/problem+json");
    reply = device.send_rows("00", "{}\n");
    REQUIRE(reply.ok());
    CHECK(reply->answer == RowsReply::Answer::hole);
    CHECK(reply->acked == 7);

    answer = json_answer(422, R"({"acked":7,"seq":9,"title":"a broken chain"})", "application/problem+json");
    reply = device.send_rows("00", "{}\n");
    REQUIRE(reply.ok());
    CHECK(reply->answer == RowsReply::Answer::refused);
    CHECK(reply->problem.find("a broken chain") != std::string::npos);

    answer = json_answer(403, R"({"title":"revoked"})", "application/problem+json");
    reply = device.send_rows("00", "{}\n");
    REQUIRE_FALSE(reply.ok());
    CHECK(reply.error().category == Category::refused);
    answer = json_answer(200, "<html>", "text/html");
    CHECK_FALSE(device.send_rows("00", "{}\n").ok());
    answer = json_answer(503, "");
    CHECK(device.send_rows("00", "{}\n").error().category == Category::io);
}

TEST_CASE("refusals become one line that says what, why and what to do") {
    FaultyHttpServer server;
    int status = 0;
    std::string body;
    server.answer_with([&](const Request&) { return json_answer(status, body, "application/problem+json"); });
    ApiClient api(server.address(), "token");
    const auto told = [&](int code, std::string text) {
        status = code;
        body = std::move(text);
        return api.put_schedule(Schedule{*ScheduleId::parse("defaut"), *PlaylistId::parse("accueil"), {}, "open", 0}).error();
    };
    auto error = told(422, R"({"title":"Unprocessable","detail":"no playlist\n\"accueil\""})");
    CHECK(error.category == Category::invalid);
    CHECK(error.message == "schedule defaut: no playlist \"accueil\" (422)");
    error = told(401, "");
    CHECK(error.category == Category::refused);
    CHECK(error.message.find("capsule login") != std::string::npos);
    CHECK(told(404, "{}").category == Category::missing);
    CHECK(told(500, "<html>").category == Category::io);
    CHECK(told(302, "").category == Category::refused);
}

TEST_CASE("no server at all is told as such") {
    std::string address;
    {
        FaultyHttpServer gone;
        address = gone.address();
    }
    ApiClient api(address, "token");
    const auto screens = api.screens();
    REQUIRE_FALSE(screens.ok());
    CHECK(screens.error().category == Category::io);
    CHECK(screens.error().message.find(address) != std::string::npos);
    CHECK(ApiClient("file:///etc/passwd", "").screens().error().category == Category::invalid);
}

TEST_CASE("an answer without end is cut off, one that stands still is given up") {
    FaultyHttpServer server;
    http::Settings settings;
    settings.stall_timeout = std::chrono::seconds(1);
    http::Session session(settings);
    SECTION("without end") {
        server.put("/x", std::string(2'000'000, 'x'));
        http::Request request;
        request.url = server.address() + "/x";
        request.most_bytes = 1000;
        CHECK(session.perform(request).error().category == Category::refused);
    }
    SECTION("standing still") {
        server.answer_with([](const Request&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2500));
            return json_answer(200, "{}");
        });
        http::Request request;
        request.url = server.address() + "/x";
        CHECK(session.perform(request).error().category == Category::timeout);
    }
}

TEST_CASE("a store that was restored goes on above what the server has counted, also after a restart") {
    FaultyHttpServer server;
    std::vector<std::uint64_t> counters;
    server.answer_with([&](const Request& request) {
        const std::uint64_t counter = std::stoull(request.headers.at("capsule-counter"));
        const bool rises = counter > 5000;
        counters.push_back(counter);
        return rises ? json_answer(200, R"({"utc_ms":1})")
                     : json_answer(401, R"({"title":"no","counter":5000})", "application/problem+json");
    });
    PowerCutDisk disk;
    prepare(disk);
    SeededRandom random(1);
    const auto key = SecretKey::generate();
    {
        RequestCounter counter(disk, "/store/counter");
        DeviceClient device(server.address(), key, counter, random);
        CHECK(device.send_state("{}").ok());
        CHECK(device.send_state("{}").ok());
        CHECK(counters == std::vector<std::uint64_t>{1, 5001, 5002});
    }
    disk.restart(PowerCutDisk::Names::forgotten);
    RequestCounter counter(disk, "/store/counter");
    CHECK(*counter.next() > 5002);
    CHECK(counter.go_on_above(7).ok()); // behind: nothing changes
    CHECK(*counter.next() > 5003);
    CHECK(counter.go_on_above(RequestCounter::most).error().category == Category::invalid);
}

TEST_CASE("a server that refuses the counter again and again is asked twice, not for ever") {
    FaultyHttpServer server;
    server.answer_with([&](const Request& request) {
        return json_answer(401, R"({"title":"no","counter":)" + request.headers.at("capsule-counter") + "}", "application/problem+json");
    });
    PowerCutDisk disk;
    prepare(disk);
    SeededRandom random(1);
    RequestCounter counter(disk, "/store/counter");
    DeviceClient device(server.address(), SecretKey::generate(), counter, random);
    CHECK(device.send_state("{}").error().category == Category::refused);
    CHECK(server.requests().size() == 2);
}

TEST_CASE("a forged answer about the counter silences no machine: its requests verify afterwards, and for ever") {
    const std::uint64_t told = GENERATE(RequestCounter::most - 1, RequestCounter::most, 999'999'999'999'999u, 9'007'199'254'740'990u);
    FaultyHttpServer server;
    bool hostile = true;
    std::vector<bool> good;
    const auto key = SecretKey::generate();
    server.answer_with([&](const Request& request) {
        if (hostile)
            return json_answer(401, R"({"title":"no","counter":)" + std::to_string(told) + "}", "application/problem+json");
        const auto header = [&](const char* name) { return request.headers.at(name); };
        good.push_back(verify_request(key.public_key(), request.method, request.target, request.body,
                                      {header("content-digest"), header("capsule-counter"), header("signature-input"), header("signature")})
                           .ok());
        return json_answer(200, R"({"utc_ms":1})");
    });
    PowerCutDisk disk;
    prepare(disk);
    SeededRandom random(1);
    for (int start = 0; start < 3; ++start) {
        RequestCounter counter(disk, "/store/counter");
        DeviceClient device(server.address(), key, counter, random);
        hostile = true;
        CHECK_FALSE(device.send_state("{}").ok());
        hostile = false;
        CHECK(device.send_state("{}").ok());
    }
    CHECK(good == std::vector<bool>{true, true, true});
}

TEST_CASE("what a machine without a screen is told") {
    FaultyHttpServer server;
    Answer answer;
    server.answer_with([&](const Request&) { return answer; });
    PowerCutDisk disk;
    prepare(disk);
    SeededRandom random(1);
    RequestCounter counter(disk, "/store/counter");
    DeviceClient device(server.address(), SecretKey::generate(), counter, random);
    answer = json_answer(200, R"({"state":"waiting","code":"7K3P2QFM","expires_in_ms":900000,"console":null})");
    auto announced = device.announce();
    REQUIRE(announced.ok());
    CHECK(announced->state == Announced::State::waiting);
    CHECK(announced->code == "7K3P2QFM");
    CHECK(announced->console.empty());
    answer = json_answer(200, R"({"state":"enrolled","screen":"hall","root":"{}"})");
    announced = device.announce();
    REQUIRE(announced.ok());
    CHECK(announced->state == Announced::State::enrolled);
    CHECK(announced->root == "{}");
    answer = json_answer(200, R"({"state":"revoked"})");
    CHECK(device.announce()->state == Announced::State::revoked);
    answer = json_answer(501, "", "text/html"); // plain files, no server of ours
    CHECK(device.announce().error().category == Category::missing);
    answer = json_answer(200, "<html>Bienvenue au guichet Wi-Fi</html>", "text/html");
    CHECK(device.announce().error().category == Category::invalid);
    answer = json_answer(429, R"({"title":"too many"})", "application/problem+json");
    CHECK(device.announce().error().category == Category::io);
}
