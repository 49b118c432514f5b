// QR links under bad conditions: a locked database, somebody who will not stop; and that nothing about people stays.
#include "playlists/server/redirect/scan_limit.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

using namespace capsule;

namespace {

constexpr const char* hall = R"({"site":"fs-antony","name":"Hall"})";

std::string code_of_hall(HttpClient& client) {
    REQUIRE(client.put("/api/v1/sites/fs-antony", R"({"name":"Antony","commune":"92002","postcode":"92160"})").status == 201);
    return RunningServer::after(client.put("/api/v1/screens/fs-antony-hall", hall).body, "\"code\":\"", 3) + "000";
}

std::int64_t scans_in(const Path& data) {
    auto database = sqlite::Database::open(data / "server.db");
    auto select = database->prepare("SELECT COALESCE(SUM(scans),0) FROM scan_count");
    REQUIRE(*select->step());
    return select->integer(0);
}

} // namespace

TEST_CASE("a link is answered at once while the database is locked, and counted when it is free") {
    RunningServer running;
    const std::string code = code_of_hall(*running.client);
    auto other = sqlite::Database::open(running.settings.data / "server.db");
    REQUIRE(other->execute("BEGIN IMMEDIATE").ok());
    HttpClient phone(running.url());
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
        const HttpReply reply = phone.get("/Q/" + code);
        CHECK(reply.status == 302);
        CHECK(reply.headers.at("location").find("antony-92160") != std::string::npos);
    }
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(4)); // far less than one wait for the lock
    REQUIRE(other->execute("ROLLBACK").ok());
    running.server.reset();
    CHECK(scans_in(running.settings.data) == 20);
}

TEST_CASE("a link is answered when the database cannot even be opened") {
    RunningServer running;
    const std::string code = code_of_hall(*running.client);
    std::filesystem::permissions(running.settings.data, std::filesystem::perms::owner_all);
    std::filesystem::rename(running.settings.data / "server.db", running.settings.data / "away.db");
    std::filesystem::create_directory(running.settings.data / "server.db");
    CHECK(HttpClient(running.url()).get("/Q/" + code).status == 302);
    std::filesystem::remove(running.settings.data / "server.db");
    std::filesystem::rename(running.settings.data / "away.db", running.settings.data / "server.db");
}

TEST_CASE("of one code so many uses count in a minute, and no more; all are answered") {
    RunningServer running;
    running.server.reset();
    running.settings.scans_per_minute = 5;
    running.start();
    running.client->always("Authorization: Bearer " + running.token("anne"));
    const std::string code = code_of_hall(*running.client);
    HttpClient phone(running.url());
    for (int minute = 0; minute < 3; ++minute) {
        for (int i = 0; i < 20; ++i)
            CHECK(phone.get("/Q/" + code).status == 302);
        running.clock.advance(std::chrono::minutes(1));
    }
    CHECK(phone.get("/metrics").body.find("capsule_scans_held_back_total 45") != std::string::npos);
    running.server.reset();
    CHECK(scans_in(running.settings.data) == 15);
    server::ScanLimit limit(1);
    CHECK(limit.admit("A", Instant{}));
    CHECK_FALSE(limit.admit("A", Instant{}));
    CHECK(limit.admit("B", Instant{}));
}

TEST_CASE("of ten thousand uses of links nothing about who used them is found, neither in files nor in what is logged") {
    TemporaryFolder folder;
    const Path data = folder.path() / "data", log = folder.path() / "log", home = folder.path() / "home";
    std::filesystem::create_directories(home);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(ends[1], 1);
        ::dup2(file, 2);
        ::setenv("TMPDIR", home.c_str(), 1);
        ::setenv("HOME", home.c_str(), 1);
        ::execl(CAPSULE_BINARY_DIR "/capsule-server", "capsule-server", "--data", data.c_str(), "--listen", "0.0.0.0:0",
                "--public-url", "http://x.example", "--scans-per-minute", "1000000", "--log-level", "debug", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    std::string printed;
    char c = 0;
    while (std::count(printed.begin(), printed.end(), '\n') < 2 && ::read(ends[0], &c, 1) == 1)
        printed += c;
    ::close(ends[0]);
    const std::string port = RunningServer::after(printed, "listening on http://0.0.0.0:", 5),
                      digits = port.substr(0, port.find('\n'));
    const std::string secret = RunningServer::after(printed, "#premier-compte=", 32);
    HttpClient client("http://127.0.0.1:" + digits);
    client.post("/api/v1/accounts/first",
                R"({"secret":")" + secret + R"(","login":"anne","password":"un mot de passe bien long"})");
    const HttpReply session =
        client.post("/api/v1/sessions", R"({"login":"anne","password":"un mot de passe bien long","kind":"token"})");
    client.always("Authorization: Bearer " + RunningServer::after(session.body, "\"token\":\"", 64));
    const std::string code = code_of_hall(client);

    // An address that nothing else uses; all of 127/8 is this machine's.
    const std::string address = "127.83.119.201", agent = "Telephone-de-Camille/7.13", cookie = "suivi=cookie-unique-4711",
                      referrer = "https://origine-unique.example/";
    CURL* phone = curl_easy_init();
    curl_easy_setopt(phone, CURLOPT_URL, ("http://127.0.0.1:" + digits + "/Q/" + code + "?id=parametre-unique").c_str());
    curl_easy_setopt(phone, CURLOPT_INTERFACE, address.c_str());
    curl_easy_setopt(phone, CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(phone, CURLOPT_COOKIE, cookie.c_str());
    curl_easy_setopt(phone, CURLOPT_REFERER, referrer.c_str());
    curl_slist* more = curl_slist_append(nullptr, "X-Forwarded-For: 203.0.113.77");
    curl_easy_setopt(phone, CURLOPT_HTTPHEADER, more);
    std::string answer;
    curl_easy_setopt(phone, CURLOPT_HEADER, 1L);
    curl_easy_setopt(phone, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(
        phone, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t size, std::size_t count, void* to) {
            static_cast<std::string*>(to)->append(bytes, size * count);
            return size * count;
        });
    int answered = 0;
    for (int i = 0; i < 10'000; ++i) {
        answer.clear();
        if (curl_easy_perform(phone) == CURLE_OK && answer.find("302") != std::string::npos)
            ++answered;
    }
    CHECK(answered == 10'000);
    CHECK(answer.find("Set-Cookie") == std::string::npos);
    CHECK(answer.find("parametre-unique") == std::string::npos);
    curl_slist_free_all(more);
    curl_easy_cleanup(phone);

    // While it runs and after it has ended: the database with its log, all other files, and what was logged.
    const auto found = [&] {
        std::vector<std::string> places;
        std::vector<std::string> needles = {address,          agent,          "Telephone-de-Camille", "cookie-unique",
                                            "origine-unique", "203.0.113.77", "parametre-unique"};
        needles.push_back({char(127), char(83), char(119), char(201)}); // the address as four bytes, in either order
        needles.push_back({char(201), char(119), char(83), char(127)});
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            std::stringstream bytes;
            bytes << file.rdbuf();
            for (const std::string& needle : needles)
                if (bytes.str().find(needle) != std::string::npos)
                    places.push_back(entry.path().string() + ": " + needle);
        }
        return places;
    };
    CHECK(found().empty());
    ::kill(child, SIGTERM);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(found().empty());
    CHECK(scans_in(data) == 10'000);
}
