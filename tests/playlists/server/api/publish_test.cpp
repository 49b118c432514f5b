// From nothing to a release, as the command line and the console do it.
#include "content/base/digest.hpp"
#include "playlists/model/programme.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <thread>

using namespace capsule;

namespace {

const std::string media(5000, 'v');

std::string capsule_record(const std::string& bytes) {
    return R"({"title":{"fr":"Un mot de passe solide"},"kind":"video","theme":"mots-de-passe","rights":{"music":"none"},"versions":[{"language":"fr","sha256":")" +
           sha256(bytes).hex() + R"(","bytes":)" + std::to_string(bytes.size()) +
           R"(,"type":"video/mp4","duration_ms":28000,"width":1920,"height":1080,"fps":[25,1]}]})";
}

void send_content(HttpClient& client) {
    REQUIRE(client.put("/api/v1/blobs/" + sha256(media).hex(), media).status == 201);
    REQUIRE(client.put("/api/v1/capsules/mot-de-passe", capsule_record(media)).status == 201);
    REQUIRE(client.put("/api/v1/playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"mot-de-passe"}]})").status == 201);
    REQUIRE(client.put("/api/v1/schedules/defaut", R"({"playlist":"accueil","where":{"all":[]},"when":"always"})").status == 201);
}

void send_fleet(HttpClient& client) {
    REQUIRE(client
                .put("/api/v1/sites/fs-antony",
                     R"({"name":"France services Antony","type":"RFS","commune":"92002","postcode":"92160"})")
                .status == 201);
    REQUIRE(client.put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})").status == 201);
}

std::string document_of(const std::string& index, const std::string& name) {
    return RunningServer::after(index.substr(index.find("\"" + name + "\":{")), "\"sha256\":\"", 64) + "." + name + ".json";
}

} // namespace

TEST_CASE("content that was sent and published is served as a release that screens can read") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    CHECK(client.get("/release/index.json").body.find("\"programme\":null") != std::string::npos);
    const HttpReply published = client.post("/api/v1/publish", "");
    CHECK(published.body == R"({"changed":true,"number":1})");
    CHECK(client.post("/api/v1/publish", "").body == R"({"changed":false,"number":1})");

    const std::string index = client.get("/release/index.json").body;
    const HttpReply document = client.get("/release/" + document_of(index, "programme"));
    REQUIRE(document.status == 200);
    CHECK(document.headers.at("cache-control").find("immutable") != std::string::npos);
    CHECK(document.body.find("rights") == std::string::npos);
    const auto programme = parse_programme(document.body);
    REQUIRE(programme.ok());
    CHECK(programme->number == 1);
    CHECK(programme->capsules.begin()->second.code.size() == 3);
    CHECK(client.get("/api/v1/capsules/mot-de-passe").body.find("\"rights\"") != std::string::npos);

    // A change goes out under the next number, after a restart too.
    running.server.reset();
    const std::string old_token = "Authorization: Bearer " + [&] {
        running.start();
        return running.token("anne");
    }();
    running.client->always(old_token);
    REQUIRE(
        running.client->put("/api/v1/playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"mot-de-passe","weight":2}]})")
            .status == 200);
    CHECK(running.client->post("/api/v1/publish", "").body == R"({"changed":true,"number":2})");
}

TEST_CASE("publishing names every problem at once and changes nothing") {
    RunningServer running;
    HttpClient& client = *running.client;
    REQUIRE(client.put("/api/v1/playlists/vide", R"({"title":"Vide","items":[]})").status == 201);
    REQUIRE(client.put("/api/v1/playlists/autre", R"({"title":"Autre","items":[{"capsule":"inconnue"}]})").status == 201);
    REQUIRE(client.put("/api/v1/schedules/nuit", R"({"playlist":"absente","where":{"site":"nulle-part"}})").status == 201);
    const HttpReply refused = client.post("/api/v1/publish", "");
    CHECK(refused.status == 422);
    for (const char* part :
         {"playlist \\\"vide\\\"", "capsule \\\"inconnue\\\"", "playlist \\\"absente\\\"", "site \\\"nulle-part\\\""})
        CHECK(refused.body.find(part) != std::string::npos);
    CHECK(client.get("/release/index.json").body.find("\"programme\":null") != std::string::npos);
}

