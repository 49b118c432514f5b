// What a playlist would show, asked before it is kept.
#include "content/base/digest.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

using namespace capsule;

namespace {

using Json = nlohmann::json;

void send_capsule(HttpClient& client, const std::string& id, int seconds, const Json& more = Json::object()) {
    const std::string bytes = "media of " + id;
    REQUIRE(client.put("/api/v1/blobs/" + sha256(bytes).hex(), bytes).status == 201);
    Json record{{"title", {{"fr", id}}}, {"kind", "video"}};
    record["versions"] = Json::array({{{"language", "fr"}, {"sha256", sha256(bytes).hex()}, {"bytes", bytes.size()}, {"type", "video/mp4"},
                                       {"duration_ms", seconds * 1000}, {"width", 1920}, {"height", 1080}, {"fps", {25, 1}}}});
    record.update(more);
    REQUIRE(client.put("/api/v1/capsules/" + id, record.dump()).status == 201);
}

HttpReply preview(HttpClient& client, const Json& playlist, const Json& screen = nullptr) {
    return client.post("/api/v1/playlists/brouillon/preview", Json{{"playlist", playlist}, {"screen", screen}}.dump());
}

} // namespace

TEST_CASE("the next hour of a playlist is told without keeping it: items without holes, each capsule as often as its weight says") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_capsule(client, "mot-de-passe", 30);
    send_capsule(client, "arnaques", 30);
    const Json playlist{{"items", {{{"capsule", "mot-de-passe"}, {"weight", 2}}, {{"capsule", "arnaques"}}}}};
    const HttpReply reply = preview(client, playlist);
    REQUIRE(reply.status == 200);
    const Json answer = Json::parse(reply.body);
    CHECK(answer["capsules"] == Json({{"mot-de-passe", 80}, {"arnaques", 40}}));
    CHECK(answer["items"].size() == 120);
    std::int64_t total = 0;
    for (const Json& item : answer["items"])
        total += item["duration_ms"].get<std::int64_t>();
    CHECK(total == 3600'000);
    CHECK(answer["items"][0]["kind"] == "capsule");
    CHECK(client.get("/api/v1/playlists/brouillon").status == 404);
}

TEST_CASE("a preview for a screen leaves out what the place lacks, and says so by a count of zero") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_capsule(client, "mot-de-passe", 30);
    send_capsule(client, "atelier", 30, {{"needs", {"atelier"}}});
    REQUIRE(client.put("/api/v1/sites/mairie", R"({"name":"Mairie","type":"MUNI","commune":"92002","postcode":"92160","hours":"off"})").status == 201);
    REQUIRE(client.put("/api/v1/screens/hall", R"({"site":"mairie","name":"Hall"})").status == 201);
    const Json playlist{{"items", {{{"capsule", "mot-de-passe"}}, {{"capsule", "atelier"}}}}};
    CHECK(Json::parse(preview(client, playlist).body)["capsules"] == Json({{"mot-de-passe", 60}, {"atelier", 60}}));
    CHECK(Json::parse(preview(client, playlist, "hall").body)["capsules"] == Json({{"mot-de-passe", 120}, {"atelier", 0}}));
    CHECK(preview(client, playlist, "nulle-part").status == 422);
}

TEST_CASE("a preview of a playlist that cannot be read is refused with the field's name; an empty one shows nothing") {
    RunningServer running;
    HttpClient& client = *running.client;
    const HttpReply refused = preview(client, {{"items", {{{"capsule", "mot-de-passe"}, {"weight", 0}}}}});
    CHECK(refused.status == 422);
    CHECK(refused.body.find("weight") != std::string::npos);
    const Json empty = Json::parse(preview(client, {{"items", Json::array()}}).body);
    REQUIRE(empty["items"].size() == 1);
    CHECK(empty["items"][0]["kind"] == "gap");
}
