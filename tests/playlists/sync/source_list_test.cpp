// Several sources in order, over folders and real sockets.
#include "content/base/log.hpp"
#include "playlists/sync/source_list.hpp"
#include "tests/playlists/sync/machine.hpp"
#include "tests/playlists/sync/test_source.hpp"

using namespace capsule;
using namespace capsule::sync;

namespace {

// A source in memory that does what the test says, and counts.
struct Shelf final : ReleaseSource {
    explicit Shelf(std::string with_name) : own_name(std::move(with_name)) {}
    std::string name() const override { return own_name; }
    Result<FetchedFile> file(const std::string&, const std::string& etag, std::uint64_t) override {
        ++asked;
        last_etag = etag;
        if (fault)
            return *fault;
        if (overlong)
            return FetchedFile{.overlong = true};
        return etag == "v" ? FetchedFile{false, etag, {}} : FetchedFile{true, "v", own_name};
    }
    Result<void> blob(const BlobReference& wanted, std::uint64_t offset, BlobSink& sink) override {
        ++blobs_asked;
        if (fault)
            return *fault;
        last_offset = offset;
        CAPSULE_CHECK(sink.begin(offset));
        const auto rest = std::string_view(bytes).substr(offset);
        CAPSULE_CHECK(sink.take(rest.substr(0, cut_after)));
        if (cut_after < rest.size())
            return Error{Category::io, "cut"};
        (void)wanted;
        return {};
    }
    std::string own_name, last_etag, bytes;
    std::optional<Error> fault;
    int asked = 0, blobs_asked = 0;
    bool overlong = false;
    std::uint64_t last_offset = 0;
    std::size_t cut_after = std::string::npos;
};

struct TextSink final : BlobSink {
    Result<void> begin(std::uint64_t offset) override {
        text.resize(offset);
        return refusal ? Result<void>(*refusal) : Result<void>();
    }
    Result<void> take(std::string_view piece) override {
        text += piece;
        return {};
    }
    std::string text;
    std::optional<Error> refusal;
};

struct World {
    FakeClock clock;
    SeededRandom random{4};
    Shelf *local = nullptr, *mirror = nullptr, *folder = nullptr;
    std::unique_ptr<SourceList> list;
    World() {
        set_log_level(LogLevel::error);
        std::vector<std::unique_ptr<ReleaseSource>> sources;
        for (Shelf** slot : {&local, &mirror, &folder}) {
            auto shelf = std::make_unique<Shelf>(slot == &local ? "local" : slot == &mirror ? "mirror" : "folder");
            *slot = shelf.get();
            sources.push_back(std::move(shelf));
        }
        list = std::make_unique<SourceList>(std::move(sources), clock, random);
    }
    std::string text() {
        const auto file = list->file("index.json", "", 1000);
        return file ? file->bytes : file.error().message;
    }
};

const Error silence{Category::timeout, "no answer"};

} // namespace

TEST_CASE("the first source that answers is used, and a better one again when it comes back") {
    World world;
    CHECK(world.text() == "local");
    world.local->fault = silence;
    CHECK(world.text() == "mirror");
    CHECK(world.list->name() == "mirror");
    world.mirror->fault = Error{Category::refused, "a sign-in page"};
    CHECK(world.text() == "folder");

    const int before = world.local->asked;
    CHECK(world.text() == "folder");
    CHECK(world.local->asked == before); // it rests, so a poll does not wait for it each time
    world.local->fault.reset();
    world.clock.advance(std::chrono::seconds(31));
    CHECK(world.text() == "local");
}

TEST_CASE("a source that stays away is asked ever more rarely, at least every ten minutes") {
    World world;
    world.local->fault = silence;
    for (int minute = 0; minute < 24 * 60; ++minute) {
        CHECK(world.text() == "mirror");
        world.clock.advance(std::chrono::minutes(1));
    }
    CHECK(world.local->asked >= 144);
    CHECK(world.local->asked < 320);
}

TEST_CASE("when all are away, one is asked each time and the first error is told") {
    World world;
    for (Shelf* shelf : {world.local, world.mirror, world.folder})
        shelf->fault = Error{Category::io, shelf->own_name + " is away"};
    CHECK(world.text() == "local is away");
    const int before = world.local->asked + world.mirror->asked + world.folder->asked;
    CHECK(world.text().ends_with("is away"));
    CHECK(world.local->asked + world.mirror->asked + world.folder->asked == before + 1);
}

TEST_CASE("a file that a source lacks is asked of the next, and that source does not rest for it") {
    World world;
    world.local->fault = Error{Category::missing, "404"};
    CHECK(world.text() == "mirror");
    world.local->fault.reset();
    CHECK(world.text() == "local");
}

TEST_CASE("a source whose file has no end rests, and when there is no other that is said") {
    World world;
    world.local->overlong = true;
    CHECK(world.text() == "mirror");
    const int before = world.local->asked;
    CHECK(world.text() == "mirror");
    CHECK(world.local->asked == before);
    world.mirror->overlong = world.folder->overlong = true;
    const auto file = world.list->file("timestamp.json", "", 1000);
    REQUIRE(file.ok());
    CHECK(file->overlong);
}

TEST_CASE("an etag goes to the source that gave it, to no other") {
    World world;
    const auto first = world.list->file("index.json", "", 1000);
    REQUIRE(first.ok());
    const auto second = world.list->file("index.json", first->etag, 1000);
    REQUIRE(second.ok());
    CHECK_FALSE(second->changed);
    CHECK(second->etag == first->etag);
    CHECK(world.local->last_etag == "v");
    world.local->fault = silence;
    const auto third = world.list->file("index.json", first->etag, 1000);
    REQUIRE(third.ok());
    CHECK(third->changed);
    CHECK(world.mirror->last_etag.empty());
}

