#include "player/app/late_service.hpp"

#include "content/base/random.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <atomic>
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
        20ms);
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
