#include "player/app/programme_source.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <set>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const ScreenId hall = *ScreenId::parse("antony-hall");
const PlaylistId accueil = *PlaylistId::parse("accueil");

Capsule make_capsule(const std::string& name) {
    Capsule capsule;
    capsule.id = *CapsuleId::parse(name);
    capsule.title["fr"] = "Titre de " + name;
    capsule.code = "2P4";
    CapsuleVersion version;
    version.language = "fr";
    version.media = {sha256(name), 1000, "video/mp4"};
    version.duration = 30s;
    capsule.versions.push_back(version);
    return capsule;
}

std::shared_ptr<Release> make_release(const std::vector<std::string>& capsules) {
    auto release = std::make_shared<Release>();
    Site site;
    site.id = *SiteId::parse("antony");
    site.name = "France services Antony";
    site.commune = "92002";
    site.postcode = "92160";
    release->fleet.sites[site.id] = site;
    Screen screen;
    screen.id = hall;
    screen.site = site.id;
    screen.name = "Hall";
    screen.code = "7K3";
    screen.volume = 40;
    release->fleet.screens[hall] = screen;
    release->fleet.number = 7;
    Playlist playlist;
    playlist.id = accueil;
    for (const std::string& name : capsules) {
        release->programme.capsules[*CapsuleId::parse(name)] = make_capsule(name);
        playlist.items.push_back({*CapsuleId::parse(name), 1, {}, {}});
    }
    release->programme.playlists[accueil] = playlist;
    release->programme.schedules.push_back({*ScheduleId::parse("defaut"), accueil, {}, "always", 0});
    release->programme.number = 42;
    return release;
}

struct Player {
    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    TimeKeeper time{clock, disk, folder.path() / "floor", clock.wall() - 24h};
    ProgrammeSourceSettings settings{"/store/blobs", "https://example.fr", "Appareil 5f0c", 20s, false};
    ProgrammeSource source{settings, time};

    std::string next_name() {
        const auto item = source.next();
        return item ? item->name : "";
    }
    std::set<std::string> names(int count) {
        std::set<std::string> names;
        for (int i = 0; i < count; ++i)
            names.insert(next_name());
        return names;
    }
};

} // namespace

TEST_CASE("a capsule is given with all that the ledger needs, from its place in the store") {
    Player player;
    player.source.set_release(make_release({"a"}), hall);
    const auto item = player.source.next();
    REQUIRE(item);
    CHECK(item->shown == ShownItem::capsule);
    CHECK(item->media == MediaKind::video);
    CHECK(item->capsule.text() == "a");
    CHECK(item->version == sha256("a").hex());
    CHECK(item->file == Path("/store/blobs") / item->version.substr(0, 2) / item->version);
    CHECK(item->playlist == accueil);
    CHECK(item->programme == 42);
    CHECK(item->fleet == 7);
    CHECK_FALSE(item->sound);
    CHECK(item->volume == 0);
}

TEST_CASE("nothing is given before a release, without a screen, or for one that the fleet does not know") {
    Player player;
    CHECK_FALSE(player.source.next());
    player.source.set_release(make_release({"a"}), std::nullopt);
    CHECK_FALSE(player.source.next());
    player.source.set_release(make_release({"a"}), *ScreenId::parse("elsewhere"));
    CHECK_FALSE(player.source.next());
    CHECK(player.source.messages().empty());
}

TEST_CASE("captions are drawn in the screen's first language that has them, unless they are in the picture") {
    Player player;
    auto release = make_release({"a"});
    release->fleet.screens[hall].languages = {"ar", "fr"};
    auto& version = release->programme.capsules.begin()->second.versions.front();
    SECTION("the first language") {
        version.captions = {{"fr", {sha256("fr"), 10, "text/vtt"}, true}, {"ar", {sha256("ar"), 10, "text/vtt"}, true}};
        player.source.set_release(release, hall);
        const auto item = player.source.next();
        REQUIRE(item->captions);
        CHECK(item->captions->filename() == sha256("ar").hex());
        CHECK(item->captions_language == "ar");
        CHECK(item->diagonal_mm == 813);
    }
    SECTION("none of them: the capsule's own") {
        release->fleet.screens[hall].languages = {"es"};
        version.language = "fr";
        version.captions = {{"ar", {sha256("ar"), 10, "text/vtt"}, true}, {"fr-FR", {sha256("fr"), 10, "text/vtt"}, true}};
        player.source.set_release(release, hall);
        CHECK(player.source.next()->captions_language == "fr-FR");
    }
    SECTION("only a transcript") {
        version.captions = {{"fr", {sha256("fr"), 10, "text/vtt"}, false}};
        player.source.set_release(release, hall);
        CHECK_FALSE(player.source.next()->captions);
    }
}

TEST_CASE("the first QR card follows the first capsule and carries the short link of that capsule") {
    Player player;
    auto release = make_release({"a", "b"});
    release->programme.playlists[accueil].qr_card_every = 5min;
    player.source.set_release(release, hall);
    CHECK(player.next_name() == "a");
    const auto card = player.source.next();
    REQUIRE(card);
    CHECK(card->shown == ShownItem::qr_card);
    CHECK(card->media == MediaKind::card);
    CHECK(card->capsule.text() == "a");
    CHECK(card->duration == 20s);
    REQUIRE(card->draw);
    CHECK(card->draw(Size{640, 360}).size == Size{640, 360});
    CHECK(player.next_name() == "b");
    CHECK(player.next_name() == "a");
}

