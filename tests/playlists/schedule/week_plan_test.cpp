#include "playlists/schedule/explanation.hpp"
#include "playlists/schedule/week_plan.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <algorithm>

using namespace capsule;
using namespace capsule::example;
using namespace std::chrono_literals;

namespace {

const Instant monday = at("2026-11-22T23:00:00Z"); // midnight at the site

Release office() {
    Release release = make_release({1, 1});
    release.fleet.sites.begin()->second.hours = "Mo-Fr 09:00-17:00";
    release.programme.schedules = {make_schedule("defaut", "open"), make_schedule("midi", "Mo-Fr 12:00-14:00", 5)};
    return release;
}

WeekPlan plan_of(const Release& release, int days = 7) {
    return week_plan(Timetable{release.programme, release.fleet, release.now, screen}, monday, monday + std::chrono::days{days});
}

bool warns(const WeekPlan& plan, const std::string& part) {
    return std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

} // namespace

TEST_CASE("a week is told span by span, without holes") {
    const WeekPlan plan = plan_of(office());
    REQUIRE(plan.blocks.size() == 5 * 4 + 1); // a night, a morning, midday, an afternoon; Friday's night lasts until the end
    CHECK(plan.blocks.front().from == monday);
    CHECK(plan.blocks.back().until == monday + std::chrono::days{7});
    for (std::size_t i = 1; i < plan.blocks.size(); ++i)
        CHECK(plan.blocks[i].from == plan.blocks[i - 1].until);
    CHECK(plan.blocks[0].kind == WeekPlan::Block::Kind::closed);
    CHECK(plan.blocks[1].schedule == ScheduleId::parse("defaut"));
    CHECK(plan.blocks[2].schedule == ScheduleId::parse("midi"));
    CHECK(plan.blocks[2].until - plan.blocks[2].from == 2h);
    CHECK(plan.warnings.empty());
    REQUIRE(plan.overlaps.size() == 1);
    CHECK(plan.overlaps[0].plays == ScheduleId::parse("midi"));
    CHECK(plan.overlaps[0].does_not_play.text() == "defaut");
    CHECK(plan.overlaps[0].from == monday + 12h);
}

TEST_CASE("a schedule that begins and ends while another plays is an overlap, though nothing on the screen changes") {
    Release release = office();
    release.programme.schedules.push_back(make_schedule("cache", "We 12:30-13:00", 1));
    const WeekPlan plan = plan_of(release);
    const auto found = std::find_if(plan.overlaps.begin(), plan.overlaps.end(), [](const auto& one) { return one.does_not_play.text() == "cache"; });
    REQUIRE(found != plan.overlaps.end());
    CHECK(found->plays == ScheduleId::parse("midi"));
    CHECK(found->from == monday + 48h + 12h + 30min);
    CHECK(warns(plan, "« cache » ne passe à aucun moment"));
    CHECK_FALSE(warns(plan, "« defaut »"));
}

TEST_CASE("gaps within the opening hours and campaigns without room are told") {
    Release release = office();
    release.programme.schedules.erase(release.programme.schedules.begin());
    CHECK(warns(plan_of(release), "sans rien à montrer"));

    release = office();
    for (const char* id : {"c1", "c2", "c3"}) {
        Schedule campaign = make_schedule(id, "Tu 10:00-11:00", 9);
        campaign.share_percent = 40;
        release.programme.schedules.push_back(campaign);
    }
    const WeekPlan plan = plan_of(release);
    CHECK(warns(plan, "« c3 » ne passe à aucun moment de cette période. D’autres campagnes"));
    CHECK_FALSE(warns(plan, "« c1 »"));
    const auto shared = std::find_if(plan.blocks.begin(), plan.blocks.end(), [](const auto& block) { return !block.campaigns.empty(); });
    REQUIRE(shared != plan.blocks.end());
    CHECK(shared->campaigns.size() == 2);
    CHECK(shared->schedule == ScheduleId::parse("defaut"));
}

TEST_CASE("what a screen shows at a moment is the item of its day, and what does not play says why") {
    const auto release = std::make_shared<const Release>(office());
    const Instant ten = monday + 10h + 10s;
    const Explanation told = explain(release, screen, ten);
    REQUIRE(told.shows);
    CHECK(told.shows->from == monday + 10h); // an hour of items of half a minute since nine
    CHECK(told.shows->capsule == capsule_id(0));
    const Forecast day = forecast(release, screen, monday, monday + 24h);
    const auto same = std::find_if(day.entries.begin(), day.entries.end(), [&](const auto& entry) { return entry.until > ten; });
    CHECK(same->capsule == told.shows->capsule);
    CHECK(same->from == told.shows->from);
    REQUIRE(told.schedules.size() == 2);
    CHECK(told.schedules[0].reason == "ne s’applique pas à cette heure");
    CHECK(told.schedules[1].reason == "passe");
    REQUIRE(told.capsules.size() == 2);
    CHECK(told.capsules[0].share == Approx(0.5));
    CHECK(explain(release, screen, monday + 12h).schedules[1].reason == "cède la place à « midi ». La priorité de « midi » est plus haute : 5 contre 0.");
    CHECK(explain(release, screen, monday + 3h).shows->kind == Forecast::Kind::closed);
}

TEST_CASE("a capsule that follows another takes no part of the shares") {
    auto release = std::make_shared<Release>(office());
    release->programme.capsules[capsule_id(9)] = make_capsule(9);
    release->programme.capsules[capsule_id(0)].followed_by = capsule_id(9);
    const Forecast seen = forecast(release, screen, monday + 9h, monday + 10h);
    REQUIRE(seen.shares.size() == 2);
    for (const auto& share : seen.shares) {
        CHECK(share.got == 40);
        CHECK(share.due == Approx(40));
    }
}
