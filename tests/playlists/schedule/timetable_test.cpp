#include "playlists/schedule/timetable.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <cstdlib>
#include <string>

using namespace capsule;
using namespace capsule::example;
using namespace std::chrono_literals;

namespace {

Evaluation ask(const Release& release, Instant instant) {
    return Timetable{release.programme, release.fleet, release.now, screen}.at(instant);
}
Evaluation ask(const Release& release, const char* instant) { return ask(release, at(instant)); }

std::string winner(const Evaluation& evaluation) { return evaluation.schedule ? evaluation.schedule->text() : ""; }

Schedule between(const char* id, const char* from, const char* until, int priority) {
    Schedule schedule = make_schedule(id, "always", priority);
    schedule.from = from;
    schedule.until = until;
    return schedule;
}

Schedule campaign(const char* id, int percent, int priority) {
    Schedule schedule = make_schedule(id, "always", priority);
    schedule.share_percent = percent;
    return schedule;
}

} // namespace

TEST_CASE("a schedule begins and ends to the second, in the site's time") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut"), between("fete", "2026-11-24T08:30:15", "2026-11-24T18:00:07", 5),
                                   between("jour", "2026-07-14", "2026-07-15", 5)};
    CHECK(winner(ask(release, "2026-11-24T07:30:14Z")) == "defaut");
    CHECK(ask(release, "2026-11-24T07:30:14Z").next_change == at("2026-11-24T07:30:15Z"));
    CHECK(winner(ask(release, "2026-11-24T07:30:15Z")) == "fete");
    CHECK(ask(release, "2026-11-24T07:30:15Z").next_change == at("2026-11-24T17:00:07Z"));
    CHECK(winner(ask(release, "2026-11-24T17:00:07Z")) == "defaut");
    CHECK_FALSE(ask(release, "2026-11-24T17:00:07Z").next_change);
    CHECK(ask(release, "2026-07-13T00:00:00Z").next_change == at("2026-07-13T22:00:00Z"));
    CHECK(ask(release, "2026-07-13T22:00:00Z").next_change == at("2026-07-14T22:00:00Z"));
}

TEST_CASE("hours that open only after the first date change nothing at that date") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut")};
    Schedule mornings = make_schedule("matins", "Mo 09:00-12:00", 5);
    mornings.from = "2026-11-25"; // a Wednesday
    mornings.until = "2026-12-08";
    release.programme.schedules.push_back(mornings);
    CHECK(ask(release, "2026-11-24T00:00:00Z").next_change == at("2026-11-30T08:00:00Z"));
    CHECK(ask(release, "2026-11-30T11:00:00Z").next_change == at("2026-12-07T08:00:00Z"));
    CHECK_FALSE(ask(release, "2026-12-07T11:00:00Z").next_change);
}

TEST_CASE("the picture comes on before the opening and stays on after the closing by the margin") {
    Release release = make_release({1});
    release.fleet.sites.begin()->second.hours = "Mo-Fr 09:00-12:00,12:20-17:00";
    Schedule open = make_schedule("defaut", "open");
    open.margin_minutes = 10;
    release.programme.schedules = {open};
    const auto before = ask(release, "2026-11-23T07:49:59Z");
    CHECK_FALSE(before.picture_on);
    CHECK(before.next_change == at("2026-11-23T07:50:00Z"));
    const auto on = ask(release, "2026-11-23T07:50:00Z");
    CHECK(on.picture_on);
    CHECK(on.next_change == at("2026-11-23T16:10:00Z")); // the margins close the gap at noon
    CHECK(ask(release, "2026-11-23T16:09:59Z").picture_on);
    CHECK_FALSE(ask(release, "2026-11-23T16:10:00Z").picture_on);
    CHECK(ask(release, "2026-11-27T16:10:00Z").next_change == at("2026-11-30T07:50:00Z"));
}

TEST_CASE("a gap in opening hours leaves the picture on without a playlist") {
    Release release = make_release({1});
    release.fleet.sites.begin()->second.hours = "Mo-Fr 09:00-17:00";
    release.programme.schedules = {make_schedule("matin", "Mo-Fr 09:00-12:00")};
    const auto gap = ask(release, "2026-11-23T13:00:00Z");
    CHECK(gap.picture_on);
    CHECK_FALSE(gap.playlist);
    CHECK(gap.next_change == at("2026-11-23T16:00:00Z"));
    CHECK_FALSE(ask(release, "2026-11-23T16:00:00Z").picture_on);
}

