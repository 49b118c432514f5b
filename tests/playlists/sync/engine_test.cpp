#include "playlists/sync/engine.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/sync/test_release.hpp"

using namespace capsule;
using namespace capsule::sync;

namespace {

// An engine whose world is played by the test: actions are collected, time moves when told.
struct Stage {
    SeededRandom random{7};
    Nanoseconds now = std::chrono::hours(1);
    Engine engine;
    std::vector<Action> actions;

    explicit Stage(ActiveRelease active = {}, std::set<Digest> held = {})
        : engine(settings(), random, std::move(active), std::move(held)) {}

    static EngineSettings settings() {
        EngineSettings settings;
        settings.device = test_device;
        return settings;
    }
    void tell(const Input& input) {
        for (auto& action : engine.step(input, now))
            actions.push_back(std::move(action));
    }
    template <typename T>
    std::optional<T> take() { // the first action of that type
        for (auto it = actions.begin(); it != actions.end(); ++it)
            if (auto* found = std::get_if<T>(&*it)) {
                T action = *found;
                actions.erase(it);
                return action;
            }
        return std::nullopt;
    }
    template <typename T>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(),
                                                      [](const Action& action) { return std::holds_alternative<T>(action); }));
    }
    void offer(const TestRelease& source) { tell(IndexChanged{source.index, "e"}); }
    void answer_documents(const TestRelease& source) {
        while (const auto action = take<FetchDocument>())
            tell(DocumentFetched{action->kind, action->entry, source.text(action->kind)});
    }
    // Confirms the activations that are asked for and says what is then in force.
    ActiveRelease activate() {
        REQUIRE(count<Activate>() == 1);
        while (take<Activate>())
            tell(Activated{});
        return engine.active();
    }
    void fetch_all_blobs() {
        while (const auto action = take<FetchBlob>())
            tell(BlobFinished{action->blob.sha256});
    }
    // Everything that `source` offers, in force.
    void follow(const TestRelease& source) {
        offer(source);
        answer_documents(source);
        while (!actions.empty()) {
            while (take<Activate>())
                tell(Activated{});
            fetch_all_blobs();
            while (take<Poll>() || take<Collect>()) {
            }
        }
        REQUIRE(engine.active().index == source.index);
    }
    void pass(Nanoseconds span) {
        now += span;
        tell(Tick{});
    }
};

TestRelease two_capsules() {
    TestRelease source;
    source.add_capsule("longue", std::string(500, 'l'));
    source.add_capsule("courte", std::string(20, 'c'));
    source.seal();
    return source;
}

} // namespace

TEST_CASE("a new machine polls at once, then fetches what is obeyed first") {
    Stage stage;
    stage.tell(Tick{});
    REQUIRE(stage.take<Poll>());
    stage.offer(two_capsules());
    std::vector<DocumentKind> kinds;
    while (const auto action = stage.take<FetchDocument>())
        kinds.push_back(action->kind);
    CHECK(kinds == std::vector{DocumentKind::now, DocumentKind::fleet, DocumentKind::programme});
}

TEST_CASE("a programme is in force only when every blob that the screen needs is there, smallest first") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    const auto first = stage.activate(); // where this is and what is urgent, without content
    CHECK_FALSE(first.index.programme);
    CHECK(first.index.fleet == source.index.fleet);

    auto blob = stage.take<FetchBlob>();
    REQUIRE(blob);
    CHECK(blob->blob.bytes == 20);
    CHECK(blob->planned_bytes == 520);
    stage.tell(BlobFinished{blob->blob.sha256});
    CHECK(stage.count<Activate>() == 0);
    CHECK_FALSE(stage.engine.state().up_to_date);
    CHECK(stage.engine.state().bytes_missing == 500);

    blob = stage.take<FetchBlob>();
    REQUIRE(blob);
    stage.tell(BlobProgress{blob->blob.sha256, 100});
    CHECK(stage.engine.state().bytes_missing == 400);
    stage.tell(BlobFinished{blob->blob.sha256});
    CHECK(stage.activate().index == source.index);
    CHECK(stage.engine.state().up_to_date);
    CHECK(stage.engine.active().release->programme.capsules.size() == 2);
}

