#include "playlists/cli/report.hpp"
#include "playlists/cli/table.hpp"
#include "tests/playlists/cli/person.hpp"

#include <sys/stat.h>

#include <map>

using namespace capsule;
using namespace capsule::cli;

TEST_CASE("wrong calls exit with 2, failures with 1, each with one line") {
    Person person;
    const auto [code, words] = GENERATE(table<int, std::vector<std::string>>({
        {2, {}},
        {2, {"nonsense"}},
        {2, {"publish", "--nonsense"}},
        {2, {"push"}},
        {2, {"ingest", "a.mp4"}},
        {2, {"device"}},
        {2, {"device", "add", "--screen", "x"}},
        {2, {"login"}},
        {2, {"report", "--by", "mood"}},
        {2, {"report", "--format", "xml"}},
        {2, {"hours", "24/7", "--days", "0"}},
        {1, {"hours", "Lundi"}},
        {2, {"hours", "24/7", "--from", "hier"}},
        {1, {"report"}},
        {2, {"report", "--from", "2026-02-30"}},
        {2, {"report", "--from", "2026-11-02", "--to", "2026-11-01"}},
        {1, {"publish"}},
        {1, {"push", "/nowhere/p.toml"}},
        {2, {"device", "add", "--screen", "x", "--key", "abc"}},
        {2, {"login", "--login", "anne"}},
        {2, {"login", "--login", "anne", "--first", "http://127.0.0.1:1/console"}},
        {1, {"login", "--login", "anne", "--server", "ftp://x"}},
        {1, {"ingest", "/nowhere/a.mp4", "--meta", "/nowhere/capsule.toml", "--store", "/proc/nowhere"}},
    }));
    CHECK(person.run(words) == code);
    CHECK(person.one_line());
    CHECK(person.out.str().empty());
}

TEST_CASE("every command has help") {
    Person person;
    for (const std::string command : {"ingest", "samples", "login", "push", "publish", "device", "report", "screens", "hours", "places"}) {
        CHECK(person.run({command, "--help"}) == 0);
        CHECK(person.out.str().find("--help") != std::string::npos);
        CHECK(person.err.str().empty());
    }
}

TEST_CASE("signing in keeps the token for its owner alone, and for that server alone") {
    FaultyHttpServer server;
    server.answer_with([](const Request& request) {
        if (request.target == "/api/v1/sessions" && request.body.find("from the keyboard") != std::string::npos)
            return json_answer(200, R"({"login":"anne","role":"coordinator","token":"abc","expires_at":"2027-01-01T00:00:00Z"})");
        if (request.target == "/api/v1/accounts/first")
            return json_answer(201, R"({"login":"anne","role":"administrator"})");
        return json_answer(401, "{}");
    });
    Person person;
    CHECK(person.run({"login", "--login", "anne", "--first", server.address() + "/console#premier-compte=5ecret"}) == 0);
    CHECK(server.requests().at(0).body.find("5ecret") != std::string::npos);
    const auto path = person.home.path() / ".config/capsule/token.json";
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(person.out.str().find("abc") == std::string::npos);

    const auto requests = server.requests().size();
    CHECK(person.run({"screens", "--server", "http://127.0.0.1:1"}) == 1);
    CHECK(person.one_line());
    CHECK(person.err.str().find("is for " + server.address()) != std::string::npos);
    CHECK(server.requests().size() == requests);

    const auto wrong = person.file("pw", "not this\n");
    CHECK(person.run({"login", "--login", "anne", "--server", server.address(), "--password-file", wrong}) == 1);
    CHECK(person.err.str().find("login or password is wrong") != std::string::npos);
}

