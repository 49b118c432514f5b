#include "playlists/ledger/limits.hpp"
#include "playlists/ledger/row.hpp"
#include "tests/catch.hpp"

using namespace capsule;

namespace {

RowHeader header() {
    RowHeader out;
    out.device = "5f0c9a1e22b47d10";
    out.journal = "0b6f0b6f0b6f0b6f0b6f0b6f0b6f0b6f";
    out.seq = 1234;
    out.prev = sha256("before");
    out.boot = "11111111-2222-4333-8444-555555555555";
    return out;
}

ShowingRow showing() {
    ShowingRow row;
    row.boot_start_ms = 8812345;
    row.boot_end_ms = 8840345;
    row.wall_start_ms = 1795338000000;
    row.programme = 42;
    row.fleet = 1007;
    row.screen = *ScreenId::parse("fs-antony-hall");
    row.site = *SiteId::parse("fs-antony");
    row.playlist = *PlaylistId::parse("accueil-semaine");
    row.capsule = *CapsuleId::parse("mot-de-passe");
    row.version = sha256("media").hex();
    row.language = "fr";
    row.due_ms = row.shown_ms = 28000;
    row.frames_due = row.frames_shown = 700;
    return row;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

} // namespace

TEST_CASE("a row of each kind is read back as it was written") {
    Row row{header(), showing()};
    SECTION("a showing") {}
    SECTION("a showing of which little is known") {
        ShowingRow card;
        card.item = ShownItem::fallback;
        card.end = ShowingEnd::stopped;
        card.wall_start_ms = -5;
        row.body = card;
    }
    SECTION("a showing by a clock that is known") {
        ShowingRow known = showing();
        known.clock_synced = true;
        known.clock_error_ms = 12;
        known.item = ShownItem::qr_card;
        known.panel = PanelState::on;
        row.body = known;
    }
    SECTION("an anchor") { row.body = AnchorRow{5, 1795338000000, 40, "server"}; }
    SECTION("a gap") { row.body = GapRow{3, 5, 90, "disk-full"}; }
    SECTION("a state") { row.body = StateRow{5, 1795338000000, "release", ""}; }
    const std::string bytes = serialise(row);
    const auto again = parse_row(bytes);
    INFO((again.ok() ? bytes : again.error().message));
    REQUIRE(again.ok());
    CHECK(*again == row);
    CHECK(serialise(*again) == bytes);
}

TEST_CASE("the bytes of a row are those that the format fixes") {
    const Row row{header(), AnchorRow{5, 1795338000000, 40, "server"}};
    CHECK(serialise(row) == R"({"boot":"11111111-2222-4333-8444-555555555555","boot_ms":5,"device":"5f0c9a1e22b47d10","error_ms":40,)"
                            R"("format":1,"journal":"0b6f0b6f0b6f0b6f0b6f0b6f0b6f0b6f","kind":"anchor","prev":")" +
                                sha256("before").hex() + R"(","seq":1234,"source":"server","utc_ms":1795338000000})");
    CHECK(row_digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an unknown clock error travels as null, never as zero") {
    const std::string bytes = serialise({header(), showing()});
    CHECK(bytes.find(R"("clock_error_ms":null)") != std::string::npos);
}

TEST_CASE("what is no canonical row is refused, naming the field") {
    const std::string good = serialise({header(), showing()});
    struct Case {
        std::string bytes, complaint;
    };
    const std::vector<Case> cases = {
        {"", "JSON"},
        {"[]", "object"},
        {"{}", "format"},
        {good + " ", "canonical"},
        {replaced(good, R"("boot":)", R"( "boot":)"), "canonical"},
        {replaced(good, R"("seq":1234)", R"("seq":0)"), "seq"},
        {replaced(good, R"("seq":1234)", R"("seq":"1234")"), "seq"},
        {replaced(good, R"("seq":1234)", R"("seq":1234.0)"), "integer"},
        {replaced(good, R"("seq":1234)", R"("seq":18446744073709551615)"), "seq"},
        {replaced(good, R"("seq":1234)", R"("seq":1234,"seq":1235)"), "twice"},
        {replaced(good, R"("kind":"showing")", R"("kind":"glowing")"), "kind"},
        {replaced(good, R"("end":"complete")", R"("end":"perfect")"), "end"},
        {replaced(good, R"("frames_due":700)", R"("frames_due":-1)"), "frames_due"},
        {replaced(good, R"("boot_end_ms":8840345)", R"("boot_end_ms":8812344)"), "boot_end_ms"},
        {replaced(good, R"("capsule":"mot-de-passe")", R"("capsule":"Mot de passe")"), "capsule"},
        {replaced(good, R"("capsule":"mot-de-passe")", R"("capsule":null)"), "capsule"},
        {replaced(good, R"("device":"5f0c9a1e22b47d10")", R"("device":"5F0C9A1E22B47D10")"), "device"},
        {replaced(good, R"("panel":"unknown",)", ""), "panel"},
    };
    for (const Case& one : cases) {
        const auto row = parse_row(one.bytes);
        INFO(one.bytes);
        REQUIRE_FALSE(row.ok());
        CHECK(row.error().category == Category::invalid);
        CHECK(row.error().message.find(one.complaint) != std::string::npos);
    }
}

TEST_CASE("a row of a newer format is refused, not misread") {
    const auto row = parse_row(replaced(serialise({header(), showing()}), R"("format":1)", R"("format":2)"));
    REQUIRE_FALSE(row.ok());
    CHECK(row.error().category == Category::refused);
}

TEST_CASE("fields that this version does not know are let through") {
    CHECK(parse_row(replaced(serialise({header(), showing()}), R"("version":)", R"("vendor":1,"version":)")).ok());
}

TEST_CASE("a gap names the numbers that are lost only when there are any") {
    const Row plain{header(), GapRow{3, 1, 2, "disk"}};
    CHECK(serialise(plain).find("lost") == std::string::npos);
    CHECK(*parse_row(serialise(plain)) == plain);
    const Row numbered{header(), GapRow{3, 1, 2, "salvage", LostRows{std::string(32, 'a'), 7, 9}}};
    CHECK(*parse_row(serialise(numbered)) == numbered);
    CHECK_FALSE(parse_row(replaced(serialise(numbered), R"("lost_last":9)", R"("lost_last":6)")).ok());
    CHECK_FALSE(parse_row(replaced(serialise(numbered), R"("lost_last":9,)", "")).ok());
}

TEST_CASE("text from outside cannot make a row that nobody can read") {
    const Row row{header(), StateRow{1, 2, "release", "a\nb\"c\\d\x01"}};
    const auto again = parse_row(serialise(row));
    REQUIRE(again.ok());
    CHECK(std::get<StateRow>(again->body).value == "a b\"c\\d ");
    const auto cut = parse_row(serialise({header(), StateRow{1, 2, "release", "cut \xc3"}}));
    REQUIRE(cut.ok());
    CHECK(std::get<StateRow>(cut->body).value == "cut ?");
}

TEST_CASE("a row that is too long is refused before it is read") {
    CHECK_FALSE(parse_row(std::string(ledger_limits::row_bytes + 1, ' ')).ok());
}