TEST_CASE("one blob at a time is under way") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    stage.tell(Tick{});
    stage.pass(std::chrono::minutes(2));
    CHECK(stage.count<FetchBlob>() == 1);
}

TEST_CASE("urgent messages and withdrawals wait for no download") {
    Stage stage;
    auto source = two_capsules();
    stage.follow(source);
    source.add_capsule("nouvelle", std::string(90'000, 'n'));
    source.release.programme.number = 2;
    source.release.now.number = 2;
    source.withdraw("courte");
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    const auto next = stage.activate();
    CHECK(next.index.now->number == 2);
    CHECK(next.index.programme->number == 1);
    CHECK(next.release->now.withdrawn.size() == 1);
    CHECK(stage.count<FetchBlob>() == 1);
}

TEST_CASE("moving a screen takes effect when the other screen's blobs are there") {
    TestRelease source;
    source.add_screen("salle");
    source.add_playlist("boucle-salle", "salle");
    source.add_capsule("ici", "aaaa");
    source.add_capsule("la-bas", "bbbbbb", "boucle-salle");
    source.seal();
    Stage stage;
    stage.follow(source);
    source.assign("salle");
    source.release.fleet.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    CHECK(stage.count<Activate>() == 0);
    CHECK(screen_of(stage.engine.active().release->fleet, test_device)->text() == "hall");
    stage.fetch_all_blobs();
    CHECK(screen_of(stage.activate().release->fleet, test_device)->text() == "salle");
}

TEST_CASE("a new fleet that asks for nothing new is in force at once, before a new programme is complete") {
    Stage stage;
    auto source = two_capsules();
    stage.follow(source);
    source.add_screen("autre");
    source.release.fleet.number = 2;
    source.add_capsule("nouvelle", "nnnnnnn");
    source.release.programme.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    const auto next = stage.activate();
    CHECK(next.index.fleet->number == 2);
    CHECK(next.index.programme->number == 1);
    stage.fetch_all_blobs();
    CHECK(stage.activate().index == source.index);
}

TEST_CASE("a machine that serves no screen downloads nothing and activates no programme") {
    auto source = two_capsules();
    source.release.fleet.devices.clear();
    source.seal();
    Stage stage;
    stage.offer(source);
    stage.answer_documents(source);
    CHECK_FALSE(stage.activate().index.programme);
    CHECK(stage.count<FetchBlob>() == 0);
    CHECK(stage.count<Activate>() == 0);
    CHECK(stage.engine.state().up_to_date);

    source.assign("hall");
    source.release.fleet.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    CHECK(stage.activate().index.fleet->number == 2);
    stage.fetch_all_blobs();
    CHECK(stage.activate().index == source.index);
}

TEST_CASE("lower numbers than those in force change nothing and are reported") {
    Stage stage;
    auto source = two_capsules();
    source.release.programme.number = 5;
    source.seal();
    stage.follow(source);
    auto older = two_capsules();
    older.release.programme.number = 4;
    older.seal();
    stage.offer(older);
    CHECK(stage.count<FetchDocument>() == 0);
    CHECK(stage.engine.state().problem.trouble == Trouble::older);
    stage.offer(source);
    CHECK(stage.engine.state().problem.trouble == Trouble::none);
}

TEST_CASE("a document that is not understood is reported, not fetched again, and the one before stays") {
    Stage stage;
    auto source = two_capsules();
    stage.follow(source);
    source.index.now = DocumentEntry{2, sha256("x"), 1};
    stage.offer(source);
    const auto fetch = stage.take<FetchDocument>();
    REQUIRE(fetch);

    SECTION("no JSON") {
        stage.tell(DocumentFetched{fetch->kind, fetch->entry, "x"});
        CHECK(stage.engine.state().problem.trouble == Trouble::not_a_release);
    }
    SECTION("it requires something unknown") {
        stage.tell(DocumentFetched{fetch->kind, fetch->entry,
                                   R"({"format":1,"requires":["holograms"],"number":2,"messages":[],"withdrawn":[]})"});
        CHECK(stage.engine.state().problem.trouble == Trouble::not_understood);
    }
    SECTION("it says another number than the index") {
        stage.tell(
            DocumentFetched{fetch->kind, fetch->entry, R"({"format":1,"requires":[],"number":9,"messages":[],"withdrawn":[]})"});
        CHECK(stage.engine.state().problem.trouble == Trouble::not_a_release);
    }
    CHECK(stage.count<Activate>() == 0);
    stage.pass(std::chrono::hours(1));
    CHECK(stage.count<FetchDocument>() == 0);
    CHECK(stage.engine.active().index.now->number == 1);
}

TEST_CASE("polls come at their interval, and after failures ever later, never all at once") {
    Stage stage;
    stage.tell(Tick{});
    REQUIRE(stage.take<Poll>());
    stage.tell(IndexUnchanged{});
    const auto wait = stage.engine.next_deadline() - stage.now;
    CHECK(wait >= std::chrono::seconds(54));
    CHECK(wait <= std::chrono::seconds(66));
    stage.pass(wait - std::chrono::milliseconds(1));
    CHECK_FALSE(stage.take<Poll>());
    stage.pass(std::chrono::milliseconds(1));
    Nanoseconds ceiling = std::chrono::seconds(2);
    for (int failures = 0; failures < 12; ++failures) {
        REQUIRE(stage.take<Poll>());
        stage.tell(PollFailed{{Category::io, "no answer"}});
        const auto retry = stage.engine.next_deadline() - stage.now;
        CHECK(retry >= ceiling / 2);
        CHECK(retry <= ceiling);
        CHECK(stage.engine.state().problem.trouble == Trouble::unreachable);
        ceiling = std::min<Nanoseconds>(ceiling * 2, std::chrono::minutes(5));
        stage.pass(retry);
    }
    REQUIRE(stage.take<Poll>());
    stage.tell(IndexUnchanged{});
    CHECK(stage.engine.state().problem.trouble == Trouble::none);
    CHECK(stage.engine.state().contact == stage.now);
}

TEST_CASE("the etag of the last index goes with the next poll") {
    Stage stage;
    stage.tell(Tick{});
    CHECK(stage.take<Poll>()->etag.empty());
    stage.tell(IndexChanged{two_capsules().index, "\"abc\""});
    stage.pass(std::chrono::minutes(2));
    CHECK(stage.take<Poll>()->etag == "\"abc\"");
}

TEST_CASE("a blob that cannot be had holds up only itself; a network that fails holds up all") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    stage.activate();
    const auto small = stage.take<FetchBlob>();
    REQUIRE(small);

    SECTION("the source lacks it") {
        stage.tell(BlobFailed{small->blob.sha256, {Category::missing, "404"}, false});
        const auto large = stage.take<FetchBlob>();
        REQUIRE(large);
        CHECK(large->blob.bytes == 500);
        CHECK(stage.engine.state().problem.trouble == Trouble::incomplete);
        stage.tell(BlobFinished{large->blob.sha256});
        CHECK(stage.count<FetchBlob>() == 0);
        stage.pass(std::chrono::seconds(2));
        CHECK(stage.take<FetchBlob>()->blob == small->blob);
    }
    SECTION("the connection is cut") {
        stage.tell(BlobFailed{small->blob.sha256, {Category::io, "cut"}, true});
        CHECK(stage.count<FetchBlob>() == 0);
        const auto retry = stage.engine.next_deadline() - stage.now;
        CHECK(retry <= std::chrono::seconds(2));
        stage.pass(retry);
        CHECK(stage.take<FetchBlob>()->blob == small->blob);
    }
    SECTION("cuts that let bytes through do not make the waits longer") {
        for (int cuts = 0; cuts < 10; ++cuts) {
            stage.tell(BlobFailed{small->blob.sha256, {Category::io, "cut"}, true});
            stage.pass(std::chrono::seconds(2));
            REQUIRE(stage.take<FetchBlob>());
        }
    }
    SECTION("the disk is full") {
        stage.tell(BlobFailed{small->blob.sha256, {Category::no_space, "full"}, false});
        CHECK(stage.engine.state().problem.trouble == Trouble::disk_full);
        CHECK(stage.count<FetchBlob>() == 0);
    }
}

TEST_CASE("a blob found broken at play time is fetched again before anything new") {
    Stage stage;
    auto source = two_capsules();
    const auto broken = source.add_capsule("cassee", std::string(5000, 'x'));
    source.seal();
    stage.follow(source);
    source.add_capsule("nouvelle", "n");
    source.release.programme.number = 2;
    source.seal();
    stage.tell(BlobLost{broken.sha256});
    stage.offer(source);
    stage.answer_documents(source);
    const auto action = stage.take<FetchBlob>();
    REQUIRE(action);
    CHECK(action->blob == broken);
}

TEST_CASE("what nothing wants is collected after its grace, what is in force or wanted never") {
    Stage stage;
    auto source = two_capsules();
    const auto old = source.add_capsule("ancienne", "ooo");
    source.seal();
    stage.follow(source);
    auto next = two_capsules();
    next.release.programme.number = 2;
    next.seal();
    stage.offer(next);
    stage.answer_documents(next);
    stage.activate();
    auto collect = stage.take<Collect>();
    REQUIRE(collect);
    CHECK(collect->blobs.empty());
    while (const auto more = stage.take<Collect>())
        collect = more;
    CHECK(collect->keep_documents.size() == 3);
    CHECK(collect->keep_documents.contains(document_file_name(DocumentKind::programme, next.index.programme->sha256)));

    stage.pass(std::chrono::hours(23));
    CHECK_FALSE(stage.take<Collect>());
    SECTION("its grace over") {
        stage.pass(std::chrono::hours(1));
        collect = stage.take<Collect>();
        REQUIRE(collect);
        CHECK(collect->blobs == std::vector{old.sha256});
    }
    SECTION("wanted again meanwhile") {
        source.release.programme.number = 3;
        source.seal();
        stage.offer(source);
        stage.answer_documents(source);
        stage.activate();
        stage.pass(std::chrono::hours(30));
        while (const auto more = stage.take<Collect>())
            CHECK(more->blobs.empty());
        CHECK(stage.count<FetchBlob>() == 0);
    }
}

TEST_CASE("nothing is collected before a source has said what is wanted") {
    Stage stage({}, {sha256("left from before")});
    stage.tell(Tick{});
    stage.pass(std::chrono::hours(100));
    CHECK(stage.count<Collect>() == 0);
}

TEST_CASE("a switch that fails is tried again, and meanwhile the release before is in force") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    REQUIRE(stage.take<Activate>());
    stage.tell(ActivationFailed{{Category::io, "the disk failed"}});
    CHECK(stage.engine.state().problem.trouble == Trouble::disk_failed);
    CHECK_FALSE(stage.engine.active().index.fleet);
    CHECK(stage.count<Activate>() == 0);
    CHECK(stage.engine.next_deadline() - stage.now <= std::chrono::seconds(2));
    stage.pass(std::chrono::seconds(2));
    CHECK(stage.activate().index.fleet == source.index.fleet);
    CHECK(stage.engine.state().problem.trouble == Trouble::none);
}