TEST_CASE("a screen whose site the fleet does not describe plays all the same, QR card included") {
    Player player;
    auto release = make_release({"a"});
    release->programme.playlists[accueil].qr_card_every = 5min;
    release->fleet.sites.clear();
    player.source.set_release(release, hall);
    CHECK(player.next_name() == "a");
    CHECK(player.next_name() == "qr-card");
    CHECK(player.source.fallback().draw(Size{640, 360}).size == Size{640, 360});
}

TEST_CASE("a capsule that failed three times is set aside, the others go on") {
    Player player;
    std::vector<Digest> told;
    player.source.on_failure([&](const Digest& digest) { told.push_back(digest); });
    player.source.set_release(make_release({"a", "b"}), hall);
    for (int failures = 0; failures < 3;) {
        const auto item = player.source.next();
        REQUIRE(item);
        if (item->name == "a") {
            CHECK(player.source.set_aside().empty());
            player.source.failed(*item, {Category::invalid, "a: no picture"});
            ++failures;
        }
    }
    CHECK(told == std::vector<Digest>(3, sha256("a")));
    CHECK(player.names(4) == std::set<std::string>{"b"});
    REQUIRE(player.source.set_aside().size() == 1);
    CHECK(player.source.set_aside().begin()->second == "a: no picture");

    SECTION("it plays again when its file was fetched anew") {
        player.source.restored(sha256("b"));
        CHECK(player.names(4) == std::set<std::string>{"b"});
        player.source.restored(sha256("a"));
        CHECK(player.source.set_aside().empty());
        CHECK(player.names(4) == std::set<std::string>{"a", "b"});
    }
    SECTION("it plays again with the next programme") {
        auto next = make_release({"a", "b"});
        next->programme.number = 43;
        player.source.set_release(next, hall);
        CHECK(player.names(4) == std::set<std::string>{"a", "b"});
    }
    SECTION("it stays aside when only the fleet changes") {
        auto next = make_release({"a", "b"});
        next->fleet.number = 8;
        player.source.set_release(next, hall);
        CHECK(player.names(4) == std::set<std::string>{"b"});
    }
}

TEST_CASE("when everything is set aside nothing is given, and the card says so") {
    Player player;
    player.source.set_release(make_release({"a"}), hall);
    for (int i = 0; i < 3; ++i)
        player.source.failed(*player.source.next(), {Category::missing, "gone"});
    CHECK_FALSE(player.source.next());
    const PlayItem card = player.source.fallback();
    CHECK(card.shown == ShownItem::fallback);
    CHECK(card.draw(Size{640, 360}).size == Size{640, 360});
}

TEST_CASE("a capsule withdrawn while it may be on screen interrupts, once; another does not") {
    Player player;
    player.source.set_release(make_release({"a", "b", "c"}), hall);
    CHECK(player.next_name() == "a");
    CHECK_FALSE(player.source.interrupt_requested());
    auto withdrawn = make_release({"a", "b", "c"});
    withdrawn->now.withdrawn = {{*CapsuleId::parse("c"), std::nullopt}};
    player.source.set_release(withdrawn, hall);
    CHECK_FALSE(player.source.interrupt_requested());
    withdrawn = make_release({"a", "b", "c"});
    withdrawn->now.withdrawn = {{*CapsuleId::parse("a"), std::nullopt}};
    player.source.set_release(withdrawn, hall);
    CHECK(player.source.interrupt_requested());
    CHECK_FALSE(player.source.interrupt_requested());
    CHECK(player.names(4) == std::set<std::string>{"b", "c"});
}

TEST_CASE("the corner shows what the screen asks for, the time only while it is known") {
    Player player;
    auto release = make_release({"a"});
    CHECK(player.source.strip() == Strip{});
    player.source.set_release(release, hall);
    CHECK(player.source.strip() == Strip{}); // nothing asked for
    release = make_release({"a"});
    release->fleet.screens[hall].strip = {"clock", "site", "moon"};
    player.source.set_release(release, hall);
    CHECK(player.source.strip() == Strip{"", "France services Antony"});
    AnchorRow anchor;
    anchor.boot_ms = std::chrono::duration_cast<Milliseconds>(player.clock.boottime()).count();
    anchor.utc_ms = 1'795'338'300'000; // 22 November 2026, 10:05 in Paris
    anchor.error_ms = 10;
    anchor.source = "ntp";
    player.time.add(anchor);
    CHECK(player.source.strip().time == "10:05");
}

TEST_CASE("outside opening hours a calm card says that the place is closed, and is not counted as a capsule") {
    Player player;
    auto release = make_release({"a"});
    release->programme.schedules.front().when = "open";
    release->fleet.sites.begin()->second.hours = "off";
    AnchorRow anchor;
    anchor.boot_ms = std::chrono::duration_cast<Milliseconds>(player.clock.boottime()).count();
    anchor.utc_ms = to_ms(player.clock.wall());
    anchor.error_ms = 10;
    anchor.source = "ntp";
    player.source.set_release(release, hall);
    // Without a known clock nothing may depend on a date: it plays.
    CHECK(player.next_name() == "a");
    player.time.add(anchor);
    const auto item = player.source.next();
    REQUIRE(item);
    CHECK(item->shown == ShownItem::card);
    CHECK(item->name == "closed");
}
