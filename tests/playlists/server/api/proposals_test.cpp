// A contributor proposes, a coordinator of the territory approves: over HTTP.
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

using namespace capsule;
using Json = nlohmann::json;

namespace {

const std::string one = R"({"title":"Une","items":[]})", two = R"({"title":"Deux","items":[]})";

struct Town {
    RunningServer running;
    std::unique_ptr<HttpClient> karim, claire, paul;

    Town() {
        running.add_account("karim", "contributor", R"({"epts":[],"communes":["92002"]})");
        running.add_account("claire", "coordinator", R"({"epts":["VSGP"],"communes":[]})");
        running.add_account("paul", "coordinator", R"({"epts":["POLD"],"communes":[]})");
        karim = as("karim");
        claire = as("claire");
        paul = as("paul");
        REQUIRE(running.client->put("/api/v1/sites/antony", R"({"name":"Antony","commune":"92002"})").status == 201);
        REQUIRE(running.client->put("/api/v1/sites/nanterre", R"({"name":"Nanterre","commune":"92050"})").status == 201);
    }
    std::unique_ptr<HttpClient> as(const std::string& login) {
        auto client = std::make_unique<HttpClient>(running.url());
        client->always("Authorization: Bearer " + running.token(login));
        return client;
    }
    // The number of what was proposed.
    static std::string number_of(const HttpReply& reply) {
        REQUIRE(reply.status == 202);
        return std::to_string(Json::parse(reply.body)["proposal"].get<int>());
    }
    static Json list(HttpClient& client) { return Json::parse(client.get("/api/v1/proposals").body)["proposals"]; }
};

} // namespace

TEST_CASE("what a contributor sends changes nothing until a coordinator of that territory approves it") {
    Town town;
    const std::string number = Town::number_of(town.karim->put("/api/v1/playlists/accueil", one));
    CHECK(town.running.client->get("/api/v1/playlists/accueil").status == 404);
    CHECK(Town::list(*town.karim).size() == 1);
    CHECK(Town::list(*town.claire).size() == 1);
    CHECK(Town::list(*town.claire)[0]["after"]["title"] == "Une");
    CHECK(Town::list(*town.paul).empty());
    CHECK(town.paul->post("/api/v1/proposals/" + number + "/approve", "").status == 403);
    CHECK(town.karim->post("/api/v1/proposals/" + number + "/approve", "").status == 403);
    CHECK(town.claire->post("/api/v1/proposals/" + number + "/approve", "").status == 200);
    CHECK(Json::parse(town.running.client->get("/api/v1/playlists/accueil").body)["title"] == "Une");
    CHECK(town.claire->post("/api/v1/proposals/" + number + "/approve", "").status == 409);
    CHECK(Town::list(*town.karim)[0]["state"] == "approved");
    CHECK(Town::list(*town.karim)[0]["decided_by"] == "claire");
    // It is the proposer's territory's: another change of it is again his to propose.
    CHECK(town.karim->put("/api/v1/playlists/accueil", two).status == 202);
    CHECK(town.paul->put("/api/v1/playlists/accueil", two).status == 403);
    const Json log = Json::parse(town.running.client->get("/api/v1/changes?subject=playlist").body)["changes"];
    REQUIRE(log.size() == 1);
    CHECK(log[0]["who"] == "claire");
    CHECK(log[0]["note"] == "proposed by karim");
}

TEST_CASE("what could not be done is not taken as a proposal either") {
    Town town;
    CHECK(town.karim->put("/api/v1/playlists/accueil", R"({"items":7})").status == 422);
    CHECK(town.karim->put("/api/v1/capsules/x", R"({"title":{"fr":"X"},"kind":"image"})").status == 422);
    CHECK(town.karim->put("/api/v1/schedules/x", R"({"playlist":"accueil","where":{"site":"nanterre"}})").status == 403);
    CHECK(town.karim->put("/api/v1/schedules/x", R"({"playlist":"accueil","where":{"all":[]}})").status == 403);
    CHECK(town.karim->put("/api/v1/schedules/x", R"({"playlist":"accueil","where":{"site":"antony"}})").status == 202);
    CHECK(Town::list(*town.karim).size() == 1);
    CHECK(town.running.client->get("/api/v1/schedules/x").status == 404);
}

TEST_CASE("a proposal whose object was changed in the meantime is not approved over it") {
    Town town;
    REQUIRE(town.claire->put("/api/v1/playlists/accueil", one).status == 201);
    // The territory of claire is larger than karim's: the playlist is not his.
    CHECK(town.karim->put("/api/v1/playlists/accueil", two).status == 403);
    const std::string first = Town::number_of(town.karim->put("/api/v1/playlists/a-lui", one));
    REQUIRE(town.claire->post("/api/v1/proposals/" + first + "/approve", "").status == 200);
    const std::string number = Town::number_of(town.karim->put("/api/v1/playlists/a-lui", two));
    REQUIRE(town.claire->put("/api/v1/playlists/a-lui", R"({"title":"Trois","items":[]})").status == 200);
    const HttpReply late = town.claire->post("/api/v1/proposals/" + number + "/approve", "");
    CHECK(late.status == 412);
    CHECK(Json::parse(late.body)["current"]["title"] == "Trois");
    CHECK(Json::parse(town.running.client->get("/api/v1/playlists/a-lui").body)["title"] == "Trois");
    CHECK(Town::list(*town.karim)[0]["state"] == "waiting"); // nothing is lost
}

TEST_CASE("a proposal is refused with a reason, taken back by its own author alone, and replaced by a newer one") {
    Town town;
    const std::string first = Town::number_of(town.karim->put("/api/v1/playlists/a", one));
    const std::string second = Town::number_of(town.karim->put("/api/v1/playlists/a", two));
    CHECK(town.claire->post("/api/v1/proposals/" + first + "/approve", "").status == 409);
    CHECK(town.claire->post("/api/v1/proposals/" + second + "/refuse", "{}").status == 422);
    CHECK(town.paul->post("/api/v1/proposals/" + second + "/refuse", R"({"reason":"Non."})").status == 403);
    CHECK(town.claire->post("/api/v1/proposals/" + second + "/refuse", R"({"reason":"Le titre manque."})").status == 200);
    CHECK(Town::list(*town.karim)[0]["reason"] == "Le titre manque.");
    const std::string third = Town::number_of(town.karim->put("/api/v1/playlists/a", one));
    town.running.add_account("kim", "contributor", R"({"epts":["VSGP"],"communes":[]})");
    CHECK(town.as("kim")->remove("/api/v1/proposals/" + third).status == 403);
    CHECK(town.karim->remove("/api/v1/proposals/" + third).status == 200);
    CHECK(town.claire->post("/api/v1/proposals/" + third + "/approve", "").status == 409);
    CHECK(town.claire->post("/api/v1/proposals/999/approve", "").status == 403); // nobody learns which there are
    CHECK(town.running.client->post("/api/v1/proposals/999/approve", "").status == 404);
}
