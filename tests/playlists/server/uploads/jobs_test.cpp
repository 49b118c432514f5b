#include "content/ingest/cell.hpp"
#include "content/ingest/child.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/server/uploads/tus_client.hpp"

#include <nlohmann/json.hpp>

#include <thread>

using namespace capsule;
using Json = nlohmann::json;

namespace {

// As the program does it: masters are opened in a cell.
struct ServerWithCells : RunningServer {
    ServerWithCells() { ingest::use_cells_of(Path(CAPSULE_BINARY_DIR) / "capsule-server"); }
};

std::string clip(const RunningServer& running, const std::vector<std::string>& arguments) {
    const Path path = running.folder.path() / "clip.mp4";
    ChildCommand command;
    command.arguments = {"ffmpeg", "-nostdin", "-v", "error", "-y"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.arguments.push_back(path.string());
    command.isolation = Isolation::none;
    const auto outcome = run_child(command);
    REQUIRE(outcome);
    INFO(outcome->errors);
    REQUIRE(outcome->good());
    return read_whole(path);
}

std::string test_picture(const RunningServer& running, int seconds, const std::string& size = "320x180") {
    return clip(running, {"-f", "lavfi", "-i", "testsrc2=s=" + size + ":r=25:d=" + std::to_string(seconds), "-c:v", "libx264", "-preset",
                          "ultrafast", "-pix_fmt", "yuv420p"});
}

std::string upload(HttpClient& client, const std::string& bytes, const std::string& name = "film.mp4") {
    const std::string path = begin_upload(client, bytes.size(), name);
    REQUIRE(send_piece(client, path, 0, bytes).status == 204);
    return path.substr(path.rfind('/') + 1);
}

std::string ask(HttpClient& client, const Json& request) {
    const HttpReply reply = client.post("/api/v1/jobs", request.dump());
    INFO(reply.body);
    REQUIRE(reply.status == 201);
    return Json::parse(reply.body).at("id");
}

Json job(HttpClient& client, const std::string& id) { return Json::parse(client.get("/api/v1/jobs/" + id).body); }

template <typename Condition>
Json wait_for(HttpClient& client, const std::string& id, Condition condition) {
    Json state;
    for (int i = 0; i < 2000; ++i) {
        state = job(client, id);
        if (condition(state))
            return state;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL("the job stays " << state.dump());
    return state;
}

bool has_ended(const Json& state) { return state.at("ended").is_string(); }

} // namespace

TEST_CASE("an upload becomes a version whose files are there, and the upload is gone") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const std::string id = upload(client, test_picture(running, 1));
    const std::string made = ask(client, {{"upload", id},
                                          {"language", "fr"},
                                          {"captions", {{{"language", "fr"}, {"text", "WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour\n"}}}}});
    CHECK(client.post("/api/v1/jobs", Json{{"upload", id}}.dump()).status == 409); // being prepared already
    const Json done = wait_for(client, made, has_ended);
    INFO(done.dump());
    REQUIRE(done.at("state") == "done");
    CHECK(done.at("progress") == 1.0);
    CHECK(done.at("name") == "film.mp4");
    const Json version = done.at("result").at("version");
    CHECK(done.at("result").at("kind") == "video");
    CHECK(version.at("duration_ms") == 1000);
    const HttpReply video = client.get("/blobs/" + version.at("sha256").get<std::string>());
    CHECK(video.status == 200);
    CHECK(video.headers.at("content-type") == "video/mp4");
    CHECK(client.get("/blobs/" + version.at("thumbnail").at("sha256").get<std::string>()).headers.at("content-type") == "image/webp");
    CHECK(client.get("/blobs/" + version.at("captions").at(0).at("sha256").get<std::string>()).body.find("Bonjour") != std::string::npos);
    CHECK(tus(client, "HEAD", "/api/v1/uploads/" + id, nullptr).status == 404);
    const HttpReply kept = client.put("/api/v1/capsules/essai", Json{{"title", {{"fr", "Essai"}}}, {"kind", "video"}, {"versions", {version}}}.dump());
    CHECK(kept.status == 201);
}

TEST_CASE("a job that was under way when the server ended runs again, and its upload was kept") {
    ServerWithCells running;
    const std::string id = upload(*running.client, test_picture(running, 20, "1280x720"));
    const std::string token = running.token("anne");
    const std::string made = ask(*running.client, {{"upload", id}});
    wait_for(*running.client, made, [](const Json& state) { return state.at("state") == "running"; });
    running.server.reset();
    {
        auto database = sqlite::Database::open(running.settings.data / "server.db");
        auto select = database->prepare("SELECT state, begun FROM jobs");
        REQUIRE(select->step());
        CHECK(select->text(0) == "waiting");
        CHECK(select->integer(1) == 0); // an orderly end is not held against it
        REQUIRE(database->execute("UPDATE jobs SET state='running', begun=1")); // as after a kill
    }
    running.start();
    running.client->always("Authorization: Bearer " + token);
    CHECK(wait_for(*running.client, made, has_ended).at("state") == "done");
}

TEST_CASE("a job that took the server down three times has failed") {
    ServerWithCells running;
    const std::string id = upload(*running.client, "no film");
    const std::string token = running.token("anne");
    const std::string made = ask(*running.client, {{"upload", id}});
    wait_for(*running.client, made, has_ended);
    running.server.reset();
    {
        auto database = sqlite::Database::open(running.settings.data / "server.db");
        REQUIRE(database->execute("UPDATE jobs SET state='running', begun=3, ended_ms=NULL, code=NULL, why=NULL"));
    }
    running.start();
    running.client->always("Authorization: Bearer " + token);
    const Json failed = wait_for(*running.client, made, has_ended);
    CHECK(failed.at("state") == "failed");
    CHECK(failed.at("why").at("code") == "interrupted");
}

TEST_CASE("a cancelled job ends at once and says so, waiting or running") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const std::string bytes = test_picture(running, 30, "1280x720");
    const std::string first = ask(client, {{"upload", upload(client, bytes)}}), second = ask(client, {{"upload", upload(client, bytes)}});
    wait_for(client, first, [](const Json& state) { return state.at("state") == "running" && state.at("progress").get<double>() > 0; });
    CHECK(client.remove("/api/v1/jobs/" + second).status == 204);
    CHECK(job(client, second).at("state") == "cancelled");
    CHECK(client.remove("/api/v1/jobs/" + first).status == 204);
    const Json ended = wait_for(client, first, has_ended);
    CHECK(ended.at("state") == "cancelled");
    CHECK(ended.at("why").at("text") == "Préparation annulée.");
    CHECK(client.remove("/api/v1/jobs/" + first).status == 409);
    SystemDisk disk;
    CHECK(disk.list(running.settings.data / "uploads")->empty());
}

