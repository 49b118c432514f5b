// Every route × every role × an object inside and one outside what the role reaches, against the running server.
#include "content/base/digest.hpp"
#include "playlists/server/api/access.hpp"
#include "playlists/server/api/route_table.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <set>

using namespace capsule;
using namespace capsule::server;

namespace {

const std::string media = "a picture";

// Where a thing lies: in Vallée Sud Grand Paris, at the site "dedans"; or in Paris Ouest La Défense, at the site "dehors".
enum class Place { inside, outside };
std::string name_of(Place place) { return place == Place::inside ? "dedans" : "dehors"; }

std::string capsule_record() {
    return R"({"title":{"fr":"Un mot de passe solide"},"kind":"image","theme":"mots-de-passe","rights":{"music":"none"},"versions":[{"language":"fr","sha256":")" +
           sha256(media).hex() + R"(","bytes":)" + std::to_string(media.size()) +
           R"(,"type":"image/png","duration_ms":10000,"width":1920,"height":1080,"fps":[25,1]}]})";
}

std::string site_record(Place place) {
    return place == Place::inside ? R"({"name":"Antony","commune":"92002","ept":"VSGP"})"
                                  : R"({"name":"Nanterre","commune":"92050","ept":"POLD"})";
}

std::string notice_for(Place place) {
    return R"({"site":")" + name_of(place) + R"(","text":"Fermé lundi.","last_day":"2026-11-24"})";
}

// What a request about an object that lies there would send.
std::string body_for(const Access& access, Place place, const PublicKey& key) {
    const std::string name = name_of(place);
    switch (access.subject) {
    case Subject::capsule:
        return capsule_record();
    case Subject::playlist:
        return R"({"title":"T","items":[{"capsule":")" + name + "\"}]}";
    case Subject::schedule:
        return R"({"playlist":")" + name + R"(","where":{"site":")" + name + "\"}}";
    case Subject::now:
        return R"({"messages":[{"id":")" + name + R"(","text":{"fr":"Fermé."},"where":{"site":")" + name +
               R"("},"from":"2026-11-24T07:00:00Z","until":"2026-11-24T12:00:00Z","style":"banner"}],"withdrawn":[]})";
    case Subject::directory:
        return R"({"templates":{}})";
    case Subject::site:
        return site_record(place);
    case Subject::screen:
        return R"({"site":")" + name + R"(","name":"Hall"})";
    case Subject::device:
        return R"({"public_key":")" + key.hex() + R"(","screen":")" + name + "\"}";
    case Subject::notice:
        return notice_for(place);
    case Subject::site_file:
        return R"({"text":"id,nom,commune\nx,X,Antony\n"})";
    case Subject::enrolment:
        return R"({"code":"ZZZZZZZZ","site":")" + name + R"(","name":"Hall"})";
    case Subject::enrolment_tokens:
        return R"({"screens":[")" + name + R"("],"valid_for_ms":3600000})";
    case Subject::account: // the right password, and nothing else that is right
        return std::string(R"({"password":")") + RunningServer::password + R"(","current":")" + RunningServer::password + "\"}";
    case Subject::proposal:
        return R"({"reason":"Non."})";
    default:
        return "{}";
    }
}

// A path of the route that names an object which lies there.
std::string path_for(std::string pattern, Place place, const std::string& device) {
    const std::map<std::string, std::string> values = {{"{id}", name_of(place)},
                                                       {"{login}", name_of(place)},
                                                       {"{number}", place == Place::inside ? "1" : "2"}, // see Town
                                                       {"{sha256}", sha256(media).hex()},
                                                       {"{upload}", std::string(32, 'a')},
                                                       {"{job}", std::string(32, 'a')},
                                                       {"{device}", device},
                                                       {"{journal}", std::string(32, 'a')},
                                                       {"{document}", std::string(64, 'a') + ".now.json"},
                                                       {"{code}", "7K32P4"},
                                                       {"{rest}", ""}};
    for (const auto& [name, value] : values)
        if (const std::size_t at = pattern.find(name); at != std::string::npos)
            pattern.replace(at, name.size(), value);
    return pattern;
}