TEST_CASE("weekdays of a month and school holidays") {
    Release release = make_release({1});
    release.programme.school_holidays = {{"Noël", "2026-12-19", "2027-01-04"}};
    release.programme.schedules = {make_schedule("defaut"), make_schedule("premier", "Mo[1] 09:00-12:00", 1),
                                   make_schedule("dernier", "Fr[-1]", 1), make_schedule("vacances", "SH Mo-Fr 14:00-16:00", 2)};
    CHECK(winner(ask(release, "2026-12-07T09:00:00Z")) == "premier");
    CHECK(winner(ask(release, "2026-12-14T09:00:00Z")) == "defaut");
    CHECK(winner(ask(release, "2026-12-18T12:00:00Z")) == "defaut");
    CHECK(winner(ask(release, "2026-12-25T12:00:00Z")) == "dernier");
    CHECK(winner(ask(release, "2026-12-25T13:30:00Z")) == "vacances");
    CHECK(winner(ask(release, "2027-01-03T13:30:00Z")) == "defaut"); // a Sunday
    CHECK(winner(ask(release, "2027-01-04T13:30:00Z")) == "defaut");
    CHECK(check_when("SH off").ok());
}

TEST_CASE("campaigns share with the loop below them and leave it a tenth") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut"), campaign("sante", 30, 2), campaign("impots", 50, 3), campaign("trop", 20, 1)};
    const auto shared = ask(release, "2026-11-23T09:00:00Z");
    CHECK(winner(shared) == "defaut");
    REQUIRE(shared.campaigns.size() == 2);
    CHECK(shared.campaigns[0].schedule.text() == "impots");
    CHECK(shared.campaigns[0].percent == 50);
    CHECK(shared.campaigns[1].percent == 30);
    const Timetable timetable{release.programme, release.fleet, release.now, screen};
    std::string standings;
    for (const auto& candidate : timetable.standings(at("2026-11-23T09:00:00Z")))
        standings += candidate.schedule->id.text() + ":" + std::to_string(static_cast<int>(candidate.standing)) + " ";
    CHECK(standings == "impots:1 sante:1 trop:2 defaut:0 ");
    release.programme.schedules.push_back(make_schedule("prend-tout", "always", 9));
    CHECK(ask(release, "2026-11-23T09:00:00Z").campaigns.empty());
}

TEST_CASE("a changeover at once is said on both sides") {
    Release release = make_release({1});
    Schedule urgent = between("urgent", "2026-11-24T10:00:00", "2026-11-24T11:00:00", 5);
    urgent.at_once = true;
    release.programme.schedules = {make_schedule("defaut"), urgent};
    CHECK_FALSE(ask(release, "2026-11-24T08:59:59Z").at_once);
    CHECK(ask(release, "2026-11-24T09:00:00Z").at_once);
}

TEST_CASE("one instant of many gets from the index of the week what asking every schedule gives") {
    std::mt19937 random{7};
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const std::vector<std::string> days{"Mo-Fr", "Sa", "Mo", "Tu,Th", "Mo[1]", "PH", "Fr[-1]", "Su", "SH", "PH Mo-Fr"};
    for (int round = 0; round < 6; ++round) {
        Release release = make_release({1});
        release.fleet.sites.begin()->second.hours = "Mo-Fr 08:30-12:30,13:30-17:30; Sa 09:00-12:00; PH off";
        release.fleet.sites.begin()->second.zone = round % 2 ? "Australia/Lord_Howe" : "Europe/Paris";
        release.programme.school_holidays = {{"a", "2027-02-06", "2027-02-22"}, {"b", "2027-07-03", "2027-09-01"}};
        release.programme.schedules = {make_schedule("defaut", "open", -1)};
        for (int i = 0; i < 150; ++i) {
            const int from = pick(23 * 60), until = from + 1 + pick(300);
            char hours[32];
            std::snprintf(hours, sizeof hours, " %02d:%02d-%02d:%02d", from / 60, from % 60, until / 60 % 24, until % 60);
            std::string when = days[static_cast<std::size_t>(pick(static_cast<int>(days.size())))] + hours;
            if (pick(5) == 0)
                when += "; We off";
            Schedule schedule = make_schedule(("s" + std::to_string(i)).c_str(), when.c_str(), pick(5));
            if (pick(4) == 0)
                schedule.when = pick(2) ? "always" : "open";
            schedule.margin_minutes = pick(2) ? 0 : pick(241);
            if (schedule.when == "always" || pick(3) == 0) {
                const int day = pick(360);
                schedule.from = to_text(LocalDay{std::chrono::floor<std::chrono::days>(at("2027-01-01T00:00:00Z").time_since_epoch()) + std::chrono::days{day}});
                schedule.until = schedule.from + "T1" + std::to_string(pick(10)) + ":00:07";
            }
            schedule.share_percent = pick(4) ? 100 : 10 + pick(60);
            release.programme.schedules.push_back(schedule);
        }
        const Timetable kept{release.programme, release.fleet, release.now, screen};
        kept.at(at("2027-01-01T00:00:00Z"));
        for (int i = 0; i < 150; ++i) {
            const Instant instant = at("2027-01-01T00:00:00Z") + std::chrono::seconds{pick(365 * 86400)};
            INFO("round " << round << " at " << to_rfc3339(instant));
            REQUIRE(kept.at(instant) == ask(release, instant));
        }
    }
}

