#include "playlists/server/indicators/bounded.hpp"
#include "playlists/server/indicators/communes.hpp"
#include "playlists/server/indicators/groups.hpp"
#include "playlists/server/indicators/report.hpp"
#include "playlists/server/ledger/scans.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/ledger_database.hpp"

#include <nlohmann/json.hpp>

using namespace capsule;
using namespace capsule::server;

namespace {

struct TestLabels final : Labels {
    std::string capsule_title(const std::string& capsule) const override { return capsule == "mot-de-passe" ? "Un mot de passe solide" : ""; }
    std::string site_name(const std::string& site) const override { return site == "fs-antony" ? "France services Antony" : ""; }
    std::string site_commune(const std::string& site) const override { return site == "fs-antony" ? "92002" : site == "fs-bagneux" ? "92007" : ""; }
    std::string site_ept(const std::string& site) const override { return site.empty() ? "" : "VSGP"; }
};

const Instant now = *parse_rfc3339("2026-11-30T12:00:00Z");

ReportQuery november(ReportBy by) { return {20261101, 20261130, by, true}; }

std::int64_t at(const char* text) { return to_ms(*parse_rfc3339(text)); }

std::vector<std::string> keys(const Report& report) {
    std::vector<std::string> out;
    for (const ReportRow& row : report.rows)
        out.push_back(row.keys[0] + "=" + std::to_string(row.figures.showings));
    return out;
}

// Two sites, two capsules, three days; the first boot begins on 22 November at 09:00 in Paris.
void fill(LedgerDatabase& server, JournalWriter& screen) {
    screen.add(AnchorRow{0, at("2026-11-22T08:00:00Z"), 20, "server"});
    screen.show(0);
    screen.show(20'000, "message-frauduleux");
    screen.show(3'700'000);
    screen.show(86'400'000, "mot-de-passe", "fs-bagneux");
    ShowingRow cut;
    cut.boot_start_ms = 90'000'000;
    cut.boot_end_ms = 90'004'000;
    cut.screen = *ScreenId::parse("fs-antony-hall");
    cut.site = *SiteId::parse("fs-antony");
    cut.capsule = *CapsuleId::parse("mot-de-passe");
    cut.due_ms = 10'000;
    cut.shown_ms = 4'000;
    cut.frames_due = 100;
    cut.frames_shown = 98;
    cut.end = ShowingEnd::cut;
    cut.panel = PanelState::off;
    screen.add(cut);
    // What counts as no diffusion: a card, and a capsule that never came on screen.
    ShowingRow other = cut;
    other.item = ShownItem::qr_card;
    screen.add(other);
    other = cut;
    other.shown_ms = 0;
    other.end = ShowingEnd::failed;
    screen.add(other);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch()).acked == 8);
}

Report made(LedgerDatabase& server, const ReportQuery& query) {
    auto out = report(server.database(), query, TestLabels{}, now);
    REQUIRE(out.ok());
    return *out;
}

} // namespace

