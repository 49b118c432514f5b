// Which release is in force, and when the next one is.
#include "tests/playlists/sync/engine_stage.hpp"

using namespace capsule;
using namespace capsule::sync;

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
    REQUIRE(blob->planned.size() == 2);
    CHECK(blob->planned[0].bytes == 20);
    CHECK(blob->planned[1].bytes == 500);
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

TEST_CASE("the capsule that a message brings is fetched first, and nothing waits for it") {
    Stage stage;
    auto source = two_capsules();
    source.add_playlist("ailleurs", "autre");
    source.add_capsule("urgente", std::string(50'000, 'u'), "ailleurs"); // in no playlist of this screen
    source.seal();
    stage.follow(source);
    Message message;
    message.id = *MessageId::parse("alerte");
    message.capsule = CapsuleId::parse("urgente");
    message.until = message.from + std::chrono::hours(1);
    source.release.now.messages.push_back(message);
    source.release.now.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    CHECK(stage.activate().index.now->number == 2);
    const auto first = stage.take<FetchBlob>();
    REQUIRE(first);
    CHECK(first->blob.bytes == 50'000);
    // A new programme comes in force without it.
    source.add_capsule("petite", "p");
    source.release.programme.number = 2;
    source.seal();
    stage.offer(source);
    stage.answer_documents(source);
    stage.tell(BlobFailed{first->blob.sha256, Error{Category::missing, "it is not there"}});
    const auto second = stage.take<FetchBlob>();
    REQUIRE(second);
    CHECK(second->blob.bytes == 1);
    stage.tell(BlobFinished{second->blob.sha256});
    CHECK(stage.activate().index.programme->number == 2);
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