TEST_CASE("a deadline is never in the past once its step is done") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    stage.take<Activate>();
    stage.tell(ActivationFailed{{Category::io, "x"}});
    for (int round = 0; round < 50; ++round) {
        if (const auto blob = stage.take<FetchBlob>())
            stage.tell(BlobFailed{blob->blob.sha256, {Category::missing, "404"}, false});
        if (stage.take<Poll>())
            stage.tell(PollFailed{{Category::timeout, "slow"}});
        if (stage.take<Activate>())
            stage.tell(ActivationFailed{{Category::io, "x"}});
        REQUIRE(stage.engine.next_deadline() > stage.now);
        if (stage.actions.empty()) {
            stage.now = stage.engine.next_deadline();
            stage.tell(Tick{});
        }
    }
}

TEST_CASE("what is on air is not collected, however long its grace is over") {
    Stage stage;
    auto source = two_capsules();
    const auto old = source.add_capsule("ancienne", "ooo");
    source.seal();
    stage.follow(source);
    stage.tell(OnAir{{old.sha256}});
    auto next = two_capsules();
    next.release.programme.number = 2;
    next.seal();
    stage.follow(next);
    for (int day = 0; day < 5; ++day) {
        stage.pass(std::chrono::hours(24));
        while (const auto collect = stage.take<Collect>())
            CHECK(collect->blobs.empty());
        CHECK((stage.take<Poll>() || stage.engine.next_deadline() > stage.now));
        stage.tell(IndexUnchanged{});
    }
    stage.tell(OnAir{{}});
    stage.pass(std::chrono::hours(23));
    CHECK_FALSE(stage.take<Collect>());
    stage.pass(std::chrono::hours(1));
    const auto collect = stage.take<Collect>();
    REQUIRE(collect);
    CHECK(collect->blobs == std::vector{old.sha256});
}

