// The route table against openapi.yaml, and paths that are none.
#include "playlists/server/api/route_table.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <algorithm>
#include <fstream>
#include <set>

using namespace capsule;
using namespace capsule::server;

namespace {

// "GET /path access" for each operation of the contract; by indentation, which is all the YAML that is needed here.
std::set<std::string> operations_of_contract() {
    std::ifstream file(CAPSULE_SOURCE_DIR "/playlists/server/api/openapi.yaml");
    std::set<std::string> operations;
    std::string line, path, method;
    bool in_paths = false;
    while (std::getline(file, line)) {
        if (!line.empty() && line[0] != ' ')
            in_paths = line == "paths:";
        if (!in_paths)
            continue;
        if (line.starts_with("  /") && line.ends_with(":"))
            path = line.substr(2, line.size() - 3);
        for (const char* name : {"get", "post", "put", "patch", "delete", "options"})
            if (line == std::string("    ") + name + ":") {
                method = name;
                std::transform(method.begin(), method.end(), method.begin(),
                               [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            }
        if (line.starts_with("      x-access: "))
            operations.insert(method + " " + path + " " + line.substr(16));
    }
    return operations;
}

} // namespace

TEST_CASE("the route table and openapi.yaml name the same operations for the same people") {
    RunningServer running;
    std::set<std::string> routes;
    for (const Route& route : running.server->routes().routes())
        routes.insert(route.method + " " + route.pattern + " " + (route.access ? describe(*route.access) : ""));
    const auto contract = operations_of_contract();
    CHECK(contract.size() > 40);
    for (const std::string& route : routes)
        if (!contract.contains(route))
            FAIL_CHECK("openapi.yaml lacks " << route);
    for (const std::string& operation : contract)
        if (!routes.contains(operation))
            FAIL_CHECK("the route table lacks " << operation);
}

TEST_CASE("an unknown path is 404, a wrong method 405 with what is allowed, a bad identifier is told") {
    RunningServer running;
    HttpClient& client = *running.client;
    CHECK(client.get("/api/v1/nothing").status == 404);
    const HttpReply wrong = client.post("/healthz", "");
    CHECK(wrong.status == 405);
    CHECK(wrong.headers.at("allow") == "GET, HEAD");
    CHECK(client.post("/api/v1/nothing", "a body").status == 404);
    CHECK(client.post("/healthz", "a body").status == 405);
    const HttpReply bad = client.get("/api/v1/capsules/Mot%20de%20passe");
    CHECK(bad.status == 422);
    CHECK(bad.headers.at("content-type") == "application/problem+json");
    CHECK(bad.body.find("identifier") != std::string::npos);
}

TEST_CASE("no path leads out of the folders") {
    RunningServer running;
    running.settings.console = running.folder.path() / "console";
    SystemDisk disk;
    REQUIRE(disk.make_directories(running.settings.console / "assets").ok());
    REQUIRE(write_durably(disk, running.settings.console / "index.html", "<p>console</p>").ok());
    REQUIRE(write_durably(disk, running.settings.console / "secret.txt", "secret").ok());
    REQUIRE(write_durably(disk, running.settings.console / "assets" / "a.js", "let a;").ok());
    running.server.reset();
    running.start();
    HttpClient& client = *running.client;
    CHECK(client.get("/console/assets/a.js").body == "let a;");
    CHECK(client.get("/console/screens/x").body == "<p>console</p>");
    for (const char* path :
         {"/console/assets/../secret.txt", "/console/assets/..%2fsecret.txt", "/console/assets/%2e%2e/secret.txt",
          "/release/../server.db", "/release/..%2Fserver.db", "/blobs/../server.db", "/blobs/%2e%2e/server.db",
          "/release/index.json%00.html", "//etc/passwd", "/console/assets//etc/passwd", "/console/assets/.",
          "/%2e%2e/%2e%2e/etc/passwd", "/release/retired.json"}) {
        INFO(path);
        const HttpReply reply = client.get(path);
        CHECK((reply.status == 400 || reply.status == 404 || reply.status == 422));
        CHECK(reply.body.find("secret") == std::string::npos);
        CHECK(reply.body.find("root:") == std::string::npos);
    }
}