TEST_CASE("a master that is none fails in words, and the queue goes on") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const std::string sound = clip(running, {"-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"});
    const std::vector<std::pair<std::string, std::string>> masters = {
        {"this is no film", "damaged"}, {sound, "no-picture"}, {std::string(65536, '\0'), "damaged"}, {test_picture(running, 1), ""}};
    for (const auto& [bytes, code] : masters) {
        const Json ended = wait_for(client, ask(client, {{"upload", upload(client, bytes)}}), has_ended);
        INFO(ended.dump());
        CHECK(ended.at("state") == (code.empty() ? "done" : "failed"));
        if (!code.empty()) {
            CHECK(ended.at("why").at("code") == code);
            CHECK(ended.at("why").at("text").get<std::string>().size() > 20);
            CHECK(ended.at("result").is_null());
        }
    }
}

TEST_CASE("a request that cannot be read is refused, and the upload is free for another") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const std::string id = upload(client, "x");
    for (const char* body : {"{}", "[]", R"({"upload":"../../etc/passwd"})", R"({"upload":"ID","language":"français !"})",
                             R"({"upload":"ID","captions":[{"language":"fr","text":"no cue here"}]})", R"({"upload":"ID","duration_ms":5})"}) {
        std::string text = body;
        if (const auto at = text.find("ID"); at != std::string::npos)
            text.replace(at, 2, id);
        INFO(text);
        CHECK(client.post("/api/v1/jobs", text).status == 422);
    }
    CHECK(client.post("/api/v1/jobs", Json{{"upload", std::string(32, 'a')}}.dump()).status == 404);
    const std::string half = begin_upload(client, 100);
    CHECK(client.post("/api/v1/jobs", Json{{"upload", half.substr(half.rfind('/') + 1)}}.dump()).status == 409);
    CHECK(client.post("/api/v1/jobs", Json{{"upload", id}}.dump()).status == 201);
}

TEST_CASE("people see their own jobs, administrators those of all") {
    ServerWithCells running;
    running.add_account("karim", "contributor");
    running.add_account("lea", "contributor");
    HttpClient karim(running.url()), lea(running.url());
    karim.always("Authorization: Bearer " + running.token("karim"));
    lea.always("Authorization: Bearer " + running.token("lea"));
    const std::string made = ask(karim, {{"upload", upload(karim, "x")}});
    wait_for(karim, made, has_ended);
    CHECK(lea.get("/api/v1/jobs/" + made).status == 404);
    CHECK(lea.remove("/api/v1/jobs/" + made).status == 404);
    CHECK(Json::parse(lea.get("/api/v1/jobs").body).at("jobs").empty());
    CHECK(Json::parse(karim.get("/api/v1/jobs").body).at("jobs").size() == 1);
    CHECK(job(*running.client, made).at("login") == "karim");
}

