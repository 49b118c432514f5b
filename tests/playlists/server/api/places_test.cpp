// What places do for themselves: notices, many of them from one file, the log of a screen.
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace capsule;

namespace {

using Json = nlohmann::json;

void send_places(HttpClient& client) {
    REQUIRE(client.put("/api/v1/sites/mairie", R"({"name":"Mairie","type":"MUNI","commune":"92002","postcode":"92160","waiting_minutes":12})").status == 201);
    REQUIRE(client.put("/api/v1/sites/poste", R"({"name":"Poste","type":"LA_POSTE","commune":"92050","postcode":"92000"})").status == 201);
}

Json get(HttpClient& client, const std::string& path) {
    const HttpReply reply = client.get(path);
    REQUIRE(reply.status == 200);
    return Json::parse(reply.body);
}

HttpReply import(HttpClient& client, const std::string& text, bool keep) {
    return client.post("/api/v1/sites/import", Json{{"name", "lieux.csv"}, {"text", text}, {"keep", keep}}.dump());
}

} // namespace

TEST_CASE("a notice goes to the screens of its site alone, until the end of its last day there, and is taken down at once") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_places(client);
    running.clock.set_wall(*parse_rfc3339("2026-11-22T22:30:00Z")); // 23:30 at the site
    const HttpReply put = client.post("/api/v1/notices", R"({"site":"mairie","text":"Fermé lundi.","last_day":"2026-11-23"})");
    REQUIRE(put.status == 201);
    const std::string id = Json::parse(put.body)["id"];
    const Json now = get(client, "/api/v1/now");
    REQUIRE(now["messages"].size() == 1);
    CHECK(now["messages"][0]["text"]["fr"] == "Fermé lundi.");
    CHECK(now["messages"][0]["where"] == Json({{"site", "mairie"}}));
    CHECK(now["messages"][0]["until"] == "2026-11-23T23:00:00Z");
    CHECK(get(client, "/api/v1/notices")["notices"] == Json::array({{{"id", id}, {"site", "mairie"}, {"text", "Fermé lundi."}, {"last_day", "2026-11-23"}}}));
    REQUIRE(client.send("DELETE", "/api/v1/notices/" + id, nullptr, {}).status == 204);
    CHECK(get(client, "/api/v1/now")["messages"].empty());
    CHECK(client.send("DELETE", "/api/v1/notices/" + id, nullptr, {}).status == 404);
}

TEST_CASE("notices leave urgent messages alone, and what is wrong with one is told by its field") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_places(client);
    running.clock.set_wall(*parse_rfc3339("2026-11-22T12:00:00Z"));
    REQUIRE(client.put("/api/v1/now", R"({"messages":[{"id":"canicule","text":{"fr":"Canicule."},"where":{"all":[]},"from":"2026-11-22T00:00:00Z","until":"2026-12-01T00:00:00Z","style":"banner"}],"withdrawn":[]})").status == 200);
    CHECK(client.send("DELETE", "/api/v1/notices/canicule", nullptr, {}).status == 404);
    const std::pair<std::string, std::string> wrong[] = {
        {R"({"site":"nulle-part","text":"a","last_day":"2026-11-23"})", "site"},    {R"({"site":"mairie","text":" ","last_day":"2026-11-23"})", "text"},
        {R"({"site":"mairie","text":"a","last_day":"2026-11-21"})", "last_day"},    {R"({"site":"mairie","text":"a","last_day":"lundi"})", "last_day"},
        {R"({"site":"mairie","text":"a","last_day":"2028-11-21"})", "last_day"},    {R"({"site":"mairie","text":")" + std::string(201, 'a') + R"(","last_day":"2026-11-23"})", "text"}};
    for (const auto& [body, field] : wrong) {
        const HttpReply refused = client.post("/api/v1/notices", body);
        CHECK(refused.status == 422);
        CHECK(refused.body.find(field + ":") != std::string::npos);
    }
    for (int i = 0; i < 10; ++i)
        REQUIRE(client.post("/api/v1/notices", R"({"site":"mairie","text":"a","last_day":"2026-11-23"})").status == 201);
    CHECK(client.post("/api/v1/notices", R"({"site":"mairie","text":"a","last_day":"2026-11-23"})").status == 409);
    CHECK(client.post("/api/v1/notices", R"({"site":"poste","text":"a","last_day":"2026-11-23"})").status == 201);
    CHECK(get(client, "/api/v1/now")["messages"].size() == 12);
}

TEST_CASE("a file of places is tried out row by row, kept on demand, and a row that is refused costs no other") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_places(client);
    const std::string text = "id;nom;commune;code_postal;code_insee;adresse;latitude;longitude;typologie;horaires\n"
                             "mairie;Mairie d’Antony;Antony;92160;92002;1 rue;48.75;2.29;MUNI;Mo-Fr 09:00-17:00\n"
                             "Fs 12;France services;Nanterre;92000;92050;2 rue;48.89;2.2;RFS;quand il fait beau\n"
                             ";Sans identifiant;Nanterre;92000;92050;3 rue;48.89;2.2;RFS;\n"
                             "mairie;Encore;Antony;92160;92002;1 rue;48.75;2.29;MUNI;\n";
    Json tried = Json::parse(import(client, text, false).body);
    CHECK(tried["added"] == 1);
    CHECK(tried["changed"] == 1);
    CHECK(tried["refused"] == 2);
    REQUIRE(tried["rows"].size() == 4);
    CHECK(tried["rows"][1]["line"] == 3);
    CHECK(tried["rows"][1]["id"] == "fs-12");
    CHECK(tried["rows"][1]["remarks"][0]["column"] == "horaires");
    CHECK(tried["rows"][2]["outcome"] == "refused");
    CHECK(get(client, "/api/v1/sites")["sites"].size() == 2);

    REQUIRE(import(client, text, true).status == 200);
    const Json sites = get(client, "/api/v1/sites")["sites"];
    CHECK(sites.size() == 3);
    CHECK(sites["mairie"]["name"] == "Mairie d’Antony");
    CHECK(sites["mairie"]["waiting_minutes"] == 12); // what the file does not say stays
    CHECK(sites["fs-12"]["hours"] == "quand il fait beau");
    CHECK(sites["fs-12"]["ept"] == "POLD");
    tried = Json::parse(import(client, text, false).body);
    CHECK(tried["same"] == 2);
    CHECK(import(client, "a;b\n1;2\n", true).status == 422);
}

TEST_CASE("the real list of places of 2022 comes in whole") {
    std::ifstream file(CAPSULE_SHARED_DIR "/data/lieux_92_2022.csv");
    if (!file) {
        WARN("skipped: the shared data is not here");
        return;
    }
    std::ostringstream text;
    text << file.rdbuf();
    RunningServer running;
    const Json kept = Json::parse(import(*running.client, text.str(), true).body);
    CHECK(kept["added"] == 61);
    CHECK(kept["refused"] == 0);
    CHECK(get(*running.client, "/api/v1/sites")["sites"].size() == 61);
}

TEST_CASE("the log of a screen that showed nothing is empty") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_places(client);
    REQUIRE(client.put("/api/v1/screens/hall", R"({"site":"mairie","name":"Hall"})").status == 201);
    CHECK(get(client, "/api/v1/screens/hall/log") == Json({{"entries", Json::array()}}));
}