struct Town {
    RunningServer running;
    SecretKey keys[2] = {SecretKey::generate(), SecretKey::generate()};
    std::map<Role, std::string> tokens;

    Town() {
        HttpClient& client = *running.client;
        running.add_account("claire", "coordinator", R"({"epts":["VSGP"],"communes":[]})");
        running.add_account("paul", "coordinator", R"({"epts":["POLD"],"communes":[]})");
        running.add_account("karim", "contributor", R"({"epts":["VSGP"],"communes":[]})");
        running.add_account("paule", "contributor", R"({"epts":["POLD"],"communes":[]})");
        running.add_account("eve", "evaluator");
        running.add_account("rita", "reception", "", "dedans");
        tokens = {{Role::administrator, running.token("anne")},
                  {Role::coordinator, running.token("claire")},
                  {Role::contributor, running.token("karim")},
                  {Role::evaluator, running.token("eve")},
                  {Role::reception, running.token("rita")}};
        REQUIRE(client.put("/api/v1/blobs/" + sha256(media).hex(), media).status == 201);
        for (const Place place : {Place::inside, Place::outside}) {
            const std::string name = name_of(place);
            const SecretKey& key = keys[place == Place::inside ? 0 : 1];
            REQUIRE(client.put("/api/v1/sites/" + name, site_record(place)).status == 201);
            REQUIRE(client.put("/api/v1/screens/" + name, R"({"site":")" + name + R"(","name":"Hall"})").status == 201);
            REQUIRE(client
                        .put("/api/v1/devices/" + key.public_key().device_id(),
                             R"({"public_key":")" + key.public_key().hex() + R"(","screen":")" + name + "\"}")
                        .status == 201);
            // Each coordinator makes the records of her own territory.
            HttpClient owner(running.url());
            owner.always("Authorization: Bearer " + (place == Place::inside ? tokens[Role::coordinator] : running.token("paul")));
            REQUIRE(owner.put("/api/v1/capsules/" + name, capsule_record()).status == 201);
            REQUIRE(owner.put("/api/v1/playlists/" + name, R"({"title":"T","items":[{"capsule":")" + name + "\"}]}").status == 201);
            REQUIRE(owner.put("/api/v1/schedules/" + name, R"({"playlist":")" + name + R"(","where":{"site":")" + name + "\"}}").status ==
                    201);
        }
        for (const char* login : {"karim", "paule"}) { // proposals 1 and 2
            HttpClient proposer(running.url());
            proposer.always("Authorization: Bearer " + running.token(login));
            REQUIRE(proposer.put("/api/v1/playlists/de-" + std::string(login), R"({"title":"T","items":[]})").status == 202);
        }
    }
    // Its id.
    std::string put_notice_up(Place place) const {
        const std::string body = running.client->post("/api/v1/notices", notice_for(place)).body;
        const std::size_t from = body.find("avis-");
        REQUIRE(from != std::string::npos);
        return body.substr(from, body.find('"', from) - from);
    }
    const SecretKey& key(Place place) const { return keys[place == Place::inside ? 0 : 1]; }
};

// The directory of QR codes and the school holidays lie in no territory: they are everybody's.
bool open_in(const Access& access, Role role, Place place) {
    // A list or a file, of which each has her part; publications, which everybody may list, none of which is there.
    if (access.subject == Subject::proposals || access.subject == Subject::notices || access.subject == Subject::site_file ||
        access.subject == Subject::restoration)
        return access.scope(role) != Scope::none;
    switch (access.scope(role)) {
    case Scope::none:
        return false;
    case Scope::site:
    case Scope::territory:
    case Scope::proposal:
        return place == Place::inside && access.subject != Subject::directory && access.subject != Subject::school_holidays;
    case Scope::own: // a proposal by its own author
        return place == Place::inside ? access.subject != Subject::proposal || role == Role::contributor : access.subject != Subject::proposal;
    case Scope::all:
        break;
    }
    return true;
}

} // namespace

