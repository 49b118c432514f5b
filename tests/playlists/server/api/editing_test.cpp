// Two people and one thing, and what the log of changes keeps of it: over HTTP.
#include "content/base/digest.hpp"
#include "playlists/changes/change.hpp"
#include "playlists/server/api/access.hpp"
#include "playlists/server/api/change_request.hpp"
#include "playlists/server/api/route_table.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <thread>

using namespace capsule;
using Json = nlohmann::json;

namespace {

Json changes(RunningServer& running, const std::string& query = "") {
    const HttpReply reply = running.client->get("/api/v1/changes" + query);
    REQUIRE(reply.status == 200);
    return Json::parse(reply.body)["changes"];
}

const std::string list_of_one = R"({"title":"Une","items":[]})", list_of_two = R"({"title":"Deux","items":[]})";

} // namespace

TEST_CASE("of two people who edit one thing the second is told by whom and when, gets the other's state, and loses nothing") {
    RunningServer running;
    running.add_account("claire", "coordinator");
    HttpClient claire(running.url());
    claire.always("Authorization: Bearer " + running.token("claire"));
    HttpClient& anne = *running.client;
    REQUIRE(anne.put("/api/v1/playlists/accueil", R"({"title":"Zéro","items":[]})").status == 201);
    const std::string seen = anne.get("/api/v1/playlists/accueil").headers.at("etag");
    CHECK(claire.get("/api/v1/playlists/accueil").headers.at("etag") == seen);

    const HttpReply first = claire.put("/api/v1/playlists/accueil", list_of_one, {"If-Match: " + seen});
    CHECK(first.status == 200);
    CHECK(first.headers.at("etag") == anne.get("/api/v1/playlists/accueil").headers.at("etag"));
    const HttpReply second = anne.put("/api/v1/playlists/accueil", list_of_two, {"If-Match: " + seen});
    REQUIRE(second.status == 412);
    const Json told = Json::parse(second.body);
    CHECK(told["changed_by"] == "claire");
    CHECK(told["changed_at"].is_string());
    CHECK(told["current"]["title"] == "Une");
    CHECK(told["detail"].get<std::string>().find("claire") != std::string::npos);
    CHECK(Json::parse(anne.get("/api/v1/playlists/accueil").body)["title"] == "Une");
    // Knowing that, she may go over it.
    CHECK(anne.put("/api/v1/playlists/accueil", list_of_two, {"If-Match: " + told["etag"].get<std::string>()}).status == 200);
    // Also when deleting, and when what was seen is gone.
    CHECK(claire.remove("/api/v1/playlists/accueil", {"If-Match: " + seen}).status == 412);
    REQUIRE(anne.remove("/api/v1/playlists/accueil").status == 204);
    const HttpReply gone = claire.put("/api/v1/playlists/accueil", list_of_one, {"If-Match: " + seen});
    CHECK(gone.status == 412);
    CHECK(Json::parse(gone.body)["current"].is_null());
}

TEST_CASE("two people who make a thing of one name at the same time do not go over each other") {
    RunningServer running;
    CHECK(running.client->put("/api/v1/playlists/a", list_of_one, {"If-None-Match: *"}).status == 201);
    const HttpReply second = running.client->put("/api/v1/playlists/a", list_of_two, {"If-None-Match: *"});
    CHECK(second.status == 412);
    CHECK(Json::parse(second.body)["current"]["title"] == "Une");
}

