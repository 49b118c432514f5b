#include "playlists/schedule/evaluate.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

using namespace capsule;
using namespace capsule::example;

namespace {

Evaluation ask(const Release& release, Instant instant, ClockKnown clock = ClockKnown::yes) {
    return evaluate(release.programme, release.fleet, release.now, screen, instant, clock);
}
Evaluation ask(const Release& release, const char* instant, ClockKnown clock = ClockKnown::yes) { return ask(release, at(instant), clock); }

std::string winner(const Evaluation& evaluation) { return evaluation.schedule ? evaluation.schedule->text() : ""; }

Message make_message(const char* id, const char* from, const char* until, Where where = {}) {
    Message message;
    message.id = *MessageId::parse(id);
    message.text["fr"] = "Fermé";
    message.where = std::move(where);
    message.from = at(from);
    message.until = at(until);
    return message;
}

} // namespace

TEST_CASE("opening hours switch the picture and the sound on and off") {
    Release release = make_release({1});
    release.fleet.sites.begin()->second.hours = "Mo-Fr 09:00-17:00; PH off";
    release.programme.schedules = {make_schedule("defaut", "open")};
    const auto open = ask(release, "2026-11-23T09:00:00Z");
    CHECK(open.picture_on);
    CHECK(open.volume == 30);
    CHECK(open.playlist == playlist);
    CHECK(open.next_change == at("2026-11-23T16:00:00Z"));
    const auto closed = ask(release, "2026-11-23T16:00:00Z");
    CHECK_FALSE(closed.picture_on);
    CHECK(closed.volume == 0);
    CHECK_FALSE(closed.playlist);
    CHECK(closed.next_change == at("2026-11-24T08:00:00Z"));
    CHECK_FALSE(ask(release, "2026-12-25T10:00:00Z").picture_on);
}

TEST_CASE("a site without readable hours is always open") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut", "open")};
    for (const char* hours : {"", "du lundi au vendredi"}) {
        release.fleet.sites.begin()->second.hours = hours;
        const auto night = ask(release, "2026-11-23T02:00:00Z");
        CHECK(night.picture_on);
        CHECK(night.playlist == playlist);
        CHECK_FALSE(night.next_change);
    }
    release.programme.schedules[0].when = "le matin";
    CHECK(ask(release, "2026-11-23T02:00:00Z").playlist == playlist);
    CHECK_FALSE(check_when("le matin").ok());
    for (const char* when : {"always", "open", "Mo-Fr 09:00-12:00"})
        CHECK(check_when(when).ok());
}

TEST_CASE("priority decides, then what is more specific, then the name") {
    Release release = make_release({1});
    auto& schedules = release.programme.schedules;
    schedules = {make_schedule("b", "always", 0), make_schedule("a", "always", 0)};
    CHECK(winner(ask(release, "2026-11-23T09:00:00Z")) == "a");
    for (const auto& [id, where] : std::vector<std::pair<const char*, Where>>{{"z1", fact("ept", "VSGP")},
                                                                            {"z2", fact("commune", "92002")},
                                                                            {"z3", fact("site", "mairie")},
                                                                            {"z4", fact("screen", "hall")}}) {
        schedules.push_back(make_schedule(id, "always", 0, where));
        CHECK(winner(ask(release, "2026-11-23T09:00:00Z")) == id);
    }
    schedules.push_back(make_schedule("priorite", "always", 1));
    CHECK(winner(ask(release, "2026-11-23T09:00:00Z")) == "priorite");
    schedules.push_back(make_schedule("ailleurs", "always", 9, fact("ept", "POLD")));
    schedules.push_back(make_schedule("absente", "always", 9));
    schedules.back().playlist = *PlaylistId::parse("absente");
    CHECK(winner(ask(release, "2026-11-23T09:00:00Z")) == "priorite");
}