TEST_CASE("each route has a line in the access table and each line a route") {
    RunningServer running;
    std::set<std::string> routes, lines;
    for (const Route& route : running.server->routes().routes()) {
        routes.insert(route.method + " " + route.pattern);
        if (!route.access)
            FAIL_CHECK("the access table lacks a line for " << route.method << " " << route.pattern);
    }
    for (const Access& line : access_table())
        if (!lines.insert(std::string(line.method) + " " + std::string(line.pattern)).second)
            FAIL_CHECK("the access table has two lines for " << line.method << " " << line.pattern);
    for (const std::string& line : lines)
        if (!routes.contains(line))
            FAIL_CHECK("the access table speaks of " << line << ", which is no route");
}

TEST_CASE("what nobody but some may do stays so, whatever else is added to the access table") {
    for (const Access& line : access_table()) {
        INFO(line.method << " " << line.pattern);
        const bool changes = line.method != "GET";
        if (line.door != Door::people)
            continue;
        const Scope reception = line.scope(Role::reception), evaluator = line.scope(Role::evaluator);
        CHECK((reception == Scope::none || reception == Scope::own || reception == Scope::site));
        if (changes)
            CHECK((evaluator == Scope::none || evaluator == Scope::own));
        // Whoever coordinates a territory changes nothing beyond it; bytes and the publication of what others may change are no one's.
        if (changes && line.scope(Role::coordinator) == Scope::all)
            CHECK((line.pattern == "/api/v1/blobs/{sha256}" || line.pattern == "/api/v1/publish"));
        if (changes && line.scope(Role::contributor) == Scope::all)
            CHECK(line.pattern == "/api/v1/blobs/{sha256}");
        if (line.scope(Role::reception) == Scope::site || line.scope(Role::coordinator) == Scope::territory)
            CHECK(line.subject != Subject::none);
        CHECK(line.scope(Role::administrator) != Scope::none);
    }
}

TEST_CASE("every route answers every role as the access table says, for an object inside its reach and for one outside") {
    Town town;
    HttpClient client(town.running.url());
    int cells = 0;
    for (const Route& route : town.running.server->routes().routes()) {
        if (!route.access || (route.method == "DELETE" && route.pattern == "/api/v1/session"))
            continue; // the last would sign the others' tokens out
        const Access& access = *route.access;
        for (const Place place : {Place::inside, Place::outside}) {
            std::string path = path_for(route.pattern, place, town.key(place).public_key().device_id());
            const std::string body = body_for(access, place, town.key(place).public_key());
            const std::string* sent = route.body == Admission::Body::none ? nullptr : &body;
            INFO(route.method << " " << path);
            const long anonymous = client.send(route.method, path, sent, {}).status;
            if (access.door == Door::anybody) {
                CHECK((anonymous != 401 || path == "/api/v1/sessions")); // there it is the answer to a wrong password
                continue;
            }
            CHECK(anonymous == 401);
            if (access.door == Door::device) {
                CHECK(client.send(route.method, path, sent, {"Authorization: Bearer " + town.tokens[Role::administrator]}).status == 401);
                continue;
            }
            for (const Role role : all_roles) {
                INFO(to_string(role) << " (" << to_string(access.scope(role)) << ")");
                if (route.pattern == "/api/v1/notices/{id}") // its id is the server's to give
                    path = "/api/v1/notices/" + town.put_notice_up(place);
                const HttpReply reply = client.send(route.method, path, sent, {"Authorization: Bearer " + town.tokens[role]});
                ++cells;
                if (open_in(access, role, place)) {
                    CHECK(reply.status != 401);
                    CHECK(reply.status != 403);
                    CHECK(reply.status < 500);
                } else {
                    CHECK(reply.status == 403);
                }
            }
        }
    }
    CHECK(cells > 500);
}

