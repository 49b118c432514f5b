// Engine, executor and sources over real sockets and files.
#include "playlists/sync/folder_source.hpp"
#include "playlists/sync/http_source.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/playlists/sync/machine.hpp"
#include "tests/playlists/sync/test_source.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace capsule;
using namespace capsule::sync;

namespace {

TestRelease large_release() {
    TestRelease release;
    release.add_capsule("petite", noise(1'000, 1));
    release.add_capsule("grande", noise(400'000, 2));
    release.seal();
    return release;
}

} // namespace

TEST_CASE("a release arrives whole, from a server and from a folder alike") {
    const auto release = large_release();
    FaultyHttpServer server;
    TemporaryFolder folder;
    Machine machine;
    std::unique_ptr<ReleaseSource> source;
    const bool from_server = GENERATE(true, false);
    serve(server, release);
    write_files(folder.path(), release.files());
    if (from_server)
        source = std::make_unique<HttpSource>(server.address() + "/", impatient());
    else
        source = std::make_unique<FolderSource>(machine.disk, folder.path());
    const auto active = machine.sync(*source);
    CHECK(active.index == release.index);
    CHECK(active.release->programme.capsules.size() == 2);
    CHECK(machine.holds(release));
    CHECK(machine.disk.list(machine.folder.path() / "incoming")->empty());

    SECTION("and is there after a restart, without a source") {
        FolderSource nowhere(machine.disk, machine.folder.path() / "nowhere");
        const auto again = machine.sync(nowhere, 1);
        CHECK(again.index == release.index);
        CHECK(machine.state.problem.trouble == Trouble::unreachable);
    }
    SECTION("and nothing is fetched twice") {
        const auto requests = server.requests().size();
        machine.sync(*source);
        CHECK(server.requests().size() == requests + (from_server ? 2 : 0)); // the index alone
    }
}

TEST_CASE("a poll with nothing new is one small request and leaves the store untouched") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    HttpSource source(server.address(), impatient());
    const auto first = source.file("timestamp.json", "", 65536);
    REQUIRE(first.ok());
    CHECK(first->changed);
    const auto sent = server.body_bytes_sent();
    const auto second = source.file("timestamp.json", first->etag, 65536);
    REQUIRE(second.ok());
    CHECK_FALSE(second->changed);
    CHECK(server.body_bytes_sent() == sent);
}

TEST_CASE("a file that is longer than it can be is said to be, from a server and from a folder alike") {
    TemporaryFolder folder;
    FaultyHttpServer server;
    SystemDisk disk;
    const std::string bytes(3'000'000, ' ');
    server.put("/release/2.root.json", bytes, "application/json");
    write_files(folder.path(), {{"release/2.root.json", bytes}});
    HttpSource from_server(server.address(), impatient());
    FolderSource from_folder(disk, folder.path());
    for (ReleaseSource* source : {static_cast<ReleaseSource*>(&from_server), static_cast<ReleaseSource*>(&from_folder)}) {
        const auto longer = source->file("2.root.json", "", bytes.size() - 1);
        REQUIRE(longer.ok());
        CHECK(longer->overlong);
        CHECK(longer->bytes.empty());
        const auto whole = source->file("2.root.json", "", bytes.size());
        REQUIRE(whole.ok());
        CHECK_FALSE(whole->overlong);
        CHECK(whole->bytes == bytes);
        const auto none = source->file("3.root.json", "", 10);
        REQUIRE_FALSE(none.ok());
        CHECK(none.error().category == Category::missing);
    }
}

TEST_CASE("a stick with pipes and devices in the place of its files holds nobody up") {
    SystemDisk disk;
    TemporaryFolder folder;
    FolderSource source(disk, folder.path());
    const BlobReference blob{sha256("x"), 1, "video/mp4"};
    const bool pipe = GENERATE(true, false);
    const auto put = [&](const Path& path) {
        std::filesystem::create_directories(path.parent_path());
        if (pipe)
            REQUIRE(mkfifo(path.c_str(), 0600) == 0);
        else
            std::filesystem::create_symlink("/dev/zero", path);
    };
    put(folder.path() / "release" / "timestamp.json");
    put(folder.path() / "blobs" / blob.sha256.hex());
    CHECK(source.file("timestamp.json", "", 1 << 14).error().category == Category::refused);
    struct Nothing final : BlobSink {
        Result<void> begin(std::uint64_t) override { return {}; }
        Result<void> take(std::string_view) override { return {}; }
    } sink;
    CHECK(source.blob(blob, 0, sink).error().category == Category::refused);
}

TEST_CASE("twenty cuts cost hardly a byte: downloads go on where they stopped") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    const bool reset = GENERATE(false, true);
    int cuts = 0;
    server.spoil([&](const FaultyHttpServer::Request& request, FaultyHttpServer::Answer& answer) {
        if (request.target.starts_with("/blobs/") && answer.body.size() > 20'000 && cuts < 20) {
            ++cuts;
            answer.cut_after = 17'000 + static_cast<std::size_t>(cuts);
            answer.reset = reset && cuts % 2 == 0;
        }
    });
    HttpSource source(server.address(), impatient());
    Machine machine;
    CHECK(machine.sync(source).index == release.index);
    CHECK(machine.holds(release));
    CHECK(cuts == 20);
    std::size_t total = 0;
    for (const auto& [path, bytes] : release.files())
        total += bytes.size();
    if (!reset) // a reset throws away what the receiver had not read
        CHECK(static_cast<double>(server.body_bytes_sent()) <= 1.05 * static_cast<double>(total));
}

TEST_CASE("blobs come no faster than the ceiling of their source, and the release's own files do not wait for it") {
    FaultyHttpServer server;
    const std::string film = noise(300'000, 9);
    server.put("/blobs/" + sha256(film).hex(), film);
    server.put("/release/timestamp.json", std::string(300'000, 'x'), "application/json");
    http::Settings settings = impatient();
    settings.bytes_per_second = 150'000;
    HttpSource source(server.address(), settings);
    struct Counter final : BlobSink {
        std::size_t bytes = 0;
        Result<void> begin(std::uint64_t) override { return {}; }
        Result<void> take(std::string_view piece) override {
            bytes += piece.size();
            return {};
        }
    } sink;
    const auto begun = std::chrono::steady_clock::now();
    REQUIRE(source.file("timestamp.json", "", 1 << 20).ok());
    const auto file_took = std::chrono::steady_clock::now() - begun;
    REQUIRE(source.blob({sha256(film), film.size(), "video/mp4"}, 0, sink).ok());
    const auto blob_took = std::chrono::steady_clock::now() - begun - file_took;
    CHECK(sink.bytes == film.size());
    CHECK(blob_took > std::chrono::milliseconds(1200)); // two seconds, less what comes at once
    CHECK(file_took < blob_took);
}

TEST_CASE("a download goes on after a restart of the machine") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    bool cut = true;
    server.spoil([&](const FaultyHttpServer::Request&, FaultyHttpServer::Answer& answer) {
        if (cut && answer.body.size() > 100'000)
            answer.cut_after = 300'000;
    });
    HttpSource source(server.address(), impatient());
    Machine machine;
    CHECK_FALSE(machine.sync(source, 1).index.programme);
    CHECK(machine.disk.list(machine.folder.path() / "incoming")->size() == 1);
    cut = false;
    const auto before = server.body_bytes_sent();
    CHECK(machine.sync(source).index == release.index);
    CHECK(machine.holds(release));
    CHECK(server.body_bytes_sent() - before < 110'000);
}

TEST_CASE("what is left of a download is checked too: a rotten part is thrown away and fetched anew") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    HttpSource source(server.address(), impatient());
    Machine machine;
    const auto digest = sha256(noise(400'000, 2)).hex();
    std::filesystem::create_directories(machine.folder.path() / "incoming");
    const auto part = machine.folder.path() / "incoming" / (digest + ".part");
    SECTION("wrong bytes") {
        std::ofstream(part, std::ios::binary) << noise(200'000, 99);
    }
    SECTION("all there, but wrong") {
        std::ofstream(part, std::ios::binary) << noise(400'000, 99);
    }
    SECTION("more than there can be") {
        std::ofstream(part, std::ios::binary) << noise(500'000, 99);
    }
    CHECK(machine.sync(source).index == release.index);
    CHECK(machine.holds(release));
}

TEST_CASE("whatever answers instead of the blob, the release before stays in force and the right bytes come in the end") {
    auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    HttpSource source(server.address(), impatient());
    Machine machine;
    REQUIRE(machine.sync(source).index == release.index);
    const auto before = release.index;
    release.release.programme.number = 2;
    const auto blob = release.add_capsule("nouvelle", noise(300'000, 5));
    release.seal();
    serve(server, release);

    // Half of it has come when the network turns bad.
    bool bad = true;
    int asked = 0;
    std::function<void(FaultyHttpServer::Answer&)> fault;
    Trouble trouble = Trouble::unreachable;
    SECTION("other bytes of the same length") {
        fault = [](auto& answer) { answer.body[100] ^= 1; };
        trouble = Trouble::incomplete;
    }
    SECTION("a captive portal's page") {
        fault = [](auto& answer) {
            answer = {200, {{"Content-Type", "text/html; charset=utf-8"}}, "<html>Bienvenue</html>", {}, false, {}, 0};
        };
        trouble = Trouble::not_a_release;
    }
    SECTION("a page without a type") {
        fault = [](auto& answer) { answer = {200, {}, "<html>Bienvenue</html>", {}, false, {}, 0}; };
        trouble = Trouble::not_a_release;
    }
    SECTION("a redirect") {
        fault = [](auto& answer) { answer = {302, {{"Location", "http://portal.example/"}}, "", {}, false, {}, 0}; };
        trouble = Trouble::not_a_release;
    }
    SECTION("an announced length that is too long") {
        fault = [](auto& answer) { answer.announced_length = answer.body.size() + 1000; };
        trouble = Trouble::not_a_release;
    }
    SECTION("an announced length that is too short") {
        fault = [](auto& answer) { answer.announced_length = 1000; };
        trouble = Trouble::not_a_release;
    }
    SECTION("nothing at all") {
        fault = [](auto& answer) { answer.cut_after = 0, answer.reset = true; };
    }
    SECTION("a server in trouble") {
        fault = [](auto& answer) { answer = {503, {}, "later", {}, false, {}, 0}; };
    }
    SECTION("no such file") {
        fault = [](auto& answer) { answer = {404, {}, "", {}, false, {}, 0}; };
        trouble = Trouble::incomplete;
    }
    server.spoil([&](const FaultyHttpServer::Request& request, FaultyHttpServer::Answer& answer) {
        if (!request.target.ends_with(blob.sha256.hex()))
            return;
        if (asked++ == 0)
            answer.cut_after = 150'000;
        else if (bad)
            fault(answer);
    });
    const auto active = machine.sync(source, 8);
    CHECK(active.index == before);
    CHECK(asked > 2);
    CHECK(machine.state.problem.trouble == trouble);
    CHECK_FALSE(machine.state.problem.detail.empty());

    bad = false;
    CHECK(machine.sync(source).index == release.index);
    CHECK(machine.holds(release));
    if (trouble == Trouble::not_a_release || trouble == Trouble::unreachable) { // what had come was not thrown away for it
        std::string range;
        for (const auto& request : server.requests())
            if (request.target.ends_with(blob.sha256.hex()) && request.headers.contains("range"))
                range = request.headers.at("range");
        CHECK(range == "bytes=150000-");
    }
}

TEST_CASE("a server that knows no ranges sends it all, and that is taken") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    int asked = 0;
    const std::string whole = noise(400'000, 2);
    server.spoil([&](const FaultyHttpServer::Request& request, FaultyHttpServer::Answer& answer) {
        if (!request.target.ends_with(sha256(whole).hex()))
            return;
        answer = {200, {}, whole, {}, false, {}, 0};
        if (++asked == 1)
            answer.cut_after = 200'000;
    });
    HttpSource source(server.address(), impatient());
    Machine machine;
    CHECK(machine.sync(source).index == release.index);
    CHECK(asked == 2);
    CHECK(machine.holds(release));
}

TEST_CASE("documents with other bytes than the index says are refused") {
    auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    server.spoil([&](const FaultyHttpServer::Request& request, FaultyHttpServer::Answer& answer) {
        if (request.target.ends_with(".programme.json"))
            answer.body.replace(answer.body.find("petite"), 6, "PETITE");
    });
    HttpSource source(server.address(), impatient());
    Machine machine;
    const auto active = machine.sync(source, 4);
    CHECK_FALSE(active.index.programme);
    CHECK(active.index.fleet);
    CHECK(machine.state.problem.trouble == Trouble::not_a_release);
    CHECK(machine.state.problem.detail.find("digest") != std::string::npos);
}

TEST_CASE("an index that is none changes nothing") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    HttpSource source(server.address(), impatient());
    Machine machine;
    REQUIRE(machine.sync(source).index == release.index);
    SECTION("a page") {
        server.put("/release/timestamp.json", "<html></html>", "text/html");
    }
    SECTION("no JSON") {
        server.put("/release/timestamp.json", "{", "application/json");
    }
    SECTION("endless") {
        server.put("/release/timestamp.json", std::string(10'000'000, ' '), "application/json");
    }
    SECTION("nothing published any more") {
        for (const auto& [path, bytes] : signed_files(ReleaseIndex{}))
            server.put("/" + path, bytes, "application/json");
    }
    CHECK(machine.sync(source, 3).index == release.index);
}

TEST_CASE("a damaged document or pointer at start costs that part, which is fetched anew") {
    const auto release = large_release();
    FaultyHttpServer server;
    serve(server, release);
    HttpSource source(server.address(), impatient());
    Machine machine;
    REQUIRE(machine.sync(source).index == release.index);
    const auto documents = machine.folder.path() / "documents";
    SECTION("a document cut short") {
        std::filesystem::resize_file(documents / document_file_name(DocumentKind::now, release.index.now->sha256), 10);
    }
    SECTION("a document with a flipped byte") {
        std::fstream file(documents / document_file_name(DocumentKind::programme, release.index.programme->sha256),
                          std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(40);
        file.put('#');
    }
    SECTION("a document that is gone") {
        std::filesystem::remove(documents / document_file_name(DocumentKind::fleet, release.index.fleet->sha256));
    }
    SECTION("a pointer full of zeros") {
        std::ofstream(machine.folder.path() / "active.json") << std::string(200, '\0');
    }
    SECTION("a blob cut short") {
        Store store(machine.disk, machine.folder.path());
        std::filesystem::resize_file(store.path_of(sha256(noise(400'000, 2))), 1000);
    }
    CHECK(machine.sync(source).index == release.index);
    CHECK(machine.problems.size() == 1);
    Store store(machine.disk, machine.folder.path());
    CHECK(store.has(sha256(noise(400'000, 2)), 400'000));
}

TEST_CASE("nothing is downloaded that does not fit") {
    const auto release = large_release();
    TemporaryFolder folder;
    write_files(folder.path(), release.files());
    Machine machine;
    FolderSource source(machine.disk, folder.path());
    Store store(machine.disk, machine.folder.path());
    REQUIRE(store.prepare().ok());
    const auto blob = release.release.programme.capsules.begin()->second.versions.front().media;
    BlobReference larger = blob;
    larger.sha256 = sha256("larger than any disk");
    larger.bytes = std::uint64_t{1} << 60;
    BlobDownload download(store, blob, {});
    const auto result = download.run(source, {blob, larger});
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().category == Category::no_space);
    CHECK(machine.disk.list(store.incoming())->empty());
}

TEST_CASE("what lies there of other downloads is not asked for a second time: a small blob comes where just enough is free") {
    SystemDisk there;
    PowerCutDisk disk;
    const auto release = large_release();
    TemporaryFolder offered;
    write_files(offered.path(), release.files());
    FolderSource source(there, offered.path());
    Store store(disk, "/store");
    REQUIRE(store.prepare().ok());
    const auto media = [&](const char* id) { return release.release.programme.capsules.at(*CapsuleId::parse(id)).versions.front().media; };
    const BlobReference small = media("petite"), large = media("grande");
    {
        const auto file = disk.create(store.incoming() / (large.sha256.hex() + ".part"), 0644);
        REQUIRE((*file)->append(noise(400'000, 2).substr(0, 300'000)).ok());
    }
    const std::uint64_t missing = small.bytes + large.bytes - 300'000;
    disk.set_free(reserved_bytes + missing - 1);
    CHECK(BlobDownload(store, small, {}).run(source, {small, large}).error().category == Category::no_space);
    disk.set_free(reserved_bytes + missing);
    CHECK(BlobDownload(store, small, {}).run(source, {small, large}).ok());
    disk.set_free(reserved_bytes + missing - small.bytes);
    CHECK(BlobDownload(store, large, {}).run(source, {large}).ok());
}