TEST_CASE("a blob begun at one source goes on at the next, from where it stopped") {
    World world;
    const std::string bytes = "0123456789";
    for (Shelf* shelf : {world.local, world.mirror, world.folder})
        shelf->bytes = bytes;
    world.local->cut_after = 3;
    world.mirror->cut_after = 4;
    TextSink sink;
    REQUIRE(world.list->blob({sha256(bytes), bytes.size(), "video/mp4"}, 0, sink).ok());
    CHECK(sink.text == bytes);
    CHECK(world.mirror->last_offset == 3);
    CHECK(world.folder->last_offset == 7);
}

TEST_CASE("when the taker gives up no other source is asked") {
    World world;
    world.local->bytes = world.mirror->bytes = "0123456789";
    TextSink sink;
    sink.refusal = Error{Category::no_space, "the disk is full"};
    const auto done = world.list->blob({sha256("0123456789"), 10, "video/mp4"}, 0, sink);
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().category == Category::no_space);
    CHECK(world.mirror->blobs_asked == 0);
    CHECK(world.text() == "local");
}

TEST_CASE("a mirror that stands still, or says what is not signed, does not keep the screen from the next source") {
    SystemDisk disk;
    TemporaryFolder store_folder;
    FakeClock clock;
    SeededRandom random(9);
    set_log_level(LogLevel::error);
    TestRelease release;
    release.add_capsule("une", std::string(3000, '1'));
    release.seal();
    FaultyHttpServer mirror, good;
    serve(mirror, release);
    ++release.release.programme.number;
    release.add_capsule("deux", std::string(3000, '2'));
    release.seal();
    serve(good, release);
    ActiveStore active(disk, store_folder.path());
    Store store(disk, store_folder.path());
    const auto sync = [&](std::vector<const FaultyHttpServer*> servers, int most_rounds) {
        std::vector<std::unique_ptr<ReleaseSource>> sources;
        for (const auto* server : servers)
            sources.push_back(std::make_unique<HttpSource>(server->address(), http::Settings{}));
        SourceList list(std::move(sources), clock, random);
        auto beginning = begin(active, store, test_device);
        REQUIRE(beginning.ok());
        Engine engine({.device = test_device}, random, beginning->loaded.active, beginning->held);
        Executor executor(list, active, store, clock);
        for (int round = 0; round < most_rounds && !(engine.state().up_to_date && engine.active().index == release.index); ++round) {
            run_until_idle(engine, executor, clock);
            clock.advance(std::max(Nanoseconds{1}, engine.next_deadline() - clock.monotonic()));
        }
        return engine.active().index;
    };
    REQUIRE(sync({&good}, 10) == release.index);
    ++release.release.programme.number;
    release.add_capsule("trois", std::string(3000, '3'));
    release.seal();
    serve(good, release);
    SECTION("the first one stands still") {
        CHECK(sync({&mirror, &good}, 4) == release.index);
    }
    SECTION("the last one answers with a root of its own where there is none") {
        mirror.put("/release/2.root.json", test_root(2).replace(20, 4, "0000"), "application/json");
        CHECK(sync({&good, &mirror}, 4) == release.index);
    }
}

TEST_CASE("a mirror that sends more than there is is passed over for that blob, and nothing of it is kept") {
    World world;
    SystemDisk disk;
    TemporaryFolder folder;
    Store store(disk, folder.path());
    REQUIRE(store.prepare().ok());
    const BlobReference blob{sha256("0123456789"), 10, "video/mp4"};
    const Path part = store.incoming() / (blob.sha256.hex() + ".part");
    if (GENERATE(false, true))
        REQUIRE(write_durably(disk, part, "xxxxx").ok());
    world.local->bytes = "xxxxx56789 and more";
    world.mirror->bytes = "0123456789";
    const auto first = BlobDownload(store, blob, {}).run(*world.list, {blob});
    REQUIRE_FALSE(first.ok());
    CHECK(first.error().category == Category::invalid);
    CHECK_FALSE(disk.exists(part));
    CHECK(BlobDownload(store, blob, {}).run(*world.list, {blob}).ok());
    CHECK(store.verify(blob.sha256).ok());
    CHECK(world.mirror->blobs_asked == 1);
}

TEST_CASE("a mirror that sends wrong bytes is passed over for that blob: the right bytes come from the next") {
    Machine machine;
    set_log_level(LogLevel::error);
    TestRelease release;
    const std::string film(200'000, 'f');
    release.add_capsule("film", film);
    release.seal();
    FaultyHttpServer bad, good;
    for (FaultyHttpServer* server : {&bad, &good})
        serve(*server, release);
    bad.put("/blobs/" + sha256(film).hex(), std::string(200'000, 'x'), "application/octet-stream");
    std::vector<std::unique_ptr<ReleaseSource>> sources;
    sources.push_back(std::make_unique<HttpSource>(bad.address(), http::Settings{}));
    sources.push_back(std::make_unique<HttpSource>(good.address(), http::Settings{}));
    SourceList list(std::move(sources), machine.clock, machine.random);
    CHECK(machine.sync(list, 4).index == release.index);
    CHECK(machine.state.up_to_date);
    CHECK(machine.holds(release));
}
