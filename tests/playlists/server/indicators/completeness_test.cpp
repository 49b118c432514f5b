#include "playlists/server/indicators/report.hpp"
#include "playlists/server/ledger/retention.hpp"
#include "playlists/server/ledger/scans.hpp"
#include "playlists/server/ledger/spans.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/random_history.hpp"

using namespace capsule;
using namespace capsule::server;

namespace {

struct TestLabels final : Labels {
    std::string capsule_title(const std::string&) const override { return ""; }
    std::string capsule_theme(const std::string& capsule) const override {
        return capsule == "mises-a-jour" ? "securite" : "mots-de-passe";
    }
    std::string site_name(const std::string&) const override { return ""; }
    std::string site_commune(const std::string& site) const override { return site == "fs-antony" ? "92002" : "97411"; }
    std::string site_ept(const std::string&) const override { return "VSGP"; }
};

std::int64_t at(const char* text) {
    return to_ms(*parse_rfc3339(text));
}

constexpr std::int64_t hour = 3'600'000;

ExpectedScreen hall(const std::string& hours) {
    return {"fs-antony-hall", hours, "Europe/Paris", *parse_rfc3339("2026-11-01T00:00:00Z")};
}

OpeningTime time_of(LedgerDatabase& server, const ExpectedScreen& screen, std::int64_t from = 20261123,
                    std::int64_t to = 20261123) {
    auto out = opening_time(server.database(), {screen}, from, to, *parse_rfc3339("2026-12-31T00:00:00Z"));
    REQUIRE(out.ok());
    return *out;
}

// Shows without a pause from one boot time to another, in pieces of ten minutes.
void play(JournalWriter& screen, std::int64_t from_ms, std::int64_t until_ms, PanelState panel = PanelState::unknown) {
    for (std::int64_t at_ms = from_ms; at_ms < until_ms; at_ms += 600'000) {
        ShowingRow row;
        row.boot_start_ms = at_ms;
        row.shown_ms = std::min<std::int64_t>(600'000, until_ms - at_ms);
        row.boot_end_ms = at_ms + row.shown_ms;
        row.screen = *ScreenId::parse("fs-antony-hall");
        row.site = *SiteId::parse("fs-antony");
        row.capsule = *CapsuleId::parse("mot-de-passe");
        row.frames_due = row.frames_shown = 100;
        row.panel = panel;
        screen.add(row);
    }
}

void send(LedgerDatabase& server, const JournalWriter& screen, std::size_t from = 1) {
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(from, screen.rows().size())).acked ==
            static_cast<std::int64_t>(screen.rows().size()));
}

} // namespace

TEST_CASE("reports from sums are those from each row, for every period and every dimension") {
    std::vector<std::string> dimensions;
    const std::vector<std::string> words = {"capsule", "theme", "site", "commune", "ept", "day", "month", "hour"};
    for (unsigned chosen = 1; chosen < 1u << words.size(); ++chosen) {
        std::string by;
        for (std::size_t word = 0; word < words.size(); ++word)
            if (chosen & 1u << word)
                by = chosen % 3 == 0 ? words[word] + (by.empty() ? "" : ",") + by : by + (by.empty() ? "" : ",") + words[word];
        dimensions.push_back(by);
    }
    for (unsigned seed = 1; seed <= 2; ++seed) {
        LedgerDatabase server;
        RandomHistory history(seed);
        while (history.send(server)) {
            if (history.chance(30))
                REQUIRE(count_scan(server.database(), {"7K3", *SiteId::parse("reunion"), *CapsuleId::parse("faux-message"), ""},
                                   *parse_rfc3339("2026-10-31T23:30:00Z"))
                            .ok());
        }
        // Some rows have gone by the rule of retention.
        const std::string early = server.column("SELECT received_ms FROM ledger_batch ORDER BY id LIMIT 1 OFFSET 10")[0];
        REQUIRE(*drop_rows(server.database(), instant_from_ms(std::stoll(early)), Instant{}, "7 days") > 0);
        for (const auto& [from, to] : std::vector<std::pair<std::int64_t, std::int64_t>>{{20261001, 20261130},
                                                                                         {20261024, 20261025},
                                                                                         {20261025, 20261102},
                                                                                         {20261001, 20261027},
                                                                                         {20260915, 20261112},
                                                                                         {20261101, 20261130}})
            for (const std::string& by : dimensions) {
                INFO("seed " << seed << ", " << by << " from " << from << " to " << to);
                ReportQuery query{from, to, *parse_dimensions(by), true, ReportSource::sums};
                const auto sums = report(server.database(), query, TestLabels{}, Instant{});
                query.source = ReportSource::rows;
                const auto rows = report(server.database(), query, TestLabels{}, Instant{});
                REQUIRE(sums.ok());
                REQUIRE(rows.ok());
                std::string one = report_json(*sums), other = report_json(*rows);
                one.erase(one.find("\"source\""), 15);
                other.erase(other.find("\"source\""), 15);
                CHECK(one == other);
            }
    }
}

