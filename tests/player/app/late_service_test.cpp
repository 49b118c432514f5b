#include "player/app/late_service.hpp"

#include "content/base/random.hpp"
#include "player/director/director.hpp"
#include "player/present/stage.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

TEST_CASE("a store that cannot be opened shows the calm card, and is taken up as soon as it can") {
    TemporaryFolder folder;
    SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    Options options;
    options.store = folder.path() / "store";
    options.server = "http://127.0.0.1:9";
    std::atomic<bool> usable{false};
    std::atomic<int> tried{0};
    LateService service(
        [&]() -> Result<std::unique_ptr<ScreenService>> {
            ++tried;
            if (!usable)
                return Error{Category::no_space, "the disk is full"};
            return ScreenService::open(options, clock, disk, random);
        },
        {}, 20ms);
    CHECK(tried == 1);
    CHECK_FALSE(service.next());
    CHECK(service.interruption() == Interruption::none);
    const PlayItem card = service.fallback();
    CHECK(card.draw(Size{640, 360}).size == Size{640, 360});
    service.showing_began(card, 1);
    service.showing_ended(card, {});
    CHECK_FALSE(std::filesystem::exists(options.store / "device.key"));
    usable = true;
    for (int i = 0; i < 500 && !std::filesystem::exists(options.store / "device.key"); ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(std::filesystem::exists(options.store / "device.key"));
    CHECK(service.fallback().name == "fallback");
    service.stop();
}

TEST_CASE("a store that does not answer keeps neither the picture nor the end waiting") {
    struct Gate {
        std::mutex mutex;
        std::condition_variable changed;
        bool open = false;
    };
    const auto gate = std::make_shared<Gate>(); // shared with the thread that hangs
    SystemClock clock;
    const Nanoseconds begun = clock.monotonic();
    {
        LateService service(
            [gate]() -> Result<std::unique_ptr<ScreenService>> {
                std::unique_lock lock(gate->mutex);
                gate->changed.wait(lock, [&] { return gate->open; });
                return Error{Category::io, "the disk is gone"};
            },
            {}, 20ms, 50ms);
        CHECK_FALSE(service.next());
        CHECK(service.fallback().draw(Size{640, 360}).size == Size{640, 360});
        service.stop();
        CHECK(LateService::threads_alive() == 1);
    }
    CHECK(clock.monotonic() - begun < 10s);
    {
        const std::lock_guard lock(gate->mutex);
        gate->open = true;
        gate->changed.notify_all();
    }
    for (int i = 0; i < 500 && LateService::threads_alive() > 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(LateService::threads_alive() == 0);
}

namespace {

// A server that takes connections and never answers: no trouble yet, so that nothing but a key brings up the panel.
struct SilentServer {
    int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string address;
    SilentServer() {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        REQUIRE(::bind(file, reinterpret_cast<sockaddr*>(&where), size) == 0);
        REQUIRE(::listen(file, 16) == 0);
        REQUIRE(::getsockname(file, reinterpret_cast<sockaddr*>(&where), &size) == 0);
        address = "http://127.0.0.1:" + std::to_string(ntohs(where.sin_port));
    }
    ~SilentServer() { ::close(file); }
};

// Draws nothing, counts the overlays, and says once that a key was pressed.
class StageWithKey final : public Stage {
public:
    bool key = false;
    std::size_t overlays = 0;
    Size size() const override { return {640, 360}; }
    Nanoseconds refresh() const override { return 0ns; }
    std::string description() const override { return "paper"; }
    Result<void> draw(const VideoFrame&, const Overlays& drawn) override {
        overlays = drawn.size();
        return {};
    }
    Result<void> show() override { return {}; }
    Picture grab() override { return Picture(size()); }
    StageEvents poll() override {
        StageEvents events;
        events.key = std::exchange(key, false);
        return events;
    }
};

} // namespace

TEST_CASE("a key pressed at an enrolled screen brings up the diagnostic panel") {
    TemporaryFolder folder;
    SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    SilentServer server;
    Options options;
    options.store = folder.path() / "store";
    options.server = server.address;
    options.stage.headless = true;
    LateService service([&] { return ScreenService::open(options, clock, disk, random); });
    StageWithKey stage;
    DirectorOptions play;
    play.play_for = 10s;
    Director director(stage, service, clock, nullptr, play);
    struct Visitor final : PlaybackListener {
        StageWithKey& stage;
        Director& director;
        const Clock& clock;
        const Nanoseconds begun;
        bool pressed = false;
        std::size_t before = 0;
        Visitor(StageWithKey& s, Director& d, const Clock& c) : stage(s), director(d), clock(c), begun(c.monotonic()) {}
        // The calm card comes anew every second.
        void frame_shown(const PlayItem&, const ShownFrame&) override {
            if (!pressed && clock.monotonic() - begun > 500ms) {
                before = stage.overlays;
                stage.key = pressed = true;
            } else if (stage.overlays > 0) {
                director.stop();
            }
        }
    } visitor(stage, director, clock);
    director.add_listener(visitor);
    director.add_listener(service);
    service.started(director, stage.size());
    REQUIRE(director.run().ok());
    CHECK(visitor.before == 0);
    CHECK(visitor.pressed);
    CHECK(stage.overlays > 0);
    service.stop();
}