TEST_CASE("hours that cannot be read: a schedule is refused, a site is kept and told of") {
    RunningServer running;
    HttpClient& client = *running.client;
    const HttpReply refused = client.put("/api/v1/schedules/matin", R"({"playlist":"accueil","when":"le matin"})");
    CHECK(refused.status == 422);
    CHECK(refused.body.find("when: ") != std::string::npos);
    send_content(client);
    CHECK(client.put("/api/v1/sites/fs-antony", R"({"name":"A","hours":"Mo-Fr 09:00-17:00"})").body == R"({"id":"fs-antony"})");
    const HttpReply odd = client.put("/api/v1/sites/odd", R"({"name":"O","hours":"le lundi","zone":"Mars/Olympus"})");
    CHECK(odd.status == 201);
    CHECK(odd.body.find("always open") != std::string::npos);
    CHECK(odd.body.find("no such time zone") != std::string::npos);
    CHECK(client.get("/api/v1/sites/odd").body.find("le lundi") != std::string::npos);
    const HttpReply published = client.post("/api/v1/publish", "");
    CHECK(published.status == 200);
    CHECK(published.body.find("site \\\"odd\\\", hours") != std::string::npos);
}

TEST_CASE("a capsule whose files are not there is refused with their digests") {
    RunningServer running;
    const HttpReply refused = running.client->put("/api/v1/capsules/mot-de-passe", capsule_record(media));
    CHECK(refused.status == 422);
    CHECK(refused.body.find("\"missing\":[\"" + sha256(media).hex() + "\"]") != std::string::npos);
    CHECK(running.client->get("/api/v1/capsules").body == R"({"capsules":{}})");
}

TEST_CASE("blobs are kept once under their digest, served in parts, and refused when they are others") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string path = "/blobs/" + sha256(media).hex();
    CHECK(client.head(path).status == 404);
    CHECK(client.put("/api/v1/blobs/" + sha256("other").hex(), media).status == 422);
    CHECK(client.put("/api/v1" + path, media).status == 201);
    CHECK(client.put("/api/v1" + path, media).status == 200);
    const HttpReply whole = client.get(path);
    CHECK(whole.body == media);
    CHECK(whole.headers.at("content-type") == "application/octet-stream");
    CHECK(whole.headers.at("x-content-type-options") == "nosniff");
    CHECK_FALSE(whole.headers.contains("server"));
    const std::string etag = whole.headers.at("etag");
    CHECK(client.get(path, {"If-None-Match: " + etag}).status == 304);
    const HttpReply part = client.get(path, {"Range: bytes=10-19"});
    CHECK(part.status == 206);
    CHECK(part.body.size() == 10);
    CHECK(part.headers.at("content-range") == "bytes 10-19/5000");
    CHECK(client.get(path, {"Range: bytes=10-19", "If-Range: \"other\""}).status == 200);
    CHECK(client.get(path, {"Range: bytes=5000-"}).status == 416);
    CHECK(whole.headers.at("content-security-policy").find("sandbox") != std::string::npos);
    const HttpReply head = client.head(path, {"Range: bytes=10-19"}); // a range is for GET alone
    CHECK(head.status == 200);
    CHECK(head.headers.at("content-length") == "5000");
    CHECK(head.body.empty());
    CHECK(std::filesystem::is_empty(running.settings.data / "uploads"));
    REQUIRE(client.put("/api/v1/capsules/mot-de-passe", capsule_record(media)).status == 201);
    CHECK(client.head(path).headers.at("content-type") == "video/mp4");
}

TEST_CASE("the index answers 304 until something changes, and documents are compressed when asked") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string etag = client.get("/release/index.json").headers.at("etag");
    CHECK(client.get("/release/index.json", {"If-None-Match: " + etag}).status == 304);
    send_fleet(client);
    for (int i = 0; i < 9; ++i)
        REQUIRE(client.put("/api/v1/sites/site-" + std::to_string(i), R"({"name":"Un site de plus pour faire long"})").status ==
                201);
    const HttpReply changed = client.get("/release/index.json", {"If-None-Match: " + etag});
    REQUIRE(changed.status == 200);
    const std::string path = "/release/" + document_of(changed.body, "fleet");
    const HttpReply plain = client.get(path);
    const HttpReply compressed = client.get(path, {"Accept-Encoding: gzip"});
    CHECK_FALSE(plain.headers.contains("content-encoding"));
    CHECK(compressed.headers.at("content-encoding") == "gzip");
    CHECK(compressed.body.size() < plain.body.size());
    CHECK(compressed.headers.at("etag") != plain.headers.at("etag"));
    CHECK(client.get(path, {"Accept-Encoding: gzip", "If-None-Match: " + compressed.headers.at("etag")}).status == 304);
    CHECK(client.get(path, {"Accept-Encoding: gzip", "Range: bytes=0-9"}).body == plain.body.substr(0, 10));
    CHECK(sha256(plain.body).hex() + ".fleet.json" == path.substr(9));
}

