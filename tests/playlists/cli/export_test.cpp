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
        release.seal();
        for (const auto& [path, bytes] : release.files())
            server.put("/" + path, bytes, path.ends_with(".json") ? "application/json" : "application/octet-stream");
        person.sign_in(server);
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
