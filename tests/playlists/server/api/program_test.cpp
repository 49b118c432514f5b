// The program as it is run: its lines, its exit codes, and being killed in the middle of publishing.
#include "playlists/model/programme.hpp"
#include "playlists/release/index.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/http_client.hpp"
#include "tests/fakes/running_server.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace capsule;

namespace {

// capsule-server as a child; its output is read line by line.
class Program {
public:
    explicit Program(std::vector<std::string> arguments) {
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        arguments.insert(arguments.begin(), CAPSULE_BINARY_DIR "/capsule-server");
        m_child = ::fork();
        if (m_child == 0) {
            ::dup2(ends[1], 1);
            ::dup2(ends[1], 2);
            std::vector<char*> argv;
            for (auto& argument : arguments)
                argv.push_back(argument.data());
            argv.push_back(nullptr);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        m_output = ends[0];
    }
    ~Program() {
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
        ::close(m_output);
    }
    std::string line() {
        std::string text;
        char c = 0;
        while (::read(m_output, &c, 1) == 1 && c != '\n')
            text += c;
        return text;
    }
    void signal(int number) { ::kill(m_child, number); }
    int wait() {
        int status = 0;
        ::waitpid(m_child, &status, 0);
        m_child = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    // "http://…", and the first account's secret in `secret` when there is one to make.
    std::string url(std::string* secret = nullptr) {
        const std::string first = line();
        REQUIRE(first.starts_with("listening on http://"));
        if (secret)
            *secret = RunningServer::after(line(), "#premier-compte=", 32);
        return first.substr(13);
    }

private:
    pid_t m_child = -1;
    int m_output = -1;
};

} // namespace

TEST_CASE("the program prints its address and the link of the first account, and ends within a second of SIGTERM") {
    TemporaryFolder folder;
    const std::string data = (folder.path() / "data").string();
    Program program({"--data", data, "--listen", "127.0.0.1:0"});
    std::string secret;
    const std::string url = program.url(&secret);
    CHECK(secret.size() == 32);
    HttpClient client(url);
    CHECK(client.get("/healthz").body == R"({"status":"ok"})");
    const auto start = std::chrono::steady_clock::now();
    program.signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("what cannot work ends the program with one clear line and its code") {
    TemporaryFolder folder;
    const std::string data = (folder.path() / "data").string();
    const auto ends = [](std::vector<std::string> arguments, int code, const std::string& part) {
        Program program(std::move(arguments));
        const std::string line = program.line();
        INFO(line);
        CHECK(line.starts_with("capsule-server: "));
        CHECK(line.find(part) != std::string::npos);
        CHECK(program.line().empty());
        CHECK(program.wait() == code);
    };
    ends({}, 2, "--help");
    ends({"--data", data}, 2, "--listen");
    ends({"--data", data, "--listen", "127.0.0.1:0", "--nonsense"}, 2, "--nonsense");
    ends({"--data", data, "--listen", "here"}, 2, "ADDRESS:PORT");
    ends({"--data", data, "--listen", "127.0.0.1:0", "--public-url", "ftp://x"}, 2, "--public-url");
    ends({"--data", "/proc/nowhere", "--listen", "127.0.0.1:0"}, 1, "/proc/nowhere");
    CHECK_FALSE(std::filesystem::exists(data));

    Program running({"--data", data, "--listen", "127.0.0.1:0"});
    const std::string url = running.url();
    ends({"--data", data + "2", "--listen", url.substr(7)}, 1, "already in use");
    CHECK_FALSE(std::filesystem::exists(data + "2"));
    ends({"--data", data, "--listen", "127.0.0.1:0"}, 1, "in use by another");
}

TEST_CASE("a server that is killed while publishing starts again with a whole release") {
    TemporaryFolder folder;
    const std::string data = (folder.path() / "data").string();
    std::string token;
    std::int64_t number = 0;
    for (int round = 0; round < 6; ++round) {
        Program program({"--data", data, "--listen", "127.0.0.1:0"});
        std::string secret;
        const std::string url = program.url(round == 0 ? &secret : nullptr);
        HttpClient client(url);
        if (round == 0) {
            REQUIRE(client
                        .post("/api/v1/accounts/first",
                              R"({"secret":")" + secret + R"(","login":"anne","password":"assez long pour passer"})")
                        .status == 201);
            token = RunningServer::after(
                client.post("/api/v1/sessions", R"({"login":"anne","password":"assez long pour passer","kind":"token"})").body,
                "\"token\":\"", 64);
        }
        client.always("Authorization: Bearer " + token);
        const std::string media = "media";
        if (round == 0) {
            REQUIRE(client.put("/api/v1/blobs/" + sha256(media).hex(), media).status == 201);
            REQUIRE(client
                        .put("/api/v1/capsules/a",
                             R"({"title":{"fr":"A"},"kind":"video","versions":[{"language":"fr","sha256":")" +
                                 sha256(media).hex() +
                                 R"(","bytes":5,"type":"video/mp4","duration_ms":1000,"width":64,"height":64,"fps":[25,1]}]})")
                        .status == 201);
            REQUIRE(client.put("/api/v1/schedules/s", R"({"playlist":"p","where":{"all":[]}})").status == 201);
        }
        // Publishes change after change until the server is gone.
        std::thread publisher([&] {
            for (int weight = 1;; weight = weight % 9 + 1) {
                if (client.put("/api/v1/playlists/p", R"({"items":[{"capsule":"a","weight":)" + std::to_string(weight) + "}]}")
                        .status == 0)
                    return;
                if (client.post("/api/v1/publish", "").status == 0)
                    return;
            }
        });
        std::thread uploader([&] {
            HttpClient other(url);
            other.always("Authorization: Bearer " + token);
            for (int i = 0;; ++i) {
                const std::string bytes = std::string(200'000, static_cast<char>('a' + round)) + std::to_string(i);
                if (other.put("/api/v1/blobs/" + sha256(bytes).hex(), bytes).status == 0)
                    return;
            }
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(60 + 37 * round));
        program.signal(SIGKILL);
        publisher.join();
        uploader.join();
        program.wait();

        SystemDisk disk;
        CHECK(disk.list(Path(data) / "incoming")->empty()); // uploads/ is emptied at each start
        const auto index = parse_release_index(*disk.read(Path(data) / "release" / "index.json", 1 << 20));
        REQUIRE(index.ok());
        if (!index->programme)
            continue;
        const auto text =
            disk.read(Path(data) / "release" / document_file_name(DocumentKind::programme, index->programme->sha256), 1 << 20);
        REQUIRE(text.ok());
        CHECK(sha256(*text) == index->programme->sha256);
        const auto programme = parse_programme(*text);
        REQUIRE(programme.ok());
        CHECK(programme->number == index->programme->number);
        CHECK(programme->number >= number);
        number = programme->number;
    }
    CHECK(number > 0);
}
