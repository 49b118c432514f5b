#include "player/impressions/cursor.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const PlaylistId playlist = *PlaylistId::parse("accueil-semaine");
const ScreenId screen = *ScreenId::parse("fs-antony-hall");
const CapsuleId password = *CapsuleId::parse("mot-de-passe"), fraud = *CapsuleId::parse("message-frauduleux");

Release release() {
    Release out;
    Site site;
    site.id = *SiteId::parse("fs-antony");
    out.fleet.sites[site.id] = site;
    Screen one;
    one.id = screen;
    one.site = site.id;
    out.fleet.screens[screen] = one;
    Playlist list;
    list.id = playlist;
    list.items = {{password, 2, {}, {}}, {fraud, 1, {}, {}}};
    out.programme.playlists[playlist] = list;
    return out;
}

ShowingRow shown(const CapsuleId& capsule, std::int64_t boot_ms) {
    ShowingRow row;
    row.boot_start_ms = boot_ms;
    row.boot_end_ms = boot_ms + 10'000;
    row.playlist = playlist;
    row.screen = screen;
    row.capsule = capsule;
    row.shown_ms = 10'000;
    return row;
}

} // namespace

TEST_CASE("the cursor of today is rebuilt from the rows of the day, placed by anchors and not by the wall clock") {
    TemporaryFolder folder;
    SystemDisk disk;
    SeededRandom random(1);
    FakeClock clock;
    JournalThreadSettings settings;
    settings.journal = {folder.path() / "journal", folder.path() / "set-aside", "5f0c9a1e22b47d10", "boot-1", 4, 3};
    {
        JournalThread journal(clock, disk, random, settings);
        journal.write(shown(fraud, 0)); // 23:59 the day before
        journal.write(AnchorRow{60'000, to_ms(*parse_rfc3339("2026-11-21T23:00:00Z")), 20, "server"});
        journal.write(shown(password, 120'000));
        journal.write(shown(password, 150'000));
        ShowingRow card = shown(password, 160'000);
        card.item = ShownItem::qr_card;
        journal.write(card);
        journal.write(shown(fraud, 180'000));
        ShowingRow other = shown(fraud, 190'000);
        other.playlist = *PlaylistId::parse("autre");
        journal.write(other);
        ShowingRow never = shown(password, 200'000);
        never.shown_ms = 0;
        journal.write(never);
    }
    settings.journal.boot = "boot-2";
    JournalThread journal(clock, disk, random, settings);
    journal.write(shown(password, 5'000));
    REQUIRE(journal.spans().ok());
    const Release all = release();
    CursorQuestion question{&all, all.programme.playlists.at(playlist), screen, "boot-2", *parse_rfc3339("2026-11-22T10:00:00Z"),
                            AnchorRow{5'000, to_ms(*parse_rfc3339("2026-11-22T09:00:00Z")), 20, "server"}};
    const auto cursor = rebuild_cursor(journal, question);
    REQUIRE(cursor.ok());
    CHECK(cursor->day == "2026-11-22");
    CHECK(cursor->playlist_digest == playlist_digest(all.programme, all.programme.playlists.at(playlist)));
    CHECK(cursor->shown == std::map<CapsuleId, std::int64_t>{{password, 3}, {fraud, 1}});
    CHECK(cursor->last == password);
    CHECK(cursor->since_qr_card == 20s);
    question.now += 24h;
    CHECK(rebuild_cursor(journal, question)->shown.empty());
}
