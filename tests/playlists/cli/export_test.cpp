#include "content/store/store.hpp"
#include "tests/playlists/cli/person.hpp"
#include "tests/playlists/sync/test_release.hpp"

using namespace capsule;
using namespace capsule::cli;

namespace {

// A server with a small release, and somebody who exports it.
struct Office {
    FaultyHttpServer server;
    Person person;
    TestRelease release;
    std::string film = noise(100'000, 1);

    Office() {
        release.add_capsule("film", film);
        publish();
        person.sign_in(server);
    }
    void publish() {
        release.seal();
        for (const auto& [path, bytes] : release.files())
            server.put("/" + path, bytes, path.ends_with(".json") ? "application/json" : "application/octet-stream");
    }
    Path stick() const { return person.home.path() / "stick"; }
    int export_it() { return person.run({"export", "--to", stick().string()}); }
    std::size_t files_in(const char* folder) const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(stick() / folder))
            count += entry.is_regular_file();
        return count;
    }
};

} // namespace

TEST_CASE("an export is the release with its blobs, and a second one fetches no blob again") {
    Office office;
    REQUIRE(office.export_it() == 0);
    CHECK(office.files_in("blobs") == 1);
    for (const char* name : {"1.root.json", "timestamp.json"})
        CHECK(*office.person.disk.read(office.stick() / "release" / name, 1 << 20) == office.release.files().at(std::string("release/") + name));
    CHECK(office.export_it() == 0);
    CHECK(office.person.out.str().find(" 0 of them new") != std::string::npos);
}

TEST_CASE("an export that fails leaves nothing half done, and the next one goes well") {
    Office office;
    const std::string path = "/blobs/" + sha256(office.film).hex();
    const auto spoil = GENERATE(0, 1, 2);
    if (spoil == 0)
        office.server.put(path, office.film + "and more");
    else if (spoil == 1)
        office.server.put(path, noise(office.film.size(), 2));
    else
        office.server.answer_with([path](const Request& request) {
            Answer answer;
            answer.status = request.target == path ? 200 : 0;
            answer.body = std::string(60'000, 'x');
            answer.announced_length = 100'000;
            return answer;
        });
    CHECK(office.export_it() == 1);
    CHECK(office.person.one_line());
    CHECK(office.files_in("incoming") == 0);
    CHECK(office.files_in("blobs") == 0);
    CHECK_FALSE(std::filesystem::exists(office.stick() / "release" / "timestamp.json")); // the switch
    office.server.answer_with({});
    office.server.put(path, office.film);
    CHECK(office.export_it() == 0);
    CHECK(office.files_in("blobs") == 1);
}

TEST_CASE("a server whose roots never end is read to a bound only") {
    Office office;
    const bool large = GENERATE(false, true);
    office.server.answer_with([large](const Request& request) {
        Answer answer;
        answer.status = 0;
        if (request.target.ends_with(".root.json")) {
            answer.status = 200;
            answer.body = test_root(std::stoll(request.target.substr(9))) + std::string(large ? 500'000 : 0, ' ');
        }
        return answer;
    });
    CHECK(office.export_it() == 1);
    CHECK(office.person.one_line());
    CHECK(office.server.requests().size() < (large ? 50 : 1100));
    CHECK(office.server.body_bytes_sent() < 20'000'000);
}

TEST_CASE("a root that is not what its name says is not exported") {
    Office office;
    office.server.put("/release/2.root.json", test_root(3), "application/json");
    CHECK(office.export_it() == 1);
    CHECK(office.person.err.str().find("2.root.json") != std::string::npos);
}

TEST_CASE("a later export removes what no release names any more, and only what an export brought") {
    Office office;
    const auto screen_only = GENERATE(false, true);
    const auto export_it = [&] {
        return screen_only ? office.person.run({"export", "--screen", "hall", "--to", office.stick().string()}) : office.export_it();
    };
    office.release.add_screen("salle");
    office.release.add_playlist("autre", "salle");
    office.release.add_capsule("ailleurs", noise(2000, 3), "autre");
    office.publish();
    REQUIRE(office.export_it() == 0);
    CHECK(office.files_in("blobs") == 2);
    const std::size_t files = office.files_in("release");
    const std::string own = noise(500, 4); // of somebody who keeps a store in the same place
    REQUIRE(Store(office.person.disk, office.stick()).add_bytes(own));
    REQUIRE(write_durably(office.person.disk, office.stick() / "release" / "notes.txt", "mine"));

    office.release.remove_capsule("film");
    office.release.add_capsule("suite", noise(3000, 5));
    ++office.release.release.programme.number;
    office.publish();
    REQUIRE(export_it() == 0);
    CHECK(office.files_in("blobs") == 3); // what another screen needs stays too
    CHECK_FALSE(Store(office.person.disk, office.stick()).has(sha256(office.film)));
    CHECK(Store(office.person.disk, office.stick()).has(sha256(own)));
    CHECK(office.files_in("release") == files + 1);
    CHECK(std::filesystem::exists(office.stick() / "release" / "notes.txt"));
    CHECK(office.person.out.str().find("1 that no release names any more removed") != std::string::npos);
}

TEST_CASE("an export that fails removes nothing of the one before, and the next knows what it left") {
    Office office;
    REQUIRE(office.export_it() == 0);
    office.release.remove_capsule("film");
    const std::string second = noise(3000, 5), third = noise(3000, 6);
    office.release.add_capsule("suite", second);
    office.release.add_capsule("fin", third);
    ++office.release.release.programme.number;
    office.publish();
    const bool second_is_first = sha256(second) < sha256(third);
    office.server.remove("/blobs/" + sha256(second_is_first ? third : second).hex()); // the one that comes last
    CHECK(office.export_it() == 1);
    Store stick(office.person.disk, office.stick());
    CHECK(stick.has(sha256(office.film)));
    CHECK(stick.has(sha256(second_is_first ? second : third)));

    office.release.remove_capsule("suite");
    office.release.remove_capsule("fin");
    ++office.release.release.programme.number;
    office.release.add_capsule("film", office.film);
    office.publish();
    CHECK(office.export_it() == 0);
    CHECK(office.files_in("blobs") == 1);
}

TEST_CASE("a list of what was exported that says something else removes nothing outside the release") {
    Office office;
    REQUIRE(office.export_it() == 0);
    const Path outside = office.person.home.path() / "precious.json";
    REQUIRE(write_durably(office.person.disk, outside, "{}"));
    const bool readable = GENERATE(true, false);
    REQUIRE(write_durably(office.person.disk, office.stick() / "exported.json",
                          readable ? R"({"format":1,"blobs":["../../precious.json",7],"files":["../../precious.json","timestamp.json"]})" : "{"));
    CHECK(office.export_it() == 0);
    CHECK(std::filesystem::exists(outside));
    CHECK(std::filesystem::exists(office.stick() / "release" / "timestamp.json"));
    CHECK(office.files_in("blobs") == 1);
}
