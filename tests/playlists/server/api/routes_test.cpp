// The route table against openapi.yaml, and every route against every role.
#include "playlists/server/api/route_table.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <algorithm>
#include <fstream>
#include <set>

using namespace capsule;
using namespace capsule::server;

namespace {

std::string access_name(Access access) {
    switch (access) {
    case Access::anybody:
        return "anybody";
    case Access::device:
        return "device";
    case Access::reception:
        return "reception";
    case Access::evaluator:
        return "evaluator";
    case Access::contributor:
        return "contributor";
    case Access::coordinator:
        return "coordinator";
    case Access::administrator:
        return "administrator";
    }
    return {};
}

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

// A path that the route matches.
std::string example(std::string pattern) {
    const std::map<std::string, std::string> values = {{"{id}", "x"},
                                                       {"{sha256}", std::string(64, 'a')},
                                                       {"{device}", std::string(16, 'a')},
                                                       {"{upload}", std::string(32, 'a')},
                                                       {"{job}", std::string(32, 'a')},
                                                       {"{journal}", std::string(32, 'a')},
                                                       {"{document}", std::string(64, 'a') + ".now.json"},
                                                       {"{code}", "7K32P4"},
                                                       {"{rest}", ""}};
    for (const auto& [name, value] : values)
        if (const std::size_t at = pattern.find(name); at != std::string::npos)
            pattern.replace(at, name.size(), value);
    return pattern;
}

} // namespace

TEST_CASE("the route table and openapi.yaml name the same operations for the same people") {
    RunningServer running;
    std::set<std::string> routes;
    for (const Route& route : running.server->routes().routes())
        routes.insert(route.method + " " + route.pattern + " " + access_name(route.access));
    const auto contract = operations_of_contract();
    CHECK(contract.size() > 40);
    for (const std::string& route : routes)
        if (!contract.contains(route))
            FAIL_CHECK("openapi.yaml lacks " << route);
    for (const std::string& operation : contract)
        if (!routes.contains(operation))
            FAIL_CHECK("the route table lacks " << operation);
}

TEST_CASE("each route refuses whoever is below its role, and nobody above") {
    RunningServer running;
    running.add_account("claire", "coordinator");
    running.add_account("karim", "contributor");
    running.add_account("eve", "evaluator");
    running.add_account("rita", "reception");
    const std::vector<std::pair<Role, std::string>> people = {{Role::administrator, running.token("anne")},
                                                              {Role::coordinator, running.token("claire")},
                                                              {Role::contributor, running.token("karim")},
                                                              {Role::evaluator, running.token("eve")},
                                                              {Role::reception, running.token("rita")}};
    HttpClient anonymous(running.url());
    const std::string body = "{}";
    for (const Route& route : running.server->routes().routes()) {
        const std::string path = example(route.pattern);
        INFO(route.method << " " << path);
        const std::string* sent = route.body == Admission::Body::none ? nullptr : &body;
        const long status = anonymous.send(route.method, path, sent, {}).status;
        if (route.access == Access::anybody) {
            CHECK((status != 401 || path == "/api/v1/sessions")); // there it is the answer to a wrong password
            continue;
        }
        CHECK(status == 401);
        if (route.access == Access::device) {
            CHECK(anonymous.send(route.method, path, sent, {"Authorization: Bearer " + people.front().second}).status == 401);
            continue;
        }
        for (const auto& [role, token] : people) {
            if (route.method == "DELETE" && route.pattern == "/api/v1/session")
                break; // would sign the others' tokens out
            INFO(to_string(role));
            const long answer = anonymous.send(route.method, path, sent, {"Authorization: Bearer " + token}).status;
            if (role < *role_needed(route.access)) {
                CHECK(answer == 403);
            } else {
                CHECK(answer != 401);
                CHECK(answer != 403);
                CHECK(answer != 500);
            }
        }
    }
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
