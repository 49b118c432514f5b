// What is thrown away, and what never.
#include "tests/playlists/sync/engine_stage.hpp"

using namespace capsule;
using namespace capsule::sync;

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