TEST_CASE("the same showings, told by capsule, site, commune, day or hour, have the same sum") {
    LedgerDatabase server;
    JournalWriter screen;
    fill(server, screen);
    CHECK(keys(made(server, november(ReportBy::capsule))) == std::vector<std::string>{"mot-de-passe=4", "message-frauduleux=1"});
    CHECK(keys(made(server, november(ReportBy::site))) == std::vector<std::string>{"fs-antony=4", "fs-bagneux=1"});
    CHECK(keys(made(server, november(ReportBy::commune))) == std::vector<std::string>{"92002=4", "92007=1"});
    CHECK(keys(made(server, november(ReportBy::ept))) == std::vector<std::string>{"VSGP=5"});
    CHECK(keys(made(server, november(ReportBy::day))) == std::vector<std::string>{"2026-11-22=3", "2026-11-23=2"});
    CHECK(keys(made(server, november(ReportBy::hour))) == std::vector<std::string>{"09=3", "10=2"});
    for (const ReportBy by : {ReportBy::capsule, ReportBy::site, ReportBy::commune, ReportBy::ept, ReportBy::day, ReportBy::hour}) {
        const Report one = made(server, november(by));
        CHECK(one.total == ReportFigures{5, 4, 44'000, 1100, 1098, 1, 0, 0, 0});
        CHECK(one.received_rows == 7);
        CHECK(one.missing_rows == 0);
        CHECK(one.screens == 2);
        CHECK(one.bounded_showings == 0);
    }
}

TEST_CASE("a screen that tells absurd figures spoils no sum of the others") {
    LedgerDatabase server;
    const std::int64_t most = (std::int64_t{1} << 53) - 1;
    for (int i = 0; i < 3; ++i) {
        JournalWriter screen(std::string(32, static_cast<char>('a' + i)));
        screen.add(AnchorRow{0, at("2026-11-22T08:00:00Z"), 20, "server"});
        ShowingRow absurd;
        absurd.capsule = *CapsuleId::parse("mot-de-passe");
        absurd.due_ms = absurd.shown_ms = absurd.frames_due = absurd.frames_shown = absurd.frames_late = most;
        for (int row = 0; row < 400; ++row)
            screen.add(absurd);
        screen.add(GapRow{most, 0, 0, "disk-full"});
        REQUIRE(server.take(screen.device(), screen.journal(), screen.batch()).acked == 402);
    }
    const Report counted = made(server, november(ReportBy::capsule));
    CHECK(counted.total.showings == 1200);
    CHECK(counted.total.shown_ms >= 0);
}

TEST_CASE("rows are labelled for people") {
    LedgerDatabase server;
    JournalWriter screen;
    fill(server, screen);
    CHECK(made(server, november(ReportBy::capsule)).rows[0].labels[0] == "Un mot de passe solide");
    CHECK(made(server, november(ReportBy::capsule)).rows[1].labels[0] == "message-frauduleux");
    CHECK(made(server, november(ReportBy::commune)).rows[0].labels[0] == "Antony");
    CHECK(made(server, november(ReportBy::ept)).rows[0].labels[0] == "Vallée Sud Grand Paris");
    CHECK(made(server, november(ReportBy::day)).rows[0].labels[0] == "22/11/2026");
    CHECK(made(server, november(ReportBy::hour)).rows[0].labels[0] == "9\u00a0h");
}

TEST_CASE("both ends of the period are included, in local days") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-21T22:59:00Z"), 20, "server"});
    screen.show(0);       // 23:59 on the 21st
    screen.show(60'000);  // midnight
    screen.show(86'400'000); // 23:59 on the 22nd
    screen.show(86'460'000); // midnight after
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch()).acked == 5);
    CHECK(made(server, {20261122, 20261122, ReportBy::day, false}).total.showings == 2);
    CHECK_FALSE(report(server.database(), {20261123, 20261122, ReportBy::day, false}, TestLabels{}, now).ok());
}

TEST_CASE("showings without an anchor are told apart, in the periods to which they may belong") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-22T08:00:00Z"), 20, "server"});
    screen.show(0);
    screen.reboot("boot-2");
    screen.show(5'000);
    screen.show(15'000);
    screen.reboot("boot-3");
    screen.add(AnchorRow{0, at("2026-11-24T08:00:00Z"), 20, "server"});
    screen.show(0);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch()).acked == 6);
    const auto groups = bounded_showings(server.database());
    REQUIRE(groups->size() == 1);
    CHECK((*groups)[0].boot == "boot-2");
    CHECK((*groups)[0].not_before == instant_from_ms(at("2026-11-22T08:00:00Z") - 20));
    CHECK((*groups)[0].not_after == instant_from_ms(at("2026-11-24T08:00:00Z") + 20));
    const auto bounded = [&](std::int64_t from, std::int64_t to) { return made(server, {from, to, ReportBy::day, false}).bounded_showings; };
    CHECK(bounded(20261122, 20261122) == 2);
    CHECK(bounded(20261123, 20261123) == 2);
    CHECK(bounded(20261124, 20261124) == 2);
    CHECK(bounded(20261121, 20261121) == 0);
    CHECK(bounded(20261125, 20261125) == 0);
    CHECK(made(server, november(ReportBy::day)).total.showings == 2);
    CHECK(made(server, november(ReportBy::day)).bounded_shown_ms == 20'000);
}

TEST_CASE("what is lost or not yet received is counted as missing") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-22T08:00:00Z"), 20, "server"});
    screen.add(GapRow{7, 1'000, 60'000, "disk"});
    screen.add(GapRow{0, 1'000, 60'000, "corrupt"});
    for (int i = 0; i < 5; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(1, 4)).acked == 4);
    CHECK(made(server, november(ReportBy::day)).missing_rows == 7);
    CHECK(made(server, november(ReportBy::day)).unknown_gaps == 1);
    CHECK(made(server, {20261201, 20261231, ReportBy::day, false}).missing_rows == 0);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(8, 8)).acked == 4);
    CHECK(made(server, november(ReportBy::day)).missing_rows == 7 + 4);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(5, 8)).acked == 8);
    CHECK(made(server, november(ReportBy::day)).missing_rows == 7);
}