// CAPSULE_ROUNDS raises the number of random releases: 10,000 take some minutes.
TEST_CASE("nothing changes before the next change and something does at it") {
    const char* asked = std::getenv("CAPSULE_ROUNDS");
    const int rounds = asked ? std::atoi(asked) : 150;
    std::mt19937 random{20260101};
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const std::vector<std::string> whens{"always", "open", "open", "Mo-Fr 09:00-12:00", "Sa,Su", "PH", "SH Mo-Fr 10:00-11:00", "Mo[1]", "Fr[-1] 22:00-03:00",
                                         "Tu 02:30-03:10; We off", "Mo-Su 00:00-24:00; Su off", "24/7", "Th 09:00-17:00, Th 16:00-18:00", "PH,Sa 01:30-02:30"};
    const std::vector<std::string> hours{"Mo-Fr 09:00-17:00; PH off", "", "Tu-Sa 08:30-12:30,13:30-18:00", "24/7", "Mo-Su 22:00-06:00", "We 09:00-12:00; SH off"};
    // The year around these has both nights of the clocks, a leap day and the end of a year.
    const Instant begin = at("2027-11-01T00:00:00Z");
    const auto local_date = [&](int after) { return to_text(LocalDay{std::chrono::floor<std::chrono::days>(begin.time_since_epoch()) + std::chrono::days{after}}); };
    int changes = 0;
    for (int round = 0; round < rounds; ++round) {
        Release release = make_release({1});
        release.fleet.sites.begin()->second.hours = hours[static_cast<std::size_t>(pick(static_cast<int>(hours.size())))];
        release.programme.school_holidays = {{"a", "2027-12-18", "2028-01-03"}, {"b", "2028-02-12", "2028-02-28"}};
        release.programme.schedules.clear();
        for (int i = 0, count = 1 + pick(8); i < count; ++i) {
            Schedule schedule = make_schedule(("s" + std::to_string(i)).c_str(), whens[static_cast<std::size_t>(pick(static_cast<int>(whens.size())))].c_str(), pick(3));
            if (pick(3) == 0) {
                const int from = pick(300);
                schedule.from = local_date(from) + (pick(2) ? "T02:30:1" + std::to_string(pick(9)) : "");
                schedule.until = local_date(from + 1 + pick(60)) + (pick(2) ? "T03:00:00" : "");
            }
            schedule.margin_minutes = pick(2) ? 0 : pick(200);
            schedule.share_percent = pick(3) ? 100 : 10 + pick(60);
            schedule.at_once = pick(2) != 0;
            release.programme.schedules.push_back(schedule);
        }
        const Timetable kept{release.programme, release.fleet, release.now, screen};
        Instant instant = begin + std::chrono::seconds{pick(365 * 86400)};
        for (int step = 0; step < 12; ++step) {
            Evaluation now = kept.at(instant);
            const auto next = now.next_change;
            const Evaluation fresh = ask(release, instant);
            REQUIRE(fresh == now);
            const Instant end = next ? *next : instant + std::chrono::days{40};
            now.next_change.reset();
            for (int probe = 0; probe < 6; ++probe) {
                const auto span = std::chrono::duration_cast<std::chrono::seconds>(end - instant).count();
                Instant between = instant + std::chrono::seconds{span > 0 ? static_cast<std::int64_t>(random()) % span : 0};
                if (probe == 0)
                    between = end - 1ms;
                if (probe < 3 && probe > 0) // at a full minute, where things change
                    between = std::max(instant, Instant{std::chrono::floor<std::chrono::minutes>(between)});
                Evaluation there = ask(release, between);
                there.next_change.reset();
                INFO("round " << round << " from " << to_rfc3339(instant) << " at " << to_rfc3339(between));
                REQUIRE(there == now);
            }
            if (!next)
                break;
            Evaluation then = kept.at(*next);
            then.next_change.reset();
            INFO("round " << round << " at the change " << to_rfc3339(*next) << " from " << to_rfc3339(instant));
            REQUIRE((then != now || *next > instant + std::chrono::days{700}));
            ++changes;
            instant = *next;
        }
    }
    CHECK(changes > rounds);
}