TEST_CASE("large blobs wait for their hours, small ones and urgent messages do not") {
    Stage stage;
    auto source = two_capsules();
    stage.follow(source);
    stage.tell(LargeDownloads{false});
    const auto large = source.add_capsule("film", std::string(300'000, 'f'));
    const auto small = source.add_capsule("note", std::string(1'000, 'n'));
    source.withdraw("longue");
    source.release.programme.number = source.release.now.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    CHECK(stage.activate().index.now == source.index.now);
    auto blob = stage.take<FetchBlob>();
    REQUIRE(blob);
    CHECK(blob->blob == small);
    CHECK_FALSE(blob->at_hours_only);
    stage.tell(BlobFinished{small.sha256});
    stage.pass(std::chrono::minutes(5));
    CHECK(stage.count<FetchBlob>() == 0);
    CHECK(stage.engine.state().waits_for_hours);
    CHECK(stage.engine.state().problem.trouble == Trouble::none);
    while (stage.take<Poll>())
        stage.tell(IndexUnchanged{});
    CHECK(stage.engine.next_deadline() > stage.now);

    stage.tell(LargeDownloads{true});
    blob = stage.take<FetchBlob>();
    REQUIRE(blob);
    CHECK(blob->blob == large);
    CHECK(blob->at_hours_only);
    CHECK_FALSE(stage.engine.state().waits_for_hours);
    SECTION("when the hours are over it is given up without trouble") {
        stage.tell(LargeDownloads{false});
        stage.tell(BlobPaused{large.sha256});
        CHECK(stage.count<FetchBlob>() == 0);
        CHECK(stage.engine.state().problem.trouble == Trouble::none);
        stage.tell(LargeDownloads{true});
        CHECK(stage.count<FetchBlob>() == 1);
    }
    SECTION("when it is there the release is in force") {
        stage.tell(BlobFinished{large.sha256});
        CHECK(stage.activate().index == source.index);
    }
}

TEST_CASE("a screen that has nothing to play yet waits for no hour") {
    Stage stage;
    TestRelease source;
    source.add_capsule("film", std::string(300'000, 'f'));
    source.seal();
    stage.tell(LargeDownloads{false});
    stage.offer(source);
    stage.answer_documents(source);
    while (stage.take<Activate>())
        stage.tell(Activated{});
    const auto blob = stage.take<FetchBlob>();
    REQUIRE(blob);
    CHECK_FALSE(blob->at_hours_only);
}