TEST_CASE("a scanned code leads to the directory of the site's commune and is counted; prefetches and robots are not") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    send_fleet(client);
    const std::string screen = RunningServer::after(client.get("/api/v1/screens/fs-antony-hall").body, "\"code\":\"", 3);
    const std::string capsule = RunningServer::after(client.get("/api/v1/capsules/mot-de-passe").body, "\"code\":\"", 3);
    const std::string antony = "https://soliguide.fr/fr/search/antony-92160/digital_tools_training";
    HttpClient phone(running.url());
    const HttpReply reply = phone.get("/Q/" + screen + capsule);
    CHECK(reply.status == 302);
    CHECK(reply.headers.at("location") == antony);
    CHECK_FALSE(reply.headers.contains("set-cookie"));
    std::string lower = screen + capsule;
    for (char& c : lower)
        c = static_cast<char>(std::tolower(c));
    CHECK(phone.get("/q/" + lower).headers.at("location") == antony);
    CHECK(phone.head("/Q/" + screen + capsule).status == 302);
    CHECK(phone.get("/Q/" + screen + capsule, {"Sec-Purpose: prefetch"}).status == 302);
    CHECK(phone.get("/Q/" + screen + capsule, {"User-Agent: Examplebot/1.0"}).status == 302);
    CHECK(phone.get("/Q/!!!").status == 404);
    running.server->stop();
    running.server.reset(); // writes what is queued
    running.start();
    running.client->always("Authorization: Bearer " + running.token("anne"));
    const std::string report = running.client->get("/api/v1/report?from=2026-01-01&to=2026-12-31&by=site").body;
    CHECK(report.find("\"key\":\"fs-antony\"") != std::string::npos);
    CHECK(report.find("\"scans\":2") != std::string::npos);
}

TEST_CASE("a directory of places is read row by row, published as a blob, and named by the programme") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    const auto in_force = [&] { return parse_programme(client.get("/release/" + document_of(client.get("/release/index.json").body, "programme")).body); };
    const HttpReply report = client.put("/api/v1/directory/places", "id,nom,latitude,longitude,date_maj\na,A,48.75,2.29,2026-11-01\n,B,,,\nc,C,48.75,2.29,hier\n");
    REQUIRE(report.status == 200);
    CHECK(report.body.find(R"("rows":3)") != std::string::npos);
    CHECK(report.body.find(R"("taken":2)") != std::string::npos);
    CHECK(report.body.find(R"("refused":[{"column":"id","id":"","row":3,"what":"is missing"}])") != std::string::npos);
    CHECK(report.body.find(R"("column":"date_maj","id":"c","row":4)") != std::string::npos);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    const auto programme = in_force();
    REQUIRE(programme.ok());
    REQUIRE(programme->directory_places);
    const HttpReply blob = client.get("/blobs/" + programme->directory_places->sha256.hex());
    CHECK(blob.status == 200);
    CHECK(blob.body.size() == programme->directory_places->bytes);
    CHECK(client.put("/api/v1/directory/places", "nothing of the kind").status == 422);
    CHECK(client.get("/api/v1/directory").body.find(programme->directory_places->sha256.hex()) != std::string::npos);
    CHECK(client.remove("/api/v1/directory/places").status == 204);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    CHECK_FALSE(in_force()->directory_places);
}

TEST_CASE("a card that screens cannot draw is told beforehand and when publishing, until what it lacks is there") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    send_fleet(client);
    REQUIRE(client.put("/api/v1/capsules/pres-dici", R"({"title":{"fr":"Près d’ici"},"kind":"card","rights":{"music":"none"},"versions":[]})").status == 201);
    const bool follows = GENERATE(false, true);
    if (follows) {
        std::string record = capsule_record(media);
        record.insert(1, R"("followed_by":"pres-dici",)");
        REQUIRE(client.put("/api/v1/capsules/mot-de-passe", record).status == 200);
    } else {
        REQUIRE(client.put("/api/v1/playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"mot-de-passe"},{"capsule":"pres-dici"}]})").status == 200);
    }
    const auto publish = [&] { return client.post("/api/v1/publish", "").body; };
    const auto look = [&] { return client.get("/api/v1/publish").body; };
    const std::string title = R"("capsule":{"id":"pres-dici","title":"Près d’ici"})";
    CHECK(look().find(R"("kind":"card_no_places")") != std::string::npos);
    CHECK(look().find(title) != std::string::npos);
    CHECK(publish().find(R"(on 1 screen (fs-antony-hall): the card \"pres-dici\" is not shown, for no directory of places is there)") != std::string::npos);

    REQUIRE(client.put("/api/v1/directory/places", "id,nom,latitude,longitude,date_maj\na,A,48.75,2.29,2026-11-01\n").status == 200);
    CHECK(look().find("card_no_places") == std::string::npos);
    CHECK(look().find(R"("kind":"card_no_position")") != std::string::npos);
    CHECK(publish().find("the position of the site is not known") != std::string::npos);

    REQUIRE(client.put("/api/v1/sites/fs-antony", R"({"name":"A","lat_e6":48739070,"lon_e6":2288935})").status == 200);
    CHECK(look().find("card_no_") == std::string::npos);
    CHECK(publish().find("pres-dici") == std::string::npos);
}

