// Invitations, accounts, tokens and the second factor over HTTP, as the console uses them.
#include "playlists/server/api/route_table.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <map>

using namespace capsule;
using Json = nlohmann::json;

namespace {

const char* const fresh_password = "une autre longue phrase";

std::string sign_in_body(const std::string& login, const std::string& password = RunningServer::password) {
    return Json{{"login", login}, {"password", password}}.dump();
}

// A browser that is signed in: bears the cookie and the header of the console.
struct Browser {
    HttpClient client;
    explicit Browser(RunningServer& running, const std::string& login, const std::string& password = RunningServer::password)
        : client(running.url()) {
        const HttpReply reply = client.post("/api/v1/sessions", sign_in_body(login, password));
        REQUIRE(reply.status == 200);
        take(reply);
    }
    void take(const HttpReply& reply) {
        const std::string cookie = reply.headers.at("set-cookie");
        REQUIRE(cookie.starts_with("capsule_session="));
        client.forget();
        client.always("Cookie: " + cookie.substr(0, cookie.find(';')));
        client.always("X-Capsule: 1");
    }
};

std::string secret_of(const HttpReply& invited) {
    REQUIRE(invited.status == 201);
    const std::string link = Json::parse(invited.body)["link"];
    const std::string mark = "/console#invitation=";
    REQUIRE(link.find(mark) != std::string::npos); // the secret stands in the fragment, which no server sees
    return link.substr(link.find(mark) + mark.size());
}

std::string log_of(RunningServer& running) {
    return running.client->get("/api/v1/changes?limit=500").body;
}

} // namespace

TEST_CASE("an invited person finds her name, chooses a password and is what she was invited as; the link is used up then") {
    RunningServer running;
    const HttpReply invited = running.client->post("/api/v1/invitations", R"({"login":"claire","role":"coordinator","territory":{"epts":["VSGP"]}})");
    const std::string secret = secret_of(invited);
    CHECK(running.client->get("/api/v1/invitations").body.find("claire") != std::string::npos);
    CHECK(running.client->get("/api/v1/invitations").body.find(secret) == std::string::npos);
    HttpClient anybody(running.url());
    const HttpReply found = anybody.post("/api/v1/invitations/find", Json{{"secret", secret}}.dump());
    CHECK(Json::parse(found.body)["login"] == "claire");
    CHECK(anybody.post("/api/v1/invitations/find", R"({"secret":"x"})").status == 404);
    CHECK(anybody.post("/api/v1/invitations/accept", Json{{"secret", secret}, {"password", "court"}}.dump()).status == 422);
    CHECK(anybody.post("/api/v1/invitations/accept", Json{{"secret", secret}, {"password", fresh_password}}.dump()).status == 201);
    CHECK(anybody.post("/api/v1/invitations/accept", Json{{"secret", secret}, {"password", fresh_password}}.dump()).status == 404);
    Browser claire(running, "claire", fresh_password);
    const Json session = Json::parse(claire.client.get("/api/v1/session").body);
    CHECK(session["role"] == "coordinator");
    CHECK(session["territory"]["epts"] == Json::array({"VSGP"}));
    const std::string log = log_of(running);
    CHECK(log.find("\"invitation\"") != std::string::npos);
    CHECK(log.find("invited by anne") != std::string::npos);
    CHECK(log.find(secret) == std::string::npos);
}

TEST_CASE("what an invitation lacks is named, and a login is never given twice") {
    RunningServer running;
    const auto invite = [&](const std::string& body) { return running.client->post("/api/v1/invitations", body); };
    CHECK(invite(R"({"login":"a","role":"chef"})").body.find("role:") != std::string::npos);
    CHECK(invite(R"({"login":"a","role":"coordinator"})").body.find("territory:") != std::string::npos);
    CHECK(invite(R"({"login":"a","role":"coordinator","territory":{"epts":["XXXX"]}})").body.find("epts") != std::string::npos);
    CHECK(invite(R"({"login":"a","role":"coordinator","territory":{"epts":[]}})").status == 422);
    CHECK(invite(R"({"login":"a","role":"reception"})").body.find("site:") != std::string::npos);
    CHECK(invite(R"({"login":"a","role":"reception","site":"nulle-part"})").status == 422);
    CHECK(invite(R"({"login":"a b","role":"evaluator"})").body.find("login:") != std::string::npos);
    CHECK(invite(R"({"login":"Anne","role":"evaluator"})").status == 409);
    CHECK(invite(R"({"login":"a","role":"coordinator","territory":null})").status == 201);
}