TEST_CASE("a campaign takes over in its hours and gives back afterwards") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut"), make_schedule("campagne", "Mo 10:00-11:00", 5)};
    const auto before = ask(release, "2026-11-23T08:59:59Z");
    CHECK(winner(before) == "defaut");
    CHECK(before.next_change == at("2026-11-23T09:00:00Z"));
    const auto during = ask(release, "2026-11-23T09:00:00Z");
    CHECK(winner(during) == "campagne");
    CHECK(during.next_change == at("2026-11-23T10:00:00Z"));
    CHECK(winner(ask(release, "2026-11-23T10:00:00Z")) == "defaut");
    release.programme.schedules[0].when = "open";
    release.fleet.sites.begin()->second.hours = "Tu 09:00-17:00";
    CHECK(ask(release, "2026-11-23T09:30:00Z").picture_on);
    CHECK_FALSE(ask(release, "2026-11-23T10:30:00Z").picture_on);
}

TEST_CASE("a screen for which nothing is scheduled keeps its picture and plays nothing") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("ailleurs", "always", 0, fact("site", "autre"))};
    const auto evaluation = ask(release, "2026-11-23T09:00:00Z");
    CHECK(evaluation.picture_on);
    CHECK_FALSE(evaluation.playlist);
    CHECK_FALSE(evaluation.next_change);
    CHECK(evaluate(release.programme, release.fleet, release.now, *ScreenId::parse("inconnu"), at("2026-11-23T09:00:00Z"), ClockKnown::yes).picture_on);
}

TEST_CASE("messages are shown from their start until their end, in the screen's language, on its territory") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut")};
    release.now.messages = {make_message("m1", "2026-11-24T07:00:00Z", "2026-11-24T12:00:00Z", fact("site", "mairie")),
                            make_message("m2", "2026-11-24T06:00:00Z", "2026-11-24T07:00:00Z", fact("site", "autre"))};
    release.now.messages[0].text["ar"] = "مغلق";
    CHECK(ask(release, "2026-11-24T06:59:59.999Z").messages.empty());
    CHECK(ask(release, "2026-11-24T05:00:00Z").next_change == at("2026-11-24T07:00:00Z"));
    const auto active = ask(release, "2026-11-24T07:00:00Z");
    REQUIRE(active.messages.size() == 1);
    CHECK(active.messages[0].text == "Fermé");
    CHECK(active.next_change == at("2026-11-24T12:00:00Z"));
    CHECK(ask(release, "2026-11-24T12:00:00Z").messages.empty());
    CHECK_FALSE(ask(release, "2026-11-24T12:00:00Z").next_change);
    release.fleet.screens[screen].languages = {"ta", "ar"};
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].text == "مغلق");
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].language == "ar");
    release.fleet.screens[screen].languages = {"ta"};
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].text == "Fermé");
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].language == "fr");
    release.now.messages[0].text.clear();
    release.now.messages[0].capsule = capsule_id(0);
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].text == "Capsule 0");
    CHECK(ask(release, "2026-11-24T07:00:00Z").messages[0].capsule == capsule_id(0));
}

TEST_CASE("without a clock the default loop plays, and nothing that depends on a date") {
    Release release = make_release({1});
    release.fleet.sites.begin()->second.hours = "off";
    release.programme.schedules = {make_schedule("campagne", "Mo 10:00-11:00", -1), make_schedule("mairie", "open", 0, fact("site", "mairie")),
                                   make_schedule("defaut", "open", 0), make_schedule("priorite", "always", 3)};
    release.now.messages = {make_message("m1", "2026-11-01T07:00:00Z", "2026-11-30T12:00:00Z")};
    const auto evaluation = ask(release, "2026-11-24T07:00:00Z", ClockKnown::no);
    CHECK(evaluation.picture_on);
    CHECK(winner(evaluation) == "defaut");
    CHECK(evaluation.messages.empty());
    CHECK_FALSE(evaluation.next_change);
}