TEST_CASE("a film that flashes cannot be published, a warning can once somebody gave a reason") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const auto make = [&](const std::string& hertz) {
        const std::string bytes = clip(running, {"-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", "-f", "lavfi", "-i", "color=white:s=300x160:r=25:d=2",
                                                 "-filter_complex", "overlay=x=4:y=4:enable='lt(mod(t*" + hertz + ",1),0.5)',format=yuv420p", "-c:v", "libx264", "-preset",
                                                 "ultrafast"});
        const Json done = wait_for(client, ask(client, {{"upload", upload(client, bytes)}}), has_ended);
        REQUIRE(done.at("state") == "done");
        return done.at("result");
    };
    const auto put = [&](const Json& result) {
        return client.put("/api/v1/capsules/essai", Json{{"title", {{"fr", "Essai"}}}, {"kind", "video"}, {"versions", {result.at("version")}},
                                                         {"rights", {{"persons", "none"}, {"voice", "none"}, {"music", "none"}}}}.dump()).status;
    };
    const Json flashing = make("5"), near = make("2");
    CHECK(flashing.at("report").at("verdict") == "fail");
    CHECK(near.at("report").at("verdict") == "warning");
    CHECK(put(flashing) == 201);
    REQUIRE(client.put("/api/v1/playlists/accueil", R"({"items":[{"capsule":"essai"}]})").status == 201);
    REQUIRE(client.put("/api/v1/schedules/defaut", R"({"playlist":"accueil","when":"always"})").status == 201);
    const HttpReply refused = client.post("/api/v1/publish", "{}");
    CHECK(refused.status == 422);
    CHECK(refused.body.find("flashes-general") != std::string::npos);
    const Json answer{{"version", flashing.at("version").at("sha256")}, {"check", "flashes-general"}, {"reason", "tant pis"}};
    CHECK(client.post("/api/v1/capsules/essai/report/answers", answer.dump()).status == 422); // no reason helps

    CHECK(put(near) == 200);
    CHECK(client.post("/api/v1/publish", "{}").status == 422);
    Json report = Json::parse(client.get("/api/v1/capsules/essai/report").body);
    CHECK(report.at("verdict") == "warning");
    Json good{{"version", near.at("version").at("sha256")}, {"check", "flashes-general"}, {"reason", " "}};
    CHECK(client.post("/api/v1/capsules/essai/report/answers", good.dump()).status == 422); // a word is asked for
    good["reason"] = "Deux appareils photo, un seul instant";
    const HttpReply kept = client.post("/api/v1/capsules/essai/report/answers", good.dump());
    CHECK(kept.status == 200);
    CHECK(kept.body.find("Deux appareils photo") != std::string::npos);
    CHECK(kept.body.find("\"login\":\"anne\"") != std::string::npos);
    const HttpReply published = client.post("/api/v1/publish", "{}");
    INFO(published.body);
    CHECK(published.status == 200);
    CHECK(client.post("/api/v1/capsules/essai/report/answers", Json{{"check", "expiry"}, {"reason", "x"}}.dump()).status == 404);
}

TEST_CASE("a capsule without rights cannot be published, and its report says what is missing") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const Json done = wait_for(client, ask(client, {{"upload", upload(client, test_picture(running, 1))}}), has_ended);
    REQUIRE(client.put("/api/v1/capsules/essai", Json{{"title", {{"fr", "Essai"}}}, {"kind", "video"}, {"versions", {done.at("result").at("version")}},
                                                      {"rights", {{"persons", "none"}}}}.dump()).status == 201);
    const Json report = Json::parse(client.get("/api/v1/capsules/essai/report").body);
    CHECK(report.at("verdict") == "fail");
    CHECK(report.dump().find("voix, musique") != std::string::npos);
    CHECK(client.get("/api/v1/capsules/absente/report").status == 404);
}

TEST_CASE("captions that were typed are kept and looked at") {
    ServerWithCells running;
    HttpClient& client = *running.client;
    const HttpReply good = client.post("/api/v1/captions", Json{{"language", "fr"}, {"text", "WEBVTT\n\n00:00.000 --> 00:01.000\nBeaucoup trop de lettres pour une seconde\n"}}.dump());
    REQUIRE(good.status == 201);
    const Json kept = Json::parse(good.body);
    CHECK(kept.at("findings").dump().find("captions-speed") != std::string::npos);
    CHECK(client.get("/blobs/" + kept.at("track").at("sha256").get<std::string>()).headers.at("content-type").starts_with("text/vtt"));
    CHECK(client.post("/api/v1/captions", Json{{"language", "fr"}, {"text", "rien"}}.dump()).status == 422);
    CHECK(client.post("/api/v1/captions", Json{{"language", "?"}, {"text", "x"}}.dump()).status == 422);
}