TEST_CASE("nothing is moved into a territory, or out of one, by somebody who coordinates only one side") {
    Town town;
    HttpClient claire(town.running.url());
    claire.always("Authorization: Bearer " + town.tokens[Role::coordinator]);
    CHECK(claire.put("/api/v1/screens/dedans", R"({"site":"dehors","name":"Hall"})").status == 403);
    CHECK(claire.put("/api/v1/screens/dehors", R"({"site":"dedans","name":"Hall"})").status == 403);
    CHECK(claire.put("/api/v1/sites/dedans", site_record(Place::outside)).status == 403);
    CHECK(claire.put("/api/v1/sites/dehors", site_record(Place::inside)).status == 403);
    CHECK(claire.put("/api/v1/sites/dedans", R"({"name":"Antony"})").status == 403); // nowhere is not in her territory either
    // The commune decides, not what somebody typed beside it.
    CHECK(claire.put("/api/v1/sites/menteur", R"({"name":"M","commune":"92050","ept":"VSGP"})").status == 403);
    CHECK(claire.put("/api/v1/sites/nouveau", R"({"name":"N","commune":"92019"})").status == 201);
}

TEST_CASE("a schedule is taken from a coordinator only when it can reach no screen outside her territory") {
    Town town;
    HttpClient claire(town.running.url());
    claire.always("Authorization: Bearer " + town.tokens[Role::coordinator]);
    const auto put = [&](const std::string& where) {
        return claire.put("/api/v1/schedules/essai", R"({"playlist":"dedans","where":)" + where + "}").status;
    };
    for (const char* where : {R"({"all":[]})", R"({"any":[]})", R"({"not":{"site":"dehors"}})", R"({"type":"RFS"})", R"({"tag":"x"})",
                              R"({"ept":"POLD"})", R"({"commune":"92050"})", R"({"site":"inconnu"})", R"({"screen":"dehors"})",
                              R"({"any":[{"ept":"VSGP"},{"type":"RFS"}]})", R"({"not":{"not":{"ept":"VSGP"}}})"}) {
        INFO(where);
        CHECK(put(where) == 403);
    }
    CHECK(put(R"({"ept":"VSGP"})") == 201);
    for (const char* where : {R"({"commune":"92019"})", R"({"screen":"dedans"})", R"({"all":[{"ept":"VSGP"},{"not":{"type":"RFS"}}]})",
                              R"({"any":[{"site":"dedans"},{"commune":"92007"}]})"}) {
        INFO(where);
        CHECK(put(where) == 200);
    }
}

TEST_CASE("urgent messages of other territories stay as they are when a coordinator writes hers") {
    Town town;
    HttpClient claire(town.running.url());
    claire.always("Authorization: Bearer " + town.tokens[Role::coordinator]);
    const auto message = [](const std::string& id, const std::string& where) {
        return R"({"id":")" + id + R"(","text":{"fr":"Fermé."},"where":)" + where +
               R"(,"from":"2026-11-24T07:00:00Z","until":"2026-11-24T12:00:00Z","style":"banner"})";
    };
    const auto document = [](const std::string& messages, const std::string& withdrawn = "") {
        return R"({"messages":[)" + messages + R"(],"withdrawn":[)" + withdrawn + "]}";
    };
    const std::string there = message("la-bas", R"({"site":"dehors"})"), here = message("ici", R"({"site":"dedans"})");
    REQUIRE(town.running.client->put("/api/v1/now", document(there)).status == 200);
    CHECK(claire.put("/api/v1/now", document(here)).status == 403); // takes the other away
    CHECK(claire.put("/api/v1/now", document(there + "," + here)).status == 200);
    CHECK(claire.put("/api/v1/now", document(message("la-bas", R"({"site":"dedans"})") + "," + here)).status == 403);
    CHECK(claire.put("/api/v1/now", document(there + "," + here, R"({"capsule":"dedans","version":null})")).status == 403);
    CHECK(claire.put("/api/v1/now", document(there + "," + message("partout", R"({"all":[]})"))).status == 403);
    CHECK(claire.put("/api/v1/now", document(there)).status == 200);
}