TEST_CASE("push sends only what the server lacks, and nothing at all when something is wrong") {
    Person person;
    const auto store = (person.home.path() / "store").string();
    const std::string media = "these are the frames", captions = "WEBVTT\n";
    const auto put_blob = [&](const std::string& bytes) {
        const auto hex = sha256(bytes).hex();
        std::filesystem::create_directories(person.home.path() / "store/blobs" / hex.substr(0, 2));
        std::filesystem::create_directories(person.home.path() / "store/capsules");
        person.file("store/blobs/" + hex.substr(0, 2) + "/" + hex, bytes);
        return hex;
    };
    const auto media_hex = put_blob(media), captions_hex = put_blob(captions);
    person.file(
        "store/capsules/essai.json",
        R"({"id":"essai","title":{"fr":"Essai"},"kind":"video","theme":"","axis":"","barrier":"","audience":[],"reading":"","needs":[],
                "followed_by":null,"rights":{"proof":"x"},"versions":[{"language":"fr","sha256":")" +
            media_hex + R"(","bytes":20,"type":"video/mp4","duration_ms":4000,"width":640,"height":360,"fps":[25,1],"sound":false,
                "gain_mdb":0,"text_in_picture":true,"captions":[{"language":"fr","sha256":")" +
            captions_hex + R"(","bytes":7,"type":"text/vtt","drawn":false}]}]})");
    FaultyHttpServer server;
    person.sign_in(server);
    std::map<std::string, std::string> received;
    server.answer_with([&](const Request& request) {
        if (request.method == "HEAD")
            return json_answer(request.target.ends_with(captions_hex) ? 200 : 404, "");
        if (request.headers.contains("authorization") && request.headers.at("authorization") != "Bearer secret-token")
            return json_answer(401, "{}");
        if (request.target == "/api/v1/capsules")
            return json_answer(200, R"({"capsules":{"deja-la":{}}})");
        if (request.target == "/api/v1/playlists")
            return json_answer(200, R"({"playlists":{}})");
        if (request.method == "PUT")
            received[request.target] = request.body;
        return json_answer(201, R"({"id":"essai","code":"2P4"})");
    });
    const auto playlist =
        person.file("p.toml", "id=\"accueil\"\ntitle=\"A\"\n[[item]]\ncapsule=\"essai\"\n[[item]]\ncapsule=\"deja-la\"\n");
    const auto sites =
        person.file("s.csv", "id,nom,commune,code_postal,code_insee,ecran_id\nfs,Lieu,Antony,92160,92002,fs-hall\n");

    SECTION("all is well") {
        const auto schedule = person.file("s.toml", "[[schedule]]\nid=\"d\"\nplaylist=\"accueil\"\n");
        CHECK(person.run({"push", sites, playlist, schedule, "--store", store}) == 0);
        INFO(person.err.str());
        CHECK(received.size() == 6);
        CHECK(received.at("/api/v1/blobs/" + media_hex) == media);
        CHECK_FALSE(received.contains("/api/v1/blobs/" + captions_hex));
        CHECK(received.at("/api/v1/capsules/essai").find("\"rights\"") != std::string::npos);
        CHECK(received.contains("/api/v1/screens/fs-hall"));
        CHECK(person.out.str().find("1 new file\n") != std::string::npos);
    }
    SECTION("a capsule that nobody knows") {
        const auto wrong = person.file("w.toml", "id=\"w\"\ntitle=\"W\"\n[[item]]\ncapsule=\"essay\"\n");
        CHECK(person.run({"push", sites, wrong, "--store", store}) == 1);
        CHECK(person.one_line());
        CHECK(person.err.str().find("did you mean \"essai\"?") != std::string::npos);
        CHECK(received.empty());
    }
    SECTION("a schedule of a playlist that nobody knows") {
        const auto wrong = person.file("w.toml", "[[schedule]]\nid=\"d\"\nplaylist=\"acceuil\"\n");
        CHECK(person.run({"push", playlist, wrong, "--store", store}) == 1);
        CHECK(person.err.str().find("did you mean \"accueil\"?") != std::string::npos);
        CHECK(received.empty());
    }
    SECTION("a file of the capsule that is gone") {
        std::filesystem::remove(person.home.path() / "store/blobs" / media_hex.substr(0, 2) / media_hex);
        CHECK(person.run({"push", playlist, "--store", store}) == 1);
        CHECK(person.one_line());
        CHECK(received.empty());
    }
}

TEST_CASE("publish says what stands in the way") {
    FaultyHttpServer server;
    Person person;
    person.sign_in(server);
    server.answer_with([](const Request& request) {
        return request.method == "POST"
                   ? json_answer(422, R"({"problems":["playlist accueil: no capsule \"x\"","schedule d: …"]})")
                   : json_answer(404, "");
    });
    CHECK(person.run({"publish"}) == 1);
    CHECK(person.err.str().find("\n  playlist accueil: no capsule \"x\"\n") != std::string::npos);
    server.answer_with([](const Request& request) {
        return request.method == "POST" ? json_answer(200, R"({"number":3,"changed":false})") : json_answer(404, "");
    });
    CHECK(person.run({"publish", "--json"}) == 0);
    CHECK(person.out.str() == "{\"number\":3,\"changed\":false,\"changes\":[]}\n");
    server.answer_with([](const Request& request) {
        return request.method == "POST" ? json_answer(200, R"({"number":3,"changed":false,"warnings":["site a, hours: …"]})")
                                        : json_answer(404, "");
    });
    CHECK(person.run({"publish"}) == 0);
    CHECK(person.err.str().find("warning: site a, hours: …\n") != std::string::npos);
}

