// When a source is asked again, and with what.
#include "tests/playlists/sync/engine_stage.hpp"

using namespace capsule;
using namespace capsule::sync;

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
