#include "playlists/sync/sync_thread.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/playlists/sync/test_source.hpp"

#include <condition_variable>

using namespace capsule;
using namespace capsule::sync;

namespace {

class Witness final : public SyncListener {
public:
    void on_release_active(const ActiveRelease& active) override {
        const std::lock_guard lock(m_mutex);
        m_active = active;
        m_changed.notify_all();
    }
    void on_sync_state(const State& state) override {
        const std::lock_guard lock(m_mutex);
        m_state = state;
        m_changed.notify_all();
    }
    template <typename Condition>
    bool wait_for(Condition condition) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(20), [&] { return condition(m_active, m_state); });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    ActiveRelease m_active;
    State m_state;
};

} // namespace

TEST_CASE("a running thread follows what the server publishes, tells of trouble, and stops at once") {
    FaultyHttpServer server;
    TestRelease release;
    const auto media = release.add_capsule("une", std::string(50'000, '1'));
    release.seal();
    serve(server, release);

    TemporaryFolder folder;
    SystemDisk disk;
    SystemClock clock;
    SystemRandom random;
    Witness witness;
    std::atomic<bool> stopping = false;
    http::Settings http_settings;
    http_settings.stop = &stopping;
    EngineSettings settings;
    settings.device = test_device;
    settings.poll_interval = std::chrono::milliseconds(50);
    settings.retry_first = std::chrono::milliseconds(20);
    settings.retry_most = std::chrono::milliseconds(100);
    const auto thread = SyncThread::open(disk, folder.path(), std::make_unique<HttpSource>(server.address(), http_settings),
                                         settings, clock, random, witness);
    REQUIRE(thread.ok());
    CHECK_FALSE((*thread)->at_start().index.programme);
    (*thread)->start();
    CHECK(witness.wait_for(
        [&](const ActiveRelease& active, const State& state) { return active.index == release.index && state.up_to_date; }));

    release.add_capsule("deux", std::string(60'000, '2'));
    release.release.programme.number = 2;
    release.seal();
    serve(server, release);
    CHECK(witness.wait_for([&](const ActiveRelease& active, const State&) { return active.index == release.index; }));

    // A film that rots on the disk is fetched again while the release stays in force.
    Store store(disk, folder.path());
    REQUIRE(store.remove(media.sha256).ok());
    (*thread)->lost(media.sha256);
    CHECK(witness.wait_for([&](const ActiveRelease&, const State&) { return store.has(media.sha256, media.bytes); }));

    server.answer_with([](const FaultyHttpServer::Request&) { return FaultyHttpServer::Answer{500, {}, "", {}, false, {}, 0}; });
    CHECK(
        witness.wait_for([](const ActiveRelease&, const State& state) { return state.problem.trouble == Trouble::unreachable; }));
    stopping = true;
    const auto begun = clock.monotonic();
    (*thread)->stop();
    CHECK(clock.monotonic() - begun < std::chrono::seconds(3));
}