TEST_CASE("the answer changes at the local midnight when a capsule begins or ceases to be valid") {
    Release release = make_release({1, 1});
    release.programme.schedules = {make_schedule("defaut")};
    release.programme.capsules[capsule_id(0)].valid_from = "2026-12-01";
    release.programme.capsules[capsule_id(1)].valid_until = "2027-07-01";
    CHECK(ask(release, "2026-11-30T22:59:59Z").next_change == at("2026-11-30T23:00:00Z"));
    CHECK(ask(release, "2026-11-30T23:00:00Z").next_change == at("2027-06-30T22:00:00Z"));
    CHECK_FALSE(ask(release, "2027-06-30T22:00:00Z").next_change);
}

TEST_CASE("nothing changes before the next change, and something does at it, over random schedules asked each minute") {
    std::mt19937 random{42};
    const auto pick = [&](const auto& all) { return all[random() % std::size(all)]; };
    const std::vector<const char*> expressions{"always", "open", "Mo-Fr 09:00-12:00,13:30-17:00", "Sa-Su 22:00-02:30; PH off", "24/7", "Su 01:30-02:30",
                                               "PH 10:00-12:00", "Mo-Su 00:00-24:00; Su 02:00-03:00 off", "We 23:00-01:00, Th 00:30-05:00", "off", "Su off"};
    const std::vector<const char*> starts{"2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z", "2026-12-24T08:00:00Z", "2028-02-28T22:00:00Z", "2026-11-20T12:00:00Z"};
    for (int round = 0; round < 60; ++round) {
        Release release = make_release({1});
        release.fleet.sites.begin()->second.hours = pick(expressions);
        for (std::size_t i = 0, count = 1 + random() % 4; i < count; ++i)
            release.programme.schedules.push_back(make_schedule(("s" + std::to_string(i)).c_str(), pick(expressions), static_cast<int>(random() % 3),
                                                                random() % 2 ? Where{} : fact("site", "mairie")));
        const Instant start = at(pick(starts));
        Message message = make_message("m", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z");
        message.from = start + std::chrono::minutes{random() % 600};
        message.until = message.from + std::chrono::minutes{1 + random() % 600};
        release.now.messages = {message};

        Evaluation last = ask(release, start);
        for (Instant time = start + std::chrono::minutes{1}; time < start + std::chrono::hours{20}; time += std::chrono::minutes{1}) {
            Evaluation evaluation = ask(release, time);
            CHECK((!evaluation.next_change || *evaluation.next_change > time));
            INFO("round " << round << " at " << to_rfc3339(time));
            if (last.next_change && *last.next_change <= time) {
                Evaluation before = ask(release, *last.next_change - Milliseconds{1});
                Evaluation after = ask(release, *last.next_change);
                CHECK(before == last);
                before.next_change = after.next_change = std::nullopt;
                CHECK_FALSE(before == after);
            } else if (!(evaluation == last)) {
                CHECK(evaluation == last);
            }
            last = std::move(evaluation);
        }
    }
}

TEST_CASE("nothing is heard in a screen's quiet hours, and the answer says when they end") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut")};
    std::string& quiet = release.fleet.screens.begin()->second.quiet;
    quiet = "Mo-Fr 12:00-14:00";
    const auto volume_at = [&](const char* instant) { return ask(release, instant); };
    CHECK(volume_at("2026-11-23T10:30:00Z").volume == 30); // 11:30 in Paris, a Monday
    CHECK(volume_at("2026-11-23T11:00:00Z").volume == 0);
    CHECK(volume_at("2026-11-23T11:00:00Z").picture_on);
    CHECK(volume_at("2026-11-23T12:59:59Z").volume == 0);
    CHECK(volume_at("2026-11-23T13:00:00Z").volume == 30);
    CHECK(volume_at("2026-11-23T10:30:00Z").next_change == at("2026-11-23T11:00:00Z"));
    SECTION("hours that cannot be read are quiet throughout") {
        quiet = "midi";
        CHECK(volume_at("2026-11-23T10:30:00Z").volume == 0);
    }
    SECTION("so is a screen that does not know the time") {
        CHECK(evaluate(release.programme, release.fleet, release.now, screen, at("2026-11-23T10:30:00Z"), ClockKnown::no).volume == 0);
    }
}
