// What screens will show, asked of the server by the API and by the command line.
#include "content/base/digest.hpp"
#include "playlists/cli/command_line.hpp"
#include "playlists/cli/terminal.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace capsule;
using Json = nlohmann::json;

namespace {

void put(HttpClient& client, const std::string& path, const std::string& body) {
    const HttpReply reply = client.put("/api/v1/" + path, body);
    INFO(path << " " << reply.body);
    REQUIRE((reply.status == 200 || reply.status == 201));
}

// A person at a terminal who is signed in.
class Person {
public:
    explicit Person(RunningServer& running) : m_running(running) {
        std::filesystem::create_directories(m_home.path() / ".config/capsule");
        std::ofstream(m_home.path() / ".config/capsule/token.json")
            << R"({"format":1,"server":")" << running.url() << R"(","token":")" << running.token("anne") << "\"}";
    }
    std::string run(std::vector<std::string> words) {
        std::ostringstream out, err;
        cli::Terminal terminal{out, err, m_running.clock, m_running.disk, false, {}, [&](const char* name) {
                                   return std::string(name) == "HOME" ? m_home.path().string() : std::string();
                               }};
        words.insert(words.begin(), "capsule");
        std::vector<const char*> argv;
        for (const auto& word : words)
            argv.push_back(word.c_str());
        const int code = cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
        INFO(err.str());
        REQUIRE(code == 0);
        return out.str() + err.str();
    }

private:
    RunningServer& m_running;
    TemporaryFolder m_home;
};

void put_capsule(HttpClient& client, const std::string& id, const std::string& theme) {
    client.put("/api/v1/blobs/" + sha256(id).hex(), id);
    put(client, "capsules/" + id,
        R"({"title":{"fr":"Capsule )" + id + R"("},"kind":"video","theme":")" + theme + R"(","rights":{"music":"none"},"versions":[{"language":"fr","sha256":")" +
            sha256(id).hex() + R"(","bytes":)" + std::to_string(id.size()) +
            R"(,"type":"video/mp4","duration_ms":30000,"width":1920,"height":1080,"fps":[25,1]}]})");
}

// Two loops in one hall, published.
void prepare(RunningServer& running) {
    HttpClient& client = *running.client;
    for (const std::string id : {"un", "deux", "trois"})
        put_capsule(client, id, "argent");
    put(client, "sites/mairie", R"({"name":"Mairie","hours":"Mo-Fr 09:00-17:00; PH off"})");
    put(client, "screens/hall", R"({"site":"mairie","name":"Hall"})");
    put(client, "playlists/accueil", R"({"title":"Accueil","items":[{"capsule":"un"},{"capsule":"deux"}]})");
    put(client, "playlists/vacances", R"({"title":"Vacances","items":[{"capsule":"trois"}]})");
    put(client, "schedules/defaut", R"({"playlist":"accueil","when":"open"})");
    put(client, "schedules/vacances", R"({"playlist":"vacances","when":"SH Mo-Fr 10:00-11:00","priority":2})");
    put(client, "school-holidays",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20270104\r\nSUMMARY:Vacances de Noel - Zones A/B/C\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n");
    REQUIRE(client.post("/api/v1/publish", "").status == 200);
}

Json ask(RunningServer& running, const std::string& path, long status = 200) {
    const HttpReply reply = running.client->get("/api/v1/" + path);
    INFO(path << " " << reply.body);
    REQUIRE(reply.status == status);
    return Json::parse(reply.body);
}

} // namespace

TEST_CASE("the week of a screen is told span by span, school holidays with it") {
    RunningServer running;
    prepare(running);
    CHECK(ask(running, "school-holidays")["school_holidays"][0] == Json({{"name", "Vacances de Noel"}, {"from", "2026-12-19"}, {"until", "2027-01-04"}}));
    const Json week = ask(running, "screens/hall/week?from=2026-12-21&to=2026-12-23");
    CHECK(week["site_name"] == "Mairie");
    CHECK(week["playlists"]["vacances"] == "Vacances");
    REQUIRE(week["blocks"].size() == 9); // closed, open, holidays, open, closed, open, holidays, open, closed
    CHECK(week["blocks"][2] == Json({{"from", "2026-12-21T10:00:00"}, {"until", "2026-12-21T11:00:00"}, {"kind", "plays"}, {"playlist", "vacances"},
                                     {"schedule", "vacances"}, {"campaigns", Json::array()}}));
    CHECK(week["overlaps"][0]["does_not_play"] == "defaut");
    CHECK(ask(running, "screens/hall/week?from=2026-12-07&to=2026-12-08")["blocks"].size() == 3);
}