TEST_CASE("an account is changed with its tag, ended at once, and never without an administrator") {
    RunningServer running;
    running.add_account("zoe", "evaluator");
    Browser zoe(running, "zoe");
    HttpClient& anne = *running.client;
    const std::string seen = anne.get("/api/v1/people/zoe").headers.at("etag");
    CHECK(anne.put("/api/v1/people/zoe", R"({"role":"contributor","territory":{"communes":["92002"]}})", {"If-Match: " + seen}).status == 200);
    const HttpReply second = anne.put("/api/v1/people/zoe", R"({"role":"evaluator"})", {"If-Match: " + seen});
    CHECK(second.status == 412);
    CHECK(Json::parse(second.body)["changed_by"] == "anne");
    CHECK(Json::parse(zoe.client.get("/api/v1/session").body)["role"] == "contributor");
    CHECK(anne.put("/api/v1/people/personne", R"({"role":"evaluator"})").status == 404);
    CHECK(anne.put("/api/v1/people/anne", R"({"role":"evaluator"})").status == 409);
    CHECK(anne.remove("/api/v1/people/anne").status == 409);
    CHECK(anne.remove("/api/v1/people/zoe").status == 204);
    CHECK(zoe.client.get("/api/v1/session").status == 401);
    CHECK(Json::parse(anne.get("/api/v1/people/zoe").body)["ended"].is_string());
    const std::string log = log_of(running);
    CHECK(log.find("\"person\"") != std::string::npos);
}

TEST_CASE("a new password needs the old one, ends every other session, and gives this one a new secret") {
    RunningServer running;
    running.add_account("zoe", "evaluator");
    Browser here(running, "zoe"), elsewhere(running, "zoe");
    const auto change = [&](const std::string& current, const std::string& password) {
        return here.client.post("/api/v1/account/password", Json{{"current", current}, {"password", password}}.dump());
    };
    CHECK(change("faux", fresh_password).status == 403);
    CHECK(change(RunningServer::password, "court").status == 422);
    const HttpReply changed = change(RunningServer::password, fresh_password);
    REQUIRE(changed.status == 204);
    CHECK(elsewhere.client.get("/api/v1/session").status == 401);
    CHECK(here.client.get("/api/v1/session").status == 401); // also the old secret of this browser
    here.take(changed);
    CHECK(here.client.get("/api/v1/session").status == 200);
    CHECK(log_of(running).find("\"password\"") != std::string::npos);
    CHECK(log_of(running).find(fresh_password) == std::string::npos);
}

TEST_CASE("a script's token does what its role may, shows itself in the log, and changes no account") {
    RunningServer running;
    Browser anne(running, "anne");
    const auto make = [&](const std::string& role, const std::string& password = RunningServer::password) {
        return anne.client.post("/api/v1/account/tokens",
                                Json{{"name", "import"}, {"role", role}, {"days", 7}, {"password", password}}.dump());
    };
    CHECK(make("administrator", "faux").status == 403);
    CHECK(make("reception").status == 422);
    const HttpReply made = make("administrator");
    REQUIRE(made.status == 201);
    const Json token = Json::parse(made.body);
    HttpClient script(running.url());
    script.always("Authorization: Bearer " + token["token"].get<std::string>());
    CHECK(script.put("/api/v1/sites/a", R"({"name":"A"})").status == 201);
    CHECK(log_of(running).find("token import") != std::string::npos);
    CHECK(log_of(running).find(token["token"].get<std::string>()) == std::string::npos);
    CHECK(anne.client.get("/api/v1/account/tokens").body.find(token["token"].get<std::string>()) == std::string::npos);
    for (const char* path : {"/api/v1/account/password", "/api/v1/account/tokens", "/api/v1/account/second-factor"}) {
        INFO(path);
        const std::string body = Json{{"name", "x"},  {"role", "administrator"}, {"days", 7}, {"password", RunningServer::password},
                                      {"current", RunningServer::password}}
                                     .dump();
        CHECK(script.post(path, body).status == 403);
    }
    const HttpReply lesser = make("evaluator");
    HttpClient reader(running.url());
    reader.always("Authorization: Bearer " + Json::parse(lesser.body)["token"].get<std::string>());
    CHECK(reader.get("/api/v1/sites").status == 200);
    CHECK(reader.put("/api/v1/sites/b", R"({"name":"B"})").status == 403);
    CHECK(anne.client.remove("/api/v1/account/tokens/" + token["id"].get<std::string>()).status == 204);
    CHECK(script.get("/api/v1/sites").status == 401);
    running.clock.advance(std::chrono::hours(24 * 7));
    CHECK(reader.get("/api/v1/sites").status == 401);
}

