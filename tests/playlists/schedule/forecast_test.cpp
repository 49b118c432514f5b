#include "playlists/schedule/forecast.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <cmath>

using namespace capsule;
using namespace capsule::example;
using namespace std::chrono_literals;

namespace {

const Instant ten = at("2026-11-24T09:00:00Z"); // 10:00 at the site
const PlaylistId midday = *PlaylistId::parse("midi");

std::shared_ptr<Release> two_loops() {
    auto release = std::make_shared<Release>(make_release({2, 1, 1}));
    Playlist list;
    list.id = midday;
    list.items = {{capsule_id(2), 1, {}, {}}};
    release->programme.playlists[midday] = list;
    release->programme.schedules.push_back(make_schedule("defaut"));
    Schedule schedule = make_schedule("midi", "Mo-Fr 11:00-12:00", 5);
    schedule.playlist = midday;
    release->programme.schedules.push_back(schedule);
    return release;
}

} // namespace

TEST_CASE("a forecast has no holes, tells every item's reason, and shares within one showing of what is due") {
    const Forecast seen = forecast(two_loops(), screen, ten, ten + 4h);
    REQUIRE_FALSE(seen.entries.empty());
    CHECK(seen.entries.front().from == ten);
    CHECK(seen.entries.back().until >= ten + 4h);
    for (std::size_t i = 0; i < seen.entries.size(); ++i) {
        CHECK_FALSE(seen.entries[i].reason.empty());
        if (i > 0)
            CHECK(seen.entries[i].from == seen.entries[i - 1].until);
    }
    CHECK(seen.shares.size() == 4); // three of the loop, one of midday
    for (const auto& share : seen.shares)
        CHECK(std::abs(static_cast<double>(share.got) - share.due) < 1);
    REQUIRE(seen.overlaps.size() == 1);
    CHECK(seen.overlaps[0].from == ten + 1h);
    CHECK(seen.overlaps[0].plays.text() == "midi");
    CHECK(seen.overlaps[0].outranked.text() == "defaut");
    CHECK(seen.overlaps[0].why == "La priorité de « midi » est plus haute : 5 contre 0.");
}

TEST_CASE("a loop that comes back after another goes on with its shares") {
    const auto release = two_loops();
    RunningOrder order{release, screen};
    std::map<CapsuleId, int> shown;
    const auto play = [&](Instant from, int items) {
        for (int i = 0; i < items; ++i)
            if (const auto item = order.next(order.at(from, ClockKnown::yes), from, {}))
                ++shown[item->capsule];
    };
    play(ten, 2);
    play(ten + 1h, 3); // midday
    shown.erase(capsule_id(2));
    play(ten + 2h, 2);
    CHECK(shown == std::map<CapsuleId, int>{{capsule_id(0), 2}, {capsule_id(1), 1}, {capsule_id(2), 1}});
}

TEST_CASE("a schedule that begins at once cuts the item before it; another waits for its end") {
    const bool at_once = GENERATE(false, true);
    auto release = two_loops();
    release->programme.schedules.back().at_once = at_once;
    const Forecast seen = forecast(release, screen, ten + 59min + 45s, ten + 61min);
    REQUIRE(seen.entries.size() > 1);
    CHECK(seen.entries[0].cut == at_once);
    CHECK(seen.entries[1].from == (at_once ? ten + 1h : ten + 1h + 15s));
    CHECK(seen.entries[1].playlist == midday);
}

TEST_CASE("a gap is told with a warning, and closed hours are not a gap") {
    auto release = two_loops();
    release->programme.schedules.erase(release->programme.schedules.begin());
    release->fleet.sites.begin()->second.hours = "Mo-Fr 10:00-12:00";
    const Forecast seen = forecast(release, screen, ten, ten + 4h);
    REQUIRE(seen.entries.size() > 2);
    CHECK(seen.entries.front().kind == Forecast::Kind::gap);
    CHECK(seen.entries.front().until == ten + 1h);
    CHECK(seen.entries.back().kind == Forecast::Kind::closed);
    REQUIRE_FALSE(seen.warnings.empty());
}

TEST_CASE("a capsule that passes more than forty times a day is told") {
    const auto release = two_loops();
    release->fleet.sites.begin()->second.waiting_minutes = 1;
    CHECK(forecast(release, screen, ten, ten + 10min).warnings.empty());
    CHECK_FALSE(forecast(release, screen, ten, ten + 3h).warnings.empty());
}

TEST_CASE("a loop that is over before the wait is told, once") {
    const auto release = two_loops(); // a minute and a half
    Site& site = release->fleet.sites.begin()->second;
    const auto told = [&](int minutes) {
        site.waiting_minutes = minutes;
        std::vector<std::string> lines = forecast(release, screen, ten, ten + 10min).warnings;
        return lines.size() == 1 ? lines.front() : std::to_string(lines.size());
    };
    CHECK(told(20) == "La liste «\u00a0accueil\u00a0» est finie en 90 secondes\u00a0: ceux qui attendent 20 minutes la voient plusieurs fois.");
    CHECK(told(0).find("15 minutes (durée supposée)") != std::string::npos);
    CHECK(told(1) == "0");
    release->programme.playlists.at(playlist).calm_percent = 50; // three minutes with its stills
    CHECK(told(2) == "0");
    CHECK(told(4).find("est finie en 3 minutes") != std::string::npos);
}
