#include "player/app/programme_source.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <map>
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
    ProgrammeSourceSettings settings{{"/store/blobs", "https://example.fr", 20s}, "Appareil 5f0c", false};
    ProgrammeSource source{settings, time, disk};

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
    CHECK(player.source.keep_up().empty());
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

TEST_CASE("a withdrawal cuts what is on screen, drops what is prepared, and leaves alone what has ended") {
    Player player;
    player.source.set_release(make_release({"a", "b", "c", "d"}), hall);
    PlayItem a = *player.source.next(), b = *player.source.next(), c = *player.source.next();
    player.source.showing_began(a, 1);
    player.source.showing_ended(a, {});
    player.source.showing_began(b, 2); // on screen; c is prepared
    const auto withdraw = [&](const char* name) {
        auto release = make_release({"a", "b", "c", "d"});
        release->now.withdrawn = {{*CapsuleId::parse(name), std::nullopt}};
        player.source.set_release(release, hall);
        const Interruption asked = player.source.interruption();
        CHECK(player.source.interruption() == Interruption::none); // once
        return asked;
    };
    CHECK(withdraw("a") == Interruption::none);
    CHECK(withdraw("d") == Interruption::none);
    CHECK(withdraw("c") == Interruption::prepared);
    CHECK(withdraw("b") == Interruption::on_screen);
    CHECK(player.names(6) == std::set<std::string>{"a", "c", "d"});
}

TEST_CASE("a withdrawn capsule that comes on screen all the same is cut: slow to open, or just on its way") {
    Player player;
    player.source.set_release(make_release({"a", "b", "c", "d"}), hall);
    const PlayItem slow = *player.source.next(), b = *player.source.next(), c = *player.source.next();
    player.source.showing_began(b, 1); // has overtaken
    CHECK(player.source.on_air().contains(*Digest::parse(slow.version)));
    auto release = make_release({"a", "b", "c", "d"});
    release->now.withdrawn = {{slow.capsule, std::nullopt}};
    player.source.set_release(release, hall);
    CHECK(player.source.interruption() == Interruption::prepared);
    player.source.showing_ended(b, {});
    player.source.showing_began(c, 2);
    CHECK(player.source.interruption() == Interruption::none);
    player.source.showing_ended(c, {});
    player.source.showing_began(slow, 3); // before the director asked
    CHECK(player.source.interruption() == Interruption::on_screen);
}

TEST_CASE("a capsule that was shown to its end in between is not set aside") {
    Player player;
    player.source.set_release(make_release({"a"}), hall);
    Showing complete;
    for (int i = 0; i < 6; ++i) {
        const auto item = player.source.next();
        REQUIRE(item);
        if (i % 2 == 0)
            player.source.failed(*item, {Category::timeout, "slow"});
        else
            player.source.showing_ended(*item, complete);
    }
    CHECK(player.source.next());
    CHECK(player.source.set_aside().empty());
}

namespace {

const PlaylistId other = *PlaylistId::parse("autre");

// With a second playlist (of "z") that another schedule plays, and a clock that is known.
std::shared_ptr<Release> with_schedule(Player& player, bool scheduled, bool at_once) {
    AnchorRow anchor;
    anchor.boot_ms = std::chrono::duration_cast<Milliseconds>(player.clock.boottime()).count();
    anchor.utc_ms = to_ms(player.clock.wall());
    anchor.error_ms = 10;
    anchor.source = "ntp";
    player.time.add(anchor);
    auto release = make_release({"a", "b"});
    release->programme.capsules[*CapsuleId::parse("z")] = make_capsule("z");
    release->programme.playlists[other] = release->programme.playlists[accueil];
    release->programme.playlists[other].id = other;
    release->programme.playlists[other].items = {{*CapsuleId::parse("z"), 1, {}, {}}};
    if (scheduled)
        release->programme.schedules.push_back({*ScheduleId::parse("autre"), other, {}, "always", 5, at_once});
    return release;
}

} // namespace

TEST_CASE("another playlist begins after what is on screen, unless its schedule says at once") {
    Player player;
    player.source.set_release(with_schedule(player, false, false), hall);
    player.source.keep_up();
    player.source.showing_began(*player.source.next(), 1);
    CHECK(player.source.interruption() == Interruption::none);
    const bool at_once = GENERATE(false, true);
    player.source.set_release(with_schedule(player, true, at_once), hall);
    player.source.keep_up();
    CHECK(player.source.interruption() == (at_once ? Interruption::on_screen : Interruption::change));
    CHECK(player.next_name() == "z");
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::none);
    // And back: its end is like its beginning.
    player.source.set_release(with_schedule(player, false, false), hall);
    player.source.keep_up();
    CHECK(player.source.interruption() == (at_once ? Interruption::on_screen : Interruption::change));
}