TEST_CASE("opening hours are proven by what was shown in them, and by nothing else") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-23T07:00:00Z"), 20, "server"}); // Monday, 08:00 in Paris
    play(screen, 0, 4 * hour);                                          // 08:00 to 12:00
    send(server, screen);
    CHECK(time_of(server, hall("Mo-Fr 09:00-17:00")) == OpeningTime{1, 8 * hour, 3 * hour, 0});
    CHECK(time_of(server, hall("Mo-Fr 09:00-17:00")).unknown_ms() == 5 * hour);
    CHECK(time_of(server, hall("Tu 09:00-17:00")).open_ms == 0);
    CHECK(time_of(server, hall("")) == OpeningTime{1, 24 * hour, 4 * hour, 0});
    CHECK(time_of(server, hall("Mo-Fr 09:00-17:00"), 20261101, 20261130).open_ms == 21 * 8 * hour);
    // Not before a machine was there, nor after now.
    ExpectedScreen late = hall("Mo-Fr 09:00-17:00");
    late.since = *parse_rfc3339("2026-11-23T10:00:00Z"); // 11:00
    CHECK(time_of(server, late) == OpeningTime{1, 6 * hour, 1 * hour, 0});
    const auto noon =
        opening_time(server.database(), {hall("Mo-Fr 09:00-17:00")}, 20261123, 20261123, *parse_rfc3339("2026-11-23T11:00:00Z"));
    CHECK(*noon == OpeningTime{1, 3 * hour, 3 * hour, 0});
}

TEST_CASE("between two boots that follow each other the screen was off, unless something is missing between them") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-23T08:00:00Z"), 20, "server"}); // 09:00
    play(screen, 0, 2 * hour);
    const int what = GENERATE(0, 1, 2, 3);
    if (what == 1)
        screen.add(GapRow{3, 0, 0, "salvage"});
    screen.reboot("boot-2");
    if (what == 2)
        screen.add(GapRow{3, 0, 0, "salvage"});
    play(screen, 60'000, 60'000 + 2 * hour); // on since 14:00, shows from 14:01 to 16:01
    if (what != 3)
        screen.add(AnchorRow{60'000 + 2 * hour, at("2026-11-23T15:01:00Z"), 20, "server"});
    send(server, screen);
    const OpeningTime time = time_of(server, hall("Mo-Fr 09:00-17:00"));
    CHECK(time.proven_ms == (what == 3 ? 2 : 4) * hour);
    if (what == 0) // from 11:00 to 14:00, drawn in by the errors
        CHECK(std::abs(time.off_ms - 3 * hour) <= 3'000);
    else
        CHECK(time.off_ms == 0);
    if (what == 3) { // the anchor comes later
        const std::size_t before = screen.rows().size();
        screen.add(AnchorRow{60'000 + 2 * hour, at("2026-11-23T15:01:00Z"), 20, "server"});
        send(server, screen, before + 1);
        CHECK(std::abs(time_of(server, hall("Mo-Fr 09:00-17:00")).off_ms - 3 * hour) <= 3'000);
    }
}

TEST_CASE("a dark panel proves nothing but that it was dark") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-23T08:00:00Z"), 20, "server"});
    play(screen, 0, 2 * hour, PanelState::off);
    send(server, screen);
    CHECK(time_of(server, hall("Mo-Fr 09:00-17:00")) == OpeningTime{1, 8 * hour, 0, 2 * hour});
}

TEST_CASE("spans of time add, cut and are kept in few bytes") {
    Spans spans({{50, 60}, {10, 20}, {20, 30}, {5, 5}});
    CHECK(spans.all() == std::vector<Span>{{10, 30}, {50, 60}});
    CHECK(spans.total() == 30);
    spans.add({25, 55});
    CHECK(spans.all() == std::vector<Span>{{10, 60}});
    const Spans other({{0, 12}, {20, 25}, {58, 90}});
    CHECK(spans.minus(other).all() == std::vector<Span>{{12, 20}, {25, 58}});
    CHECK(spans.within(other).all() == std::vector<Span>{{10, 12}, {20, 25}, {58, 60}});
    CHECK(Spans::decode(other.encode()) == other);
    CHECK(Spans({{0, 86'400}}).encode().size() == 4);
    CHECK(Spans::decode("\x80").empty());
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
        const auto some = [&] {
            std::vector<Span> out;
            for (std::size_t n = random() % 8; n > 0; --n) {
                const auto from = static_cast<std::int64_t>(random() % 300);
                out.push_back({from, from + static_cast<std::int64_t>(random() % 60)});
            }
            return Spans(out);
        };
        const Spans one = some(), limits = some();
        CHECK(Spans::decode(one.encode()) == one);
        CHECK(Spans::encoded_within(one.encode(), limits) == one.within(limits).total());
        const Spans others = some();
        CHECK(Spans::encoded_within(one.encode(), limits, others) ==
              std::pair(one.within(limits).total(), one.within(others).total()));
        CHECK(one.within(limits).total() + one.minus(limits).total() == one.total());
    }
}

TEST_CASE("sums that cannot be read are an error, never a smaller figure") {
    LedgerDatabase server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-23T08:00:00Z"), 20, "server"});
    play(screen, 0, 2 * hour);
    send(server, screen);
    REQUIRE(server.database().execute("UPDATE ledger_sum SET cells=substr(cells,1,length(cells)-1) WHERE grain=1").ok());
    const auto cut = report(server.database(), {20261101, 20261130, ReportBy::commune, false}, TestLabels{}, Instant{});
    REQUIRE_FALSE(cut.ok());
    CHECK(cut.error().message.find("cannot be read") != std::string::npos);
}