TEST_CASE("everything that can be edited has a tag, which a change with If-Match then takes") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::vector<std::pair<std::string, std::string>> objects = {
        {"/api/v1/sites/a", R"({"name":"A"})"},
        {"/api/v1/screens/a", R"({"site":"a","name":"Hall"})"},
        {"/api/v1/playlists/a", list_of_one},
        {"/api/v1/schedules/a", R"({"playlist":"a"})"},
        {"/api/v1/directory", R"({"templates":{"fr":"https://exemple.fr/{commune}"}})"},
        {"/api/v1/now", R"({"messages":[],"withdrawn":[]})"},
    };
    for (const auto& [path, body] : objects) {
        INFO(path);
        const HttpReply put = client.put(path, body);
        REQUIRE(put.status / 100 == 2);
        const HttpReply got = client.get(path);
        REQUIRE(got.headers.contains("etag"));
        CHECK(put.headers.at("etag") == got.headers.at("etag"));
        CHECK(client.put(path, body, {"If-Match: \"0123456789abcdef0123456789abcdef\""}).status == 412);
        CHECK(client.put(path, body, {"If-Match: " + got.headers.at("etag")}).status / 100 == 2);
    }
    // As a browser sends the tag of a compressed answer.
    std::string large = R"({"title":"Grande","items":[)";
    for (int i = 0; i < 60; ++i)
        large += std::string(i ? "," : "") + R"({"capsule":"une-capsule-au-nom-assez-long-)" + std::to_string(i) + "\"}";
    REQUIRE(client.put("/api/v1/playlists/grande", large + "]}").status == 201);
    const std::string tag = client.get("/api/v1/playlists/grande", {"Accept-Encoding: gzip"}).headers.at("etag");
    CHECK(tag.ends_with("-gzip\""));
    CHECK(client.put("/api/v1/playlists/grande", large + "]}", {"If-Match: " + tag}).status == 200);
    CHECK(client.put("/api/v1/playlists/grande", large + "]}", {"If-Match: *"}).status == 200);
    CHECK(client.put("/api/v1/playlists/absente", large + "]}", {"If-Match: *"}).status == 412);
}

TEST_CASE("of twenty people who change the same state at once exactly one does") {
    RunningServer running;
    REQUIRE(running.client->put("/api/v1/playlists/a", list_of_one).status == 201);
    const std::string seen = running.client->get("/api/v1/playlists/a").headers.at("etag"), bearer = running.token("anne");
    std::atomic<int> done = 0, told = 0;
    std::vector<std::thread> people;
    for (int i = 0; i < 20; ++i)
        people.emplace_back([&, i] {
            HttpClient client(running.url());
            const long status = client
                                    .put("/api/v1/playlists/a", R"({"title":")" + std::to_string(i) + R"(","items":[]})",
                                         {"If-Match: " + seen, "Authorization: Bearer " + bearer})
                                    .status;
            done += status == 200;
            told += status == 412;
        });
    for (auto& person : people)
        person.join();
    CHECK(done == 1);
    CHECK(told == 19);
    CHECK(changes(running, "?subject=playlist&id=a").size() == 2);
}

TEST_CASE("the log says who changed what, how it was before and after, and holds together") {
    RunningServer running;
    HttpClient& client = *running.client;
    REQUIRE(client.put("/api/v1/sites/a", R"({"name":"A"})").status == 201);
    REQUIRE(client.put("/api/v1/sites/a", R"({"name":"B"})").status == 200);
    REQUIRE(client.put("/api/v1/sites/a", R"({"name":"B"})").status == 200); // nothing changed: no row
    REQUIRE(client.put("/api/v1/sites/a", R"({"nom":"B"})").status == 422);  // refused: no row
    REQUIRE(client.remove("/api/v1/sites/a").status == 204);
    REQUIRE(client.remove("/api/v1/sites/a").status == 204); // was not there
    const Json rows = changes(running, "?subject=site&id=a");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["action"] == "delete");
    CHECK(rows[0]["after"].is_null());
    CHECK(rows[1]["action"] == "change");
    CHECK(Json::parse(rows[1]["before"].get<std::string>())["name"] == "A");
    CHECK(Json::parse(rows[1]["after"].get<std::string>())["name"] == "B");
    CHECK(rows[2]["action"] == "create");
    CHECK(rows[2]["before"].is_null());
    CHECK(rows[2]["who"] == "anne");
    CHECK(rows[2]["by"] == "token");

    ChangeChain chain;
    for (const Json& row : changes(running, "?after=0"))
        REQUIRE(chain.add(*change_from_json(row)).ok());
    CHECK(chain.seq() >= 3);
    // By pages.
    CHECK(changes(running, "?limit=2").size() == 2);
    CHECK(changes(running, "?limit=2&before=" + std::to_string(chain.seq()))[0]["seq"] == chain.seq() - 1);
    CHECK(client.get("/api/v1/changes?limit=x").status == 422);
}