TEST_CASE("rows that were heard of and are told lost afterwards are missing once") {
    LedgerDatabase server;
    JournalWriter screen, next(std::string(32, 'b'));
    for (int i = 0; i < 8; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(1, 4)).acked == 4);
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(8, 8)).acked == 4);
    CHECK(made(server, november(ReportBy::day)).missing_rows == 4);
    next.add(AnchorRow{0, at("2026-11-22T08:00:00Z"), 20, "server"});
    next.add(GapRow{3, 0, 0, "salvage", LostRows{screen.journal(), 6, 8}}); // the end of it: nothing comes behind
    REQUIRE(server.take(next.device(), next.journal(), next.batch()).acked == 2);
    CHECK(made(server, {20260101, 20291231, ReportBy::day, false}).missing_rows == 4); // one that may still come, three that are lost
}

TEST_CASE("scans are counted by hour beside the showings, or said not to be measured") {
    LedgerDatabase server;
    const Scan scan{"7K3", *SiteId::parse("fs-antony"), *CapsuleId::parse("mot-de-passe"), "Europe/Paris"};
    for (const char* when : {"2026-11-22T08:10:00Z", "2026-11-22T08:50:00Z", "2026-11-22T23:10:00Z"})
        REQUIRE(count_scan(server.database(), scan, *parse_rfc3339(when)));
    const Report by_day = made(server, november(ReportBy::day));
    REQUIRE(by_day.rows.size() == 2);
    CHECK(by_day.rows[0].figures.scans == 2);
    CHECK(by_day.rows[1].keys[0] == "2026-11-23");
    CHECK(by_day.total.scans == 3);
    CHECK(made(server, november(ReportBy::capsule)).rows[0].figures.scans == 3);
    const auto json = nlohmann::json::parse(report_json(made(server, {20261101, 20261130, ReportBy::site, false})));
    CHECK(json["total"]["scans"].is_null());
}

TEST_CASE("a report that would be longer than anybody reads is refused before it takes the memory") {
    const TestLabels labels;
    const Dimensions by{ReportBy::capsule};
    Groups groups(by, labels, false);
    for (std::size_t i = 0; i < Groups::most_rows; ++i)
        groups.add(0, static_cast<Groups::Number>(i), 0, 0, Evidence::presented, {1, 1, 1, 1, 1, 1, 0});
    CHECK_FALSE(groups.too_many());
    groups.add(0, Groups::most_rows, 0, 0, Evidence::presented, {1, 1, 1, 1, 1, 1, 0});
    CHECK(groups.too_many());
    CHECK(groups.received_rows() == static_cast<std::int64_t>(Groups::most_rows) + 1);
}

TEST_CASE("the report in JSON has the members that the interface promises") {
    LedgerDatabase server;
    JournalWriter screen;
    fill(server, screen);
    const auto json = nlohmann::json::parse(report_json(made(server, november(ReportBy::capsule))));
    CHECK(json["from"] == "2026-11-01");
    CHECK(json["to"] == "2026-11-30");
    CHECK(json["by"] == "capsule");
    CHECK(json["rows"][0]["key"] == "mot-de-passe");
    CHECK(json["rows"][0]["showings"] == 4);
    CHECK(json["rows"][0]["complete"] == 3);
    CHECK(json["total"]["shown_ms"] == 44'000);
    CHECK_FALSE(json["total"].contains("key"));
    CHECK(json["bounded"]["showings"] == 0);
    CHECK(json["generated_at"] == "2026-11-30T12:00:00Z");
    for (const char* member : {"received_rows", "missing_rows", "screens"})
        CHECK(json[member].is_number_integer());
}

TEST_CASE("the screens page learns of today's showings and of the last row received") {
    LedgerDatabase server;
    JournalWriter screen;
    fill(server, screen);
    const auto today = screens_today(server.database(), *parse_rfc3339("2026-11-22T20:00:00Z"));
    REQUIRE(today.ok());
    CHECK(today->at("fs-antony-hall").showings == 3);
    CHECK(today->at("fs-antony-hall").last_received == *parse_rfc3339("2026-12-01T00:00:00Z"));
    CHECK_FALSE(today->at("fs-bagneux-hall").showings > 0);
}

TEST_CASE("communes are known by their code") {
    CHECK(commune_name("92004") == "Asnières-sur-Seine");
    CHECK(commune_name("75056") == "75056");
    CHECK(find_commune("92007")->ept == "VSGP");
    CHECK(parse_report_by("ept") == ReportBy::ept);
    CHECK_FALSE(parse_report_by("planet"));
}