TEST_CASE("a card that no screen can draw is refused when publishing, with the names of those that exist") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    REQUIRE(client.put("/api/v1/capsules/agenda", R"({"title":{"fr":"Agenda"},"kind":"card","rights":{"music":"none"},"versions":[]})").status == 201);
    CHECK(client.post("/api/v1/publish", "").status == 200); // no list has it
    REQUIRE(client.put("/api/v1/playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"mot-de-passe"},{"capsule":"agenda"}]})").status == 200);
    const HttpReply refused = client.post("/api/v1/publish", "");
    CHECK(refused.status == 422);
    for (const char* part : {R"(capsule \"agenda\": no screen can draw this card)", "pres-dici", "lieu"})
        CHECK(refused.body.find(part) != std::string::npos);
}

TEST_CASE("a loop that is over before the wait is told beforehand and when publishing, by the time that the site declares") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    send_fleet(client);
    CHECK(client.get("/api/v1/publish").body.find(R"("given":28000,"kind":"loop_short","language":"","needed":900000)") != std::string::npos);
    CHECK(client.post("/api/v1/publish", "").body.find(R"(playlist \"accueil\" is over in 28 s where people wait 900 s)") != std::string::npos);
    REQUIRE(client.put("/api/v1/playlists/accueil", R"({"title":"Accueil","calm_percent":50,"items":[{"capsule":"mot-de-passe"}]})").status == 200);
    CHECK(client.get("/api/v1/publish").body.find(R"("given":56000)") != std::string::npos);
    // Those who wait for a minute see it but once.
    REQUIRE(client.put("/api/v1/sites/fs-antony", R"({"name":"A","waiting_minutes":1})").status == 200);
    CHECK(client.get("/api/v1/publish").body.find(R"("given":56000,"kind":"loop_short","language":"","needed":60000)") != std::string::npos);
    const std::string longer = R"({"title":"Accueil","calm_percent":60,"items":[{"capsule":"mot-de-passe"}]})";
    REQUIRE(client.put("/api/v1/playlists/accueil", longer).status == 200);
    CHECK(client.get("/api/v1/publish").body.find("loop_short") == std::string::npos);
    CHECK(client.post("/api/v1/publish", "").body.find("is over in") == std::string::npos);
}

TEST_CASE("a message brings only a capsule that screens can have, which then stays in the programme while it holds") {
    RunningServer running;
    HttpClient& client = *running.client;
    send_content(client);
    const auto in_force = [&] { return parse_programme(client.get("/release/" + document_of(client.get("/release/index.json").body, "programme")).body); };
    const std::string message = R"({"messages":[{"id":"canicule","capsule":"mot-de-passe","where":{"all":[]},"from":"2020-01-01T00:00:00Z",
        "until":"2100-01-01T00:00:00Z","style":"full"}]})";
    const HttpReply early = client.put("/api/v1/now", message);
    CHECK(early.status == 422);
    CHECK(early.body.find("publish") != std::string::npos);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    CHECK(client.put("/api/v1/now", message).status == 200);
    CHECK(client.get("/api/v1/now").body.find(R"("capsule":"mot-de-passe")") != std::string::npos);
    // No playlist plays it any more.
    const std::string other(100, 'w');
    REQUIRE(client.put("/api/v1/blobs/" + sha256(other).hex(), other).status == 201);
    REQUIRE(client.put("/api/v1/capsules/autre", capsule_record(other)).status == 201);
    REQUIRE(client.put("/api/v1/playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"autre"}]})").status == 200);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    CHECK(in_force()->capsules.size() == 2);
    REQUIRE(client.put("/api/v1/now", R"({"messages":[]})").status == 200);
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
    CHECK(in_force()->capsules.size() == 1);
}

TEST_CASE("urgent messages go out at once") {
    RunningServer running;
    const HttpReply put =
        running.client->put("/api/v1/now", R"({"messages":[{"id":"ferme","text":{"fr":"Fermé."},"where":{"all":[]},
        "from":"2026-11-24T07:00:00Z","until":"2026-11-24T12:00:00Z"}],"withdrawn":[]})");
    CHECK(put.body == R"({"number":2})");
    const std::string index = running.client->get("/release/index.json").body;
    CHECK(running.client->get("/release/" + document_of(index, "now")).body.find("Fermé.") != std::string::npos);
    CHECK(running.client->put("/api/v1/now", R"({"messages":[{"id":"x"}]})").status == 422);
}