TEST_CASE("a row that is altered in the database breaks the chain") {
    RunningServer running;
    for (const char* name : {"A", "B", "C"})
        REQUIRE(running.client->put("/api/v1/sites/a", R"({"name":")" + std::string(name) + "\"}").status / 100 == 2);
    auto database = sqlite::Database::open(running.settings.data / "server.db");
    REQUIRE(database->execute("UPDATE changes SET who='zoe' WHERE subject='site' AND action='create'").ok());
    ChangeChain chain;
    bool broken = false;
    for (const Json& row : changes(running, "?after=0"))
        broken = broken || !chain.add(*change_from_json(row)).ok();
    CHECK(broken);
}

TEST_CASE("a publication is in the log") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string media = "a picture";
    REQUIRE(client.put("/api/v1/blobs/" + sha256(media).hex(), media).status == 201);
    const Json version = {{"language", "fr"}, {"sha256", sha256(media).hex()}, {"bytes", media.size()}, {"type", "image/png"},
                          {"duration_ms", 10000}, {"width", 1920}, {"height", 1080}, {"fps", {25, 1}}};
    const Json capsule = {{"title", {{"fr", "Une"}}}, {"kind", "image"}, {"theme", "mots-de-passe"}, {"rights", {{"music", "none"}}},
                          {"versions", {version}}};
    REQUIRE(client.put("/api/v1/capsules/une", capsule.dump()).status == 201);
    REQUIRE(client.put("/api/v1/playlists/a", R"({"title":"A","items":[{"capsule":"une"}]})").status == 201);
    REQUIRE(client.put("/api/v1/schedules/a", R"({"playlist":"a","where":{"all":[]},"when":"always"})").status == 201);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    const Json rows = changes(running, "?subject=programme");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["action"] == "publish");
    CHECK(Json::parse(rows[0]["after"].get<std::string>())["number"] == 1);

    // One whose row was lost is found again at the next start, and once.
    auto database = sqlite::Database::open(running.settings.data / "server.db");
    REQUIRE(database->execute("DELETE FROM changes WHERE subject='programme'").ok());
    for (int starts = 0; starts < 2; ++starts) {
        running.server.reset();
        running.start();
        running.client->always("Authorization: Bearer " + running.token("anne"));
        const Json found = changes(running, "?subject=programme");
        REQUIRE(found.size() == 1);
        CHECK(found[0]["who"] == "");
        CHECK(Json::parse(found[0]["after"].get<std::string>())["number"] == 1);
    }
}

TEST_CASE("a change that the log cannot take is not made") {
    RunningServer running;
    REQUIRE(running.client->put("/api/v1/sites/a", R"({"name":"A"})").status == 201);
    const std::string index = running.client->get("/release/index.json").body;
    auto database = sqlite::Database::open(running.settings.data / "server.db");
    REQUIRE(database->execute("CREATE TRIGGER full BEFORE INSERT ON changes BEGIN SELECT raise(ABORT, 'full'); END").ok());
    CHECK(running.client->put("/api/v1/sites/a", R"({"name":"B"})").status / 100 != 2);
    CHECK(Json::parse(running.client->get("/api/v1/sites/a").body)["name"] == "A");
    CHECK(running.client->get("/release/index.json").body == index);
    REQUIRE(database->execute("DROP TRIGGER full").ok());
    CHECK(running.client->put("/api/v1/sites/a", R"({"name":"B"})").status == 200);
    CHECK(running.client->get("/release/index.json").body != index);
}

TEST_CASE("every route with which people change something says what, so that it is in the log") {
    for (const server::Access& line : server::access_table()) {
        if (line.door != server::Door::people || line.method == "GET" || line.pattern == "/api/v1/session")
            continue;
        INFO(line.method << " " << line.pattern);
        CHECK(line.subject != server::Subject::none);
        if (server::bookkeeping(line.subject) == server::Bookkeeping::none)
            CHECK(line.subject == server::Subject::bytes);
    }
}