TEST_CASE("an earlier publication is brought back by a coordinator only when that changes nothing beyond her territory, and each record is logged") {
    Town town;
    HttpClient& anne = *town.running.client;
    HttpClient claire(town.running.url());
    claire.always("Authorization: Bearer " + town.tokens[Role::coordinator]);
    REQUIRE(anne.post("/api/v1/publish", "").status == 200); // number 1
    const std::string list = R"({"title":"Autre","items":[{"capsule":"NAME"}]})";
    const auto retitle = [&](HttpClient& who, const std::string& name) {
        std::string record = list;
        record.replace(record.find("NAME"), 4, name);
        return who.put("/api/v1/playlists/" + name, record).status;
    };
    REQUIRE(retitle(claire, "dedans") == 200);
    REQUIRE(claire.post("/api/v1/publish", "").status == 200); // number 2
    CHECK(claire.post("/api/v1/publications/1/restore", "").status == 200); // hers alone had changed
    CHECK(claire.get("/api/v1/playlists/dedans").body.find("Autre") == std::string::npos);
    const std::string log = anne.get("/api/v1/changes").body;
    CHECK(log.find("\"restore\"") != std::string::npos);
    CHECK(log.find("as of publication 1") != std::string::npos);
    REQUIRE(retitle(anne, "dehors") == 200);
    CHECK(claire.post("/api/v1/publications/2/restore", "").status == 403);
    CHECK(claire.get("/api/v1/playlists/dehors").body.find("Autre") != std::string::npos);
    CHECK(anne.post("/api/v1/publications/2/restore", "").status == 200);
    CHECK(anne.get("/api/v1/playlists/dedans").body.find("Autre") != std::string::npos);
    CHECK(anne.get("/api/v1/playlists/dehors").body.find("Autre") == std::string::npos);
    CHECK(claire.post("/api/v1/publications/99/restore", "").status == 404);
}

TEST_CASE("a reception puts notices up and takes them down at its own site, and sees no other's") {
    Town town;
    HttpClient rita(town.running.url());
    rita.always("Authorization: Bearer " + town.tokens[Role::reception]);
    const std::string elsewhere = town.put_notice_up(Place::outside);
    REQUIRE(rita.post("/api/v1/notices", notice_for(Place::inside)).status == 201);
    CHECK(rita.post("/api/v1/notices", notice_for(Place::outside)).status == 403);
    CHECK(rita.send("DELETE", "/api/v1/notices/" + elsewhere, nullptr, {}).status == 403);
    const std::string seen = rita.get("/api/v1/notices").body;
    CHECK(seen.find("dedans") != std::string::npos);
    CHECK(seen.find("dehors") == std::string::npos);
    CHECK(town.running.client->get("/api/v1/changes").body.find("\"notice\"") != std::string::npos);
}

TEST_CASE("a file of places changes only what lies in a coordinator's territory, row by row, and each site is logged") {
    Town town;
    HttpClient claire(town.running.url());
    claire.always("Authorization: Bearer " + town.tokens[Role::coordinator]);
    const std::string text = R"(id,nom,commune,code_insee\ndedans,Antony nouveau,Antony,92002\ndehors,Nanterre nouveau,Nanterre,92050\n)"
                             R"(dehors-2,Ailleurs,Nanterre,92050\nneuf,Neuf,Antony,92002\n)";
    const HttpReply kept = claire.post("/api/v1/sites/import", R"({"name":"lieux.csv","keep":true,"text":")" + text + "\"}");
    REQUIRE(kept.status == 200);
    CHECK(kept.body.find("\"refused\":2") != std::string::npos);
    CHECK(town.running.client->get("/api/v1/sites/dedans").body.find("Antony nouveau") != std::string::npos);
    CHECK(town.running.client->get("/api/v1/sites/dehors").body.find("Nanterre nouveau") == std::string::npos);
    CHECK(town.running.client->get("/api/v1/sites/dehors-2").status == 404);
    CHECK(town.running.client->get("/api/v1/sites/neuf").status == 200);
    CHECK(town.running.client->get("/api/v1/changes").body.find("from lieux.csv") != std::string::npos);
}