TEST_CASE("the second factor is begun with the password, drawn as a QR code, and asked for at sign-in") {
    RunningServer running;
    running.add_account("zoe", "evaluator");
    Browser zoe(running, "zoe");
    CHECK(zoe.client.post("/api/v1/account/second-factor", R"({"password":"faux"})").status == 403);
    const HttpReply begun = zoe.client.post("/api/v1/account/second-factor", Json{{"password", RunningServer::password}}.dump());
    REQUIRE(begun.status == 200);
    const Json body = Json::parse(begun.body);
    CHECK(body["uri"].get<std::string>().starts_with("otpauth://totp/Capsule:zoe?secret=" + body["secret"].get<std::string>()));
    CHECK(body["qr"].size() == body["qr"][0].get<std::string>().size());
    CHECK(zoe.client.put("/api/v1/account/second-factor", R"({"code":"000000"})").status == 422);
    HttpClient another(running.url());
    CHECK(another.post("/api/v1/sessions", sign_in_body("zoe")).status == 200); // not confirmed: not asked for
    CHECK(another.post("/api/v1/sessions", sign_in_body("zoe", "faux")).body.find(R"("second_factor":false)") != std::string::npos);
}

TEST_CASE("a session that somebody prepared in a browser is not the one that signing in gives") {
    RunningServer running;
    const std::string planted(64, 'a');
    HttpClient victim(running.url());
    victim.always("Cookie: capsule_session=" + planted);
    const HttpReply reply = victim.post("/api/v1/sessions", sign_in_body("anne"));
    REQUIRE(reply.status == 200);
    CHECK(reply.headers.at("set-cookie").find(planted) == std::string::npos);
    CHECK(HttpClient(running.url()).get("/api/v1/session", {"Cookie: capsule_session=" + planted}).status == 401);
    // And the session that was there before ends.
    Browser first(running, "anne");
    const HttpReply again = first.client.post("/api/v1/sessions", sign_in_body("anne"));
    REQUIRE(again.status == 200);
    CHECK(first.client.get("/api/v1/session").status == 401);
}

TEST_CASE("no route that changes something is open to a page of another site") {
    RunningServer running;
    Browser anne(running, "anne");
    const std::string cookie = HttpClient(running.url()).post("/api/v1/sessions", sign_in_body("anne")).headers.at("set-cookie");
    HttpClient foreign(running.url());
    foreign.always("Cookie: " + cookie.substr(0, cookie.find(';')));
    for (const server::Route& route : running.server->routes().routes()) {
        if (route.method == "GET" || !route.access || route.access->door != server::Door::people)
            continue;
        std::string path = route.pattern;
        for (const auto& [name, value] : std::map<std::string, std::string>{{"{id}", "x"},
                                                                           {"{login}", "x"},
                                                                           {"{number}", "1"},
                                                                           {"{upload}", std::string(32, 'a')},
                                                                           {"{job}", std::string(32, 'a')},
                                                                           {"{sha256}", std::string(64, 'a')},
                                                                           {"{device}", std::string(16, 'a')}})
            if (const std::size_t at = path.find(name); at != std::string::npos)
                path.replace(at, name.size(), value);
        INFO(route.method << " " << path);
        const std::string body = "{}";
        const std::string* sent = route.body == server::Admission::Body::none ? nullptr : &body;
        // As a form or a script of another site could send it: with the cookie, without the header.
        CHECK(foreign.send(route.method, path, sent, {"Content-Type: text/plain"}).status == 403);
        CHECK(foreign.send(route.method, path, sent, {"X-Capsule: 1", "Origin: https://ailleurs.example"}).status == 403);
        CHECK(foreign.send(route.method, path, sent, {"X-Capsule: 1", "Sec-Fetch-Site: cross-site"}).status == 403);
    }
    CHECK(foreign.get("/api/v1/session").status == 200); // nothing of it was done, the session is still there
}