TEST_CASE("a campaign shares the screen with the loop, each showing under its own playlist, and the loop goes on where it was") {
    Player player;
    auto release = with_schedule(player, true, false);
    release->programme.schedules.back().share_percent = 25;
    release->programme.playlists[other].items[0].volume = 50;
    player.source.set_release(release, hall);
    std::map<std::string, int> shown;
    for (int i = 0; i < 8; ++i) {
        const auto item = player.source.next();
        REQUIRE(item);
        ++shown[item->name];
        CHECK(item->playlist == (item->name == "z" ? other : accueil));
    }
    CHECK(shown == std::map<std::string, int>{{"a", 3}, {"b", 3}, {"z", 2}});
    auto again = with_schedule(player, true, false); // a release that leaves the lists alone
    again->programme.schedules.back().share_percent = 25;
    again->programme.number = 43;
    player.source.set_release(again, hall);
    for (int i = 0; i < 8; ++i)
        ++shown[player.next_name()];
    CHECK(shown == std::map<std::string, int>{{"a", 6}, {"b", 6}, {"z", 4}});
}

TEST_CASE("a calm still with the site's name has its part of the time") {
    Player player;
    auto release = make_release({"a", "b"});
    release->programme.playlists[accueil].calm_percent = 25;
    release->programme.playlists[accueil].calm_duration = 10s;
    player.source.set_release(release, hall);
    CHECK(player.next_name() == "a");
    const auto still = player.source.next();
    REQUIRE(still);
    CHECK(still->name == "calm");
    CHECK(still->shown == ShownItem::card);
    CHECK(still->duration == 10s);
    CHECK(still->draw(Size{640, 360}).size == Size{640, 360});
    CHECK(player.next_name() == "b");
}

TEST_CASE("a message that takes the whole screen interrupts, plays alone, and gives the screen back; a banner lies over it") {
    Player player;
    auto release = with_schedule(player, false, false);
    const Instant now = player.clock.wall();
    player.source.set_release(release, hall);
    player.source.keep_up();
    CHECK(player.next_name() == "a");
    auto urgent = with_schedule(player, false, false);
    const bool full = GENERATE(true, false);
    Message message;
    message.id = *MessageId::parse("ferme");
    message.text["fr"] = "Fermé lundi.";
    message.from = now - 1s;
    message.until = now + 60s;
    message.style = full ? MessageStyle::full : MessageStyle::banner;
    urgent->now.messages = {message};
    player.source.set_release(urgent, hall);
    const auto banners = player.source.keep_up();
    if (!full) {
        CHECK(banners.size() == 1);
        CHECK(player.source.interruption() == Interruption::none);
        return;
    }
    CHECK(banners.empty());
    CHECK(player.source.interruption() == Interruption::on_screen);
    const auto item = player.source.next();
    REQUIRE(item);
    CHECK(item->shown == ShownItem::notice);
    CHECK(item->draw(Size{640, 360}).size == Size{640, 360});
    player.clock.advance(61s);
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::on_screen);
    CHECK(player.next_name() == "b");
}

TEST_CASE("the volume is the screen's, at this moment, times the playlist's; without --sound there is none") {
    Player silent;
    silent.source.set_release(make_release({"a"}), hall);
    CHECK(silent.source.next()->volume == 0);

    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    TimeKeeper time(clock, disk, folder.path() / "floor", clock.wall() - 24h);
    ProgrammeSource source({{"/store/blobs", "", 20s}, "", true}, time, disk);
    auto release = make_release({"a"});
    release->programme.capsules.begin()->second.versions.front().sound = true;
    release->programme.playlists[accueil].items.front().volume = 50;
    source.set_release(release, hall);
    const auto item = source.next();
    REQUIRE(item);
    CHECK(item->volume == 20); // half of 40
    CHECK(item->sound);
    CHECK(item->volume_now() == 20);
    auto quiet = std::make_shared<Release>(*release);
    quiet->fleet.screens[hall].quiet = "24/7";
    source.set_release(quiet, hall);
    source.keep_up();
    CHECK(item->volume_now() == 0); // at once, in the middle of the item
    CHECK(source.volume() == 0);
    CHECK_FALSE(source.next()->sound);
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
