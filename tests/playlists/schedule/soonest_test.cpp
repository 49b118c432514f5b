#include "playlists/schedule/soonest.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

using namespace capsule;
using namespace capsule::example;

namespace {

// A loop for all the week, and what goes before it at certain times.
struct Week {
    Release release = make_release({1});

    Week() { release.programme.schedules = {make_schedule("loop")}; }
    Schedule& add(const char* id, const char* when, int priority = 5) {
        Playlist list = release.programme.playlists.at(playlist);
        list.id = *PlaylistId::parse(id);
        release.programme.playlists[list.id] = list;
        Schedule schedule = make_schedule(id, when, priority);
        schedule.playlist = list.id;
        release.programme.schedules.push_back(schedule);
        return release.programme.schedules.back();
    }
    std::vector<std::string> order(const char* instant, ClockKnown known = ClockKnown::yes) const {
        std::vector<std::string> names;
        for (const PlaylistId& id : soonest_first(release, screen, at(instant), known))
            names.push_back(id.text());
        return names;
    }
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("what plays now comes first, then the default loop, then what the schedule brings, soonest first") {
    Week week;
    week.add("vendredi", "Fr 14:00-15:00");
    week.add("mardi", "Tu 09:00-12:00");
    week.add("midi", "Mo-Fr 12:00-14:00");
    CHECK(week.order("2026-11-24T09:00:00Z") == Names{"mardi", "accueil", "midi", "vendredi"}); // a Tuesday
    CHECK(week.order("2026-11-24T11:30:00Z") == Names{"midi", "accueil", "vendredi", "mardi"});
    CHECK(week.order("2026-11-27T20:00:00Z") == Names{"accueil", "midi", "mardi", "vendredi"});
}

TEST_CASE("a campaign that shares with the loop is needed with it") {
    Week week;
    week.add("atelier", "always").share_percent = 20;
    week.add("mardi", "Tu 09:00-12:00", 9);
    CHECK(week.order("2026-11-25T09:00:00Z") == Names{"accueil", "atelier", "mardi"});
}

TEST_CASE("what comes in a month or never comes last, and nothing is forgotten") {
    Week week;
    week.add("noel", "always").from = "2026-12-20";
    week.add("passe", "always").until = "2026-01-01";
    week.add("dessous", "always", -1);
    week.add("mercredi", "We 09:00-12:00");
    const Names order = week.order("2026-11-24T09:00:00Z");
    REQUIRE(order.size() == 5);
    CHECK(order[0] == "accueil");
    CHECK(order[1] == "dessous"); // lowest priority: what is fallen back on
    CHECK(order[2] == "mercredi");
    CHECK(week.order("2026-12-19T09:00:00Z")[2] == "noel");
}

TEST_CASE("a screen that does not know the time needs its default loop first") {
    Week week;
    week.add("mardi", "Tu 09:00-12:00");
    CHECK(week.order("2026-11-24T09:00:00Z", ClockKnown::no) == Names{"accueil", "mardi"});
}

TEST_CASE("what is scheduled elsewhere is not needed here") {
    Week week;
    week.add("ailleurs", "always").where = fact("commune", "92999");
    CHECK(week.order("2026-11-24T09:00:00Z") == Names{"accueil"});
    CHECK(soonest_first(week.release, *ScreenId::parse("unknown"), at("2026-11-24T09:00:00Z"), ClockKnown::yes).empty());
}