TEST_CASE("reports are asked for the last thirty days and printed aligned, whatever the accents") {
    FaultyHttpServer server;
    Person person;
    person.sign_in(server);
    person.clock.set_wall(*parse_rfc3339("2026-11-22T23:30:00Z")); // the 23rd in Paris
    std::string asked;
    server.answer_with([&](const Request& request) {
        asked = request.target;
        return json_answer(200, R"({"from":"2026-10-24","to":"2026-11-23","by":"site","rows":[
            {"key":"fs-antony","label":"Éveil « Numérique »","showings":12345,"complete":12000,"shown_ms":3723000,"frames_due":1000,"frames_shown":999,"scans":null},
            {"key":"b","label":"Bas","showings":1,"complete":1,"shown_ms":4000,"frames_due":100,"frames_shown":100,"scans":7}],
            "total":{"showings":12346,"complete":12001,"shown_ms":3727000,"frames_due":1100,"frames_shown":1099,"scans":7,"panel_off":31},
            "bounded":{"showings":2,"shown_ms":8000},"received_rows":5,"missing_rows":0,"unknown_gaps":4,"screens":2,"generated_at":"x"})");
    });
    REQUIRE(person.run({"report", "--by", "site"}) == 0);
    CHECK(asked == "/api/v1/report?from=2026-10-24&to=2026-11-23&by=site");
    std::istringstream lines(person.out.str());
    std::vector<std::string> text;
    for (std::string line; std::getline(lines, line);)
        text.push_back(line);
    REQUIRE(text.size() > 8);
    CHECK(text[2].starts_with("Lieu "));
    CHECK(display_width(text[3]) == display_width(text[4]));
    CHECK(text[4].find("12\u202F345") != std::string::npos);
    CHECK(text[4].find("99,9\u00a0%") != std::string::npos);
    CHECK(text[4].find("1 h 02 min 03 s") != std::string::npos);
    CHECK(text[4].ends_with("non mesuré"));
    CHECK(display_width(text[4].substr(0, text[4].find("12\u202F345"))) ==
          display_width(text[7].substr(0, text[7].find("12\u202F346"))));

    CHECK(person.out.str().find("n’est pas connue\u00a0: 4.\n") != std::string::npos);
    CHECK(person.out.str().find("panneau éteint\u00a0: 31.\n") != std::string::npos);

    REQUIRE(person.run({"report", "--by", "site", "--format", "csv"}) == 0);
    CHECK(person.out.str().find("\r\nb,Bas,1,1,4000,100,100,7,0\r\n") != std::string::npos);
    CHECK(person.out.str().find("manquantes") == std::string::npos);
    CHECK(person.err.str().find("reçues\u00a0: 5, manquantes\u00a0: 0.\n") != std::string::npos);
    CHECK(person.err.str().find("sans date sûre\u00a0: 2 diffusions") != std::string::npos);
    REQUIRE(person.run({"report", "--by", "site", "--format", "json"}) == 0);
    CHECK(person.out.str().starts_with("{"));
}

TEST_CASE("width on screen counts characters, not bytes") {
    CHECK(display_width("Éveil") == 5);
    CHECK(display_width("e\u0301") == 1);
    CHECK(display_width("数字") == 4);
    CHECK(grouped(-1234567) == "-1\u202F234\u202F567");
    CHECK(grouped(999) == "999");
}

TEST_CASE("hours are told day by day") {
    Person person;
    REQUIRE(person.run({"hours", "Mo-Fr 09:00-12:00; PH off", "--from", "2026-11-10", "--days", "2", "--json"}) == 0);
    CHECK(person.out.str() == "[[\"2026-11-10T09:00\",\"2026-11-10T12:00\"]]\n");
    REQUIRE(person.run({"hours", "Sa 22:00-02:00", "--from", "2026-11-14", "--days", "2", "--json"}) == 0);
    CHECK(person.out.str().ends_with("[[\"2026-11-14T22:00\",\"2026-11-15T02:00\"]]\n"));
    REQUIRE(person.run({"hours", "Mo 09:00-12:00; Tu off", "--from", "2026-11-16", "--days", "2"}) == 0);
    CHECK(person.out.str().ends_with("2026-11-16  09:00-12:00\n2026-11-17  fermé\n"));
}

TEST_CASE("neither a root key nor its recovery sheet is ever overwritten") {
    Person person;
    const std::string sheet = person.file("sheet.txt", "of another key"), phrase = person.file("phrase", "une phrase de douze lettres\n");
    const std::string key = (person.home.path() / "root.key").string();
    const std::vector<std::string> create = {"keys", "create", "--key", key, "--passphrase-file", phrase, "--sheet", sheet};
    CHECK(person.run(create) == 1);
    CHECK(person.one_line());
    CHECK(person.err.str().find("--sheet") != std::string::npos);
    CHECK(*person.disk.read(sheet, 100) == "of another key");
    CHECK_FALSE(person.disk.exists(key));
    std::filesystem::remove(sheet);
    REQUIRE(person.run(create) == 0);
    const std::string kept = *person.disk.read(key, 10'000), printed = *person.disk.read(sheet, 100'000);
    CHECK(person.run(create) == 1);
    CHECK(*person.disk.read(key, 10'000) == kept);
    CHECK(*person.disk.read(sheet, 100'000) == printed);
}
