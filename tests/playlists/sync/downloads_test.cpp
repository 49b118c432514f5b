// Which blob is fetched, and when.
#include "tests/playlists/sync/engine_stage.hpp"

using namespace capsule;
using namespace capsule::sync;

TEST_CASE("one blob at a time is under way") {
    Stage stage;
    const auto source = two_capsules();
    stage.offer(source);
    stage.answer_documents(source);
    stage.tell(Tick{});
    stage.pass(std::chrono::minutes(2));
    CHECK(stage.count<FetchBlob>() == 1);
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

TEST_CASE("what the schedule brings soonest is fetched first, by the time that is told") {
    Stage stage;
    TestRelease source; // the loop of always
    source.add_capsule("boucle", "b");
    for (const auto& [name, when] : {std::pair{"matin", "Mo-Su 08:00-12:00"}, std::pair{"soir", "Mo-Su 18:00-22:00"}}) {
        source.add_playlist(name, "hall");
        source.release.programme.schedules.back().when = when;
        source.add_capsule(name, name, name); // the smaller the earlier, but for the time
    }
    source.add_capsule("long-matin", std::string(4000, 'l'), "matin");
    source.seal();
    const auto order = [&] {
        std::vector<std::size_t> sizes;
        const auto action = stage.take<FetchBlob>();
        REQUIRE(action);
        for (const auto& blob : action->planned)
            sizes.push_back(blob.bytes);
        CHECK(action->blob == action->planned.front());
        return sizes;
    };
    const Instant noon = *parse_rfc3339("2026-11-24T11:00:00Z"); // 12:00 in Paris
    using Sizes = std::vector<std::size_t>;
    SECTION("in the morning") {
        stage.tell(TimeTold{noon - std::chrono::hours(1), ClockKnown::yes});
        stage.offer(source);
        stage.answer_documents(source);
        CHECK(order() == Sizes{5, 4000, 1, 4}); // matin, boucle, soir
    }
    SECTION("and it goes on") {
        stage.tell(TimeTold{noon - std::chrono::hours(1), ClockKnown::yes});
        stage.pass(std::chrono::hours(2));
        stage.offer(source);
        stage.answer_documents(source);
        CHECK(order() == Sizes{1, 4, 5, 4000});
    }
    SECTION("not known: the default loop") {
        stage.offer(source);
        stage.answer_documents(source);
        CHECK(order().front() == 1);
    }
    SECTION("known at last: from then on") {
        stage.offer(source);
        stage.answer_documents(source);
        const auto first = stage.take<FetchBlob>();
        stage.tell(TimeTold{noon - std::chrono::hours(1), ClockKnown::yes});
        stage.tell(BlobFinished{first->blob.sha256});
        CHECK(order() == Sizes{5, 4000, 4});
    }
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