TEST_CASE("what a screen shows at a moment is the item that its day's forecast has there") {
    RunningServer running;
    prepare(running);
    const Json told = ask(running, "screens/hall/explanation?at=2026-12-07T09:00:40");
    CHECK(told["shows"]["capsule"] == "deux");
    CHECK(told["shows"]["from"] == "2026-12-07T09:00:30");
    CHECK(told["schedules"][1]["standing"] == "plays");
    CHECK(told["schedules"][0]["standing"] == "not-now");
    const Json items = ask(running, "screens/hall/forecast?from=2026-12-07T09:00:40&to=2026-12-07T09:02")["items"];
    CHECK(items[0] == told["shows"]);
    CHECK(items.size() == 3);
}

TEST_CASE("a question that cannot be answered says what is expected") {
    RunningServer running;
    CHECK(ask(running, "screens/hall/week?from=2026-12-07&to=2026-12-08", 404)["detail"] == "there is no screen \"hall\"");
    put(*running.client, "sites/mairie", R"({"name":"Mairie"})");
    put(*running.client, "screens/hall", R"({"site":"mairie","name":"Hall"})");
    CHECK(ask(running, "screens/hal/week?from=2026-12-07&to=2026-12-08", 404)["detail"] == "there is no screen \"hal\"; did you mean \"hall\"?");
    CHECK(ask(running, "screens/hall/week?from=2026-12-07&to=2026-12-08", 404)["detail"].get<std::string>().starts_with("nothing is published yet"));
    prepare(running);
    CHECK(ask(running, "screens/hall/forecast?from=2026-12-07&to=2026-12-20", 422)["detail"].get<std::string>().find("within 7 days") != std::string::npos);
    CHECK(ask(running, "screens/hall/explanation?at=mardi", 422)["detail"].get<std::string>().starts_with("at: a moment such as"));
    CHECK(running.client->put("/api/v1/school-holidays", "BEGIN:VCALENDAR\r\n").status == 422);
    CHECK(running.client->put("/api/v1/school-holidays", R"({"school_holidays":[{"name":"a","from":"2027-01-04","until":"2026-12-19"}]})").status == 422);
}

TEST_CASE("the command line simulates and explains what the server has published") {
    RunningServer running;
    prepare(running);
    Person anne{running};
    const Json simulated = Json::parse(anne.run({"simulate", "--screen", "hall", "--from", "2026-12-21", "--to", "2026-12-22", "--json"}));
    CHECK(simulated["items"].size() == 2 + 8 * 120);
    CHECK(simulated["shares"].size() == 3);
    CHECK(simulated["gaps"].empty());
    const Json explained = Json::parse(anne.run({"explain", "--screen", "hall", "--at", "2026-12-21T10:30", "--json"}));
    CHECK(explained["playlist"] == "vacances");
    CHECK(explained["shows"]["capsule"] == "trois");
}

TEST_CASE("the examples of the files that people write are pushed, published and foreseen") {
    RunningServer running;
    int theme = 0;
    for (const char* id : {"mot-de-passe", "message-frauduleux", "aide-proche", "affiche-atelier", "adresse-mail", "franceconnect", "premiere-demarche",
                           "parents-ecrans", "telephone-confort"})
        put_capsule(*running.client, id, "theme-" + std::to_string(theme++ % 5));
    Person anne{running};
    const std::string examples = std::string(CAPSULE_SOURCE_DIR) + "/playlists/cli/files/examples/";
    const std::string pushed = anne.run({"push", examples + "sites.csv", examples + "playlist.toml", examples + "parents.toml", examples + "schedule.toml",
                                         examples + "vacances.ics", "--store", running.folder.path() / "store"});
    for (const char* part : {"3 sites", "3 screens", "2 playlists", "3 schedules", "2 school holidays"})
        CHECK(pushed.find(part) != std::string::npos);
    const std::string published = anne.run({"publish"});
    INFO(published);
    CHECK(published.find("published programme 1") != std::string::npos);
    CHECK(published.find("problem") == std::string::npos);
    const Json monday = Json::parse(anne.run({"explain", "--screen", "fs-antony-hall", "--at", "2027-02-01T15:00", "--json"}));
    CHECK(monday["playlist"] == "parents");
    const Json holidays = Json::parse(anne.run({"explain", "--screen", "bib-boulogne-entree", "--at", "2026-12-22T15:00", "--json"}));
    CHECK(holidays["campaigns"][0]["percent"] == 20);
    const Json day = Json::parse(anne.run({"simulate", "--screen", "fs-antony-hall", "--from", "2026-12-08", "--to", "2026-12-09", "--json"}));
    for (const Json& share : day["shares"])
        CHECK(share["got"].get<int>() > 0);
}
