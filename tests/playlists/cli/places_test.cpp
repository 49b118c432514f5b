#include "playlists/cli/command_line.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/faulty_http_server.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace capsule;

namespace {

struct Person {
    TemporaryFolder home;
    FakeClock clock;
    SystemDisk disk;
    std::ostringstream out, err;

    int run(std::vector<std::string> words) {
        out.str("");
        err.str("");
        cli::Terminal terminal{out, err, clock, disk, false, [](const std::string&) -> Result<std::string> { return std::string(); },
                               [this](const char* name) { return std::string(name) == "HOME" ? home.path().string() : std::string(); }};
        words.insert(words.begin(), "capsule");
        std::vector<const char*> argv;
        for (const auto& word : words)
            argv.push_back(word.c_str());
        return cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
    }
    std::string file(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((home.path() / name).parent_path());
        std::ofstream(home.path() / name, std::ios::binary) << text;
        return (home.path() / name).string();
    }
};

const std::string directory = "id,nom,adresse,commune,latitude,longitude,date_maj,horaires\n"
                              "a,Médiathèque,1 rue A,Antony,48.7560,2.2967,2026-11-01,Mo-Su 09:00-12:00\n"
                              ",Sans nom,2 rue B,Antony,48.7560,2.2967,2026-11-01,\n"
                              "c,Ancien,3 rue C,Antony,48.7533,2.2967,2024-11-01,\n";

} // namespace

TEST_CASE("places import says of every row whether it was taken, for people and for programs") {
    Person person;
    const auto file = person.file("lieux.csv", directory), out = (person.home.path() / "places.json").string();
    CHECK(person.run({"places", "import", file, "--out", out}) == 0);
    CHECK(person.out.str().find(file + ": 3 rows, 2 places taken, 1 refused") == 0);
    CHECK(person.err.str() == file + ":3: id: is missing; the row is not taken\n");
    CHECK(std::filesystem::exists(out));

    CHECK(person.run({"places", "import", file, out, "--json"}) == 0);
    const auto report = nlohmann::json::parse(person.out.str());
    CHECK(report["rows"] == 5);
    CHECK(report["taken"] == 2);
    CHECK(report["refused"].size() == 3); // the document has the same two again
    CHECK(report["refused"][0]["file"] == file);
    CHECK(report["refused"][0]["row"] == 3);
    CHECK(report["refused"][0]["column"] == "id");
    CHECK(report["remarks"].size() > 0);

    CHECK(person.run({"places", "import", person.file("x.csv", "a,b\n1,2\n")}) == 1);
    CHECK(person.run({"places", "import", "/nowhere/lieux.csv"}) == 1);
    CHECK(person.run({"places"}) == 2);
    CHECK(person.run({"places", "import"}) == 2);
}

TEST_CASE("places nearest tells what a screen there would") {
    Person person;
    const auto file = person.file("lieux.csv", directory);
    const std::vector<std::string> here{"places", "nearest", file, "--latitude", "48.7533", "--longitude", "2.2967", "--at", "2026-11-24T10:00", "--json"};
    CHECK(person.run(here) == 0);
    auto list = nlohmann::json::parse(person.out.str());
    REQUIRE(list.size() == 1);
    CHECK(list[0]["id"] == "a");
    CHECK(list[0]["metres"].get<double>() == Approx(300.3).margin(0.1));
    CHECK(list[0]["ouverture"] == "Ouvert jusqu’à 12\u00a0h");
    auto all = here;
    all.push_back("--all");
    CHECK(person.run(all) == 0);
    list = nlohmann::json::parse(person.out.str());
    REQUIRE(list.size() == 2);
    CHECK(list[0]["id"] == "c");
    CHECK(list[0]["metres"] == 0);
    CHECK(person.run({"places", "nearest", file, "--latitude", "95", "--longitude", "2"}) == 2);
    CHECK(person.run({"places", "nearest", file, "--latitude", "48", "--longitude", "2", "--at", "mardi"}) == 2);
    CHECK(person.run({"places", "nearest", file, "--latitude", "10", "--longitude", "2"}) == 0);
    CHECK(person.out.str().find("no place within 10 km") == 0);
}

TEST_CASE("push sends a directory of places as one, and takes a file that speaks of screens for sites") {
    FaultyHttpServer server;
    server.answer_with([](const FaultyHttpServer::Request&) {
        return FaultyHttpServer::Answer{200, {{"Content-Type", "application/json"}}, "{}", {}, false, {}, 0};
    });
    Person person;
    person.file(".config/capsule/token.json", R"({"format":1,"server":")" + server.address() + R"(","token":"secret-token"})");
    const auto first = person.file("lieux.csv", directory), second = person.file("autres.json", R"([{"id":"d","nom":"D"}])");
    CHECK(person.run({"push", first, second}) == 0);
    CHECK(person.out.str().find("3 places") != std::string::npos);
    REQUIRE(server.requests().size() == 1);
    const auto request = server.requests().front();
    CHECK(request.target == "/api/v1/directory/places");
    const auto document = nlohmann::json::parse(request.body);
    CHECK(document["format"] == 1);
    REQUIRE(document["places"].size() == 3);
    CHECK(document["places"][0]["latitude_e6"] == 48'756'000);

    const auto sites = person.file("parc.csv", "id,nom,commune,code_postal,code_insee,ecran_id\na,A,Antony,92160,92002,\n");
    CHECK(person.run({"push", sites}) == 0);
    CHECK(server.requests().back().target == "/api/v1/sites/a");
    const auto bare = person.file("sites-92.csv", "id,nom,commune,code_postal,code_insee\nb,B,Antony,92160,92002\n");
    CHECK(person.run({"push", bare}) == 0);
    CHECK(server.requests().back().target == "/api/v1/sites/b");
}
