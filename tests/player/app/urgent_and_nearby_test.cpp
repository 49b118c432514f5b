// What messages bring, and the cards that are drawn from the directory and the site.
#include "player/app/programme_source.hpp"
#include "playlists/places/places_file.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const ScreenId hall = *ScreenId::parse("hall");
const CapsuleId nearby_id = *CapsuleId::parse("pres-dici");

CapsuleId id_of(const std::string& name) { return *CapsuleId::parse(name); }

Capsule make_capsule(const std::string& name) {
    Capsule capsule;
    capsule.id = id_of(name);
    capsule.title["fr"] = "Titre de " + name;
    CapsuleVersion version;
    version.language = "fr";
    version.media = {sha256(name), 1000, "video/mp4"};
    version.duration = 30s;
    capsule.versions.push_back(version);
    return capsule;
}

// A loop of "a" and "b"; "u" stands in no playlist.
std::shared_ptr<Release> make_release() {
    auto release = std::make_shared<Release>();
    Site site;
    site.id = *SiteId::parse("antony");
    site.name = "France services Antony";
    site.hours = "Mo-Su 09:00-17:30";
    site.latitude_e6 = 48'753'300;
    site.longitude_e6 = 2'296'700;
    release->fleet.sites[site.id] = site;
    Screen screen;
    screen.id = hall;
    screen.site = site.id;
    release->fleet.screens[hall] = screen;
    Playlist playlist;
    playlist.id = *PlaylistId::parse("accueil");
    for (const char* name : {"a", "b"}) {
        release->programme.capsules[id_of(name)] = make_capsule(name);
        playlist.items.push_back({id_of(name), 1, {}, {}});
    }
    release->programme.capsules[id_of("u")] = make_capsule("u");
    release->programme.playlists[playlist.id] = playlist;
    release->programme.schedules.push_back({*ScheduleId::parse("defaut"), playlist.id, {}, "always", 0});
    release->programme.number = 42;
    return release;
}

Message make_message(Instant now, MessageStyle style, const char* capsule, const char* text = "") {
    Message message;
    message.id = *MessageId::parse("alerte");
    if (*text)
        message.text["fr"] = text;
    if (*capsule)
        message.capsule = id_of(capsule);
    message.from = now - 1s;
    message.until = now + 10min;
    message.style = style;
    return message;
}

struct Player {
    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    TimeKeeper time{clock, disk, folder.path() / "floor", clock.wall() - 24h};
    ProgrammeSource source{{{folder.path(), "", 20s}, "", false}, time, disk};

    void know_the_time() {
        AnchorRow anchor;
        anchor.boot_ms = std::chrono::duration_cast<Milliseconds>(clock.boottime()).count();
        anchor.utc_ms = to_ms(clock.wall());
        anchor.error_ms = 10;
        anchor.source = "ntp";
        time.add(anchor);
    }
    Digest store(const std::string& bytes) const {
        const Digest digest = sha256(bytes);
        std::filesystem::create_directories(folder.path() / digest.hex().substr(0, 2));
        std::ofstream(folder.path() / digest.hex().substr(0, 2) / digest.hex()) << bytes;
        return digest;
    }
    std::string next_name() {
        const auto item = source.next();
        return item ? item->name : "";
    }
    std::string names(int count) {
        std::string names;
        for (int i = 0; i < count; ++i)
            names += next_name() + " ";
        return names;
    }
};

// With a card of places after "a"; one place 300 m off, confirmed three weeks before the fake clock's day.
std::shared_ptr<Release> with_places(const Player& player, const std::string& confirmed = "2026-11-01") {
    auto release = make_release();
    Capsule card;
    card.id = nearby_id;
    card.kind = CapsuleKind::card;
    card.title["fr"] = "Près d’ici";
    release->programme.capsules[nearby_id] = card;
    release->programme.capsules[id_of("a")].followed_by = nearby_id;
    const auto places = read_places("id,nom,latitude,longitude,date_maj,horaires,telephone\nm,Médiathèque,48.7560,2.2967," + confirmed +
                                        ",Mo-Su 09:00-12:00,+33199001201\n", "lieux.csv");
    REQUIRE(places);
    const std::string document = serialise(places->places);
    release->programme.directory_places = BlobReference{player.store(document), document.size(), "application/json"};
    return release;
}

} // namespace

TEST_CASE("the card of places plays where one was confirmed nearby, and is drawn anew with each minute") {
    Player player;
    player.know_the_time();
    player.source.set_release(with_places(player), hall);
    CHECK(player.next_name() == "a");
    const auto card = player.source.next();
    REQUIRE(card);
    CHECK(card->name == "pres-dici");
    CHECK(card->shown == ShownItem::card);
    CHECK(card->capsule == nearby_id);
    CHECK(card->version.empty());
    CHECK(card->duration == 20s);
    const Picture open = card->draw(Size{640, 360});
    CHECK(open.size == Size{640, 360});
    const auto edition = card->edition();
    player.clock.advance(10s);
    CHECK(card->edition() == edition);
    CHECK(card->draw(Size{640, 360}).pixels == open.pixels);
    player.clock.advance(150min); // past noon: it is closed
    CHECK(card->edition() != edition);
    CHECK(card->draw(Size{640, 360}).pixels != open.pixels);
    CHECK(player.next_name() == "b");
}

TEST_CASE("the card of places is passed over where there is nothing that it could say") {
    Player player;
    const std::string why = GENERATE(as<std::string>(), "time not known", "not confirmed", "too far", "no file", "no position", "no directory");
    INFO(why);
    auto release = with_places(player, why == "not confirmed" ? "2025-11-01" : "2026-11-01");
    Site& site = release->fleet.sites.begin()->second;
    if (why != "time not known")
        player.know_the_time();
    if (why == "too far")
        site.latitude_e6 = 48'853'300;
    if (why == "no position")
        site.latitude_e6.reset();
    if (why == "no directory")
        release->programme.directory_places.reset();
    if (why == "no file")
        std::filesystem::remove_all(player.folder.path() / release->programme.directory_places->sha256.hex().substr(0, 2));
    player.source.set_release(release, hall);
    CHECK(player.names(4) == "a b a b ");
}

TEST_CASE("a capsule that a message brings fills the screen over and over, and gives it back when the message is over, without any network") {
    Player player;
    player.know_the_time();
    player.source.set_release(make_release(), hall);
    player.source.keep_up();
    CHECK(player.next_name() == "a");
    player.store("u"); // its file is here
    auto urgent = make_release();
    urgent->now.messages = {make_message(player.clock.wall(), MessageStyle::full, "u", "Canicule")};
    player.source.set_release(urgent, hall);
    CHECK(player.source.keep_up().empty());
    CHECK(player.source.interruption() == Interruption::on_screen);
    const auto item = player.source.next();
    REQUIRE(item);
    CHECK(item->name == "u");
    CHECK(item->shown == ShownItem::capsule);
    CHECK(item->version == sha256("u").hex());
    CHECK(player.names(2) == "u u ");
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::none);
    player.clock.advance(11min);
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::on_screen);
    CHECK(player.next_name() == "b");
}

TEST_CASE("until the file of a message's capsule is here its text fills the screen, and then the capsule") {
    Player player;
    player.know_the_time();
    auto urgent = make_release();
    urgent->now.messages = {make_message(player.clock.wall(), MessageStyle::full, "u", "Canicule")};
    player.source.set_release(urgent, hall);
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::on_screen);
    CHECK(player.next_name() == "notice-alerte");
    player.store("u");
    player.source.keep_up();
    CHECK(player.source.interruption() == Interruption::on_screen);
    CHECK(player.next_name() == "u");
}

TEST_CASE("the capsule of a banner comes next, and then every five minutes beside the loop") {
    Player player;
    player.know_the_time();
    player.store("u");
    player.source.set_release(make_release(), hall);
    player.source.keep_up();
    CHECK(player.next_name() == "a");
    auto urgent = make_release();
    urgent->now.messages = {make_message(player.clock.wall(), MessageStyle::banner, "u")};
    player.source.set_release(urgent, hall);
    const auto banners = player.source.keep_up();
    REQUIRE(banners.size() == 1);
    CHECK(banners[0].text == "Titre de u");
    CHECK(player.source.interruption() == Interruption::change); // what was prepared gives way
    CHECK(player.names(3) == "u b a ");
    player.clock.advance(301s);
    CHECK(player.names(2) == "u b ");
    player.clock.advance(600s);
    CHECK(player.source.keep_up().empty());
    CHECK(player.names(2) == "a b ");
}

TEST_CASE("a calm still says the site, the time and the hours, as far as they are known") {
    Player player;
    auto release = make_release();
    auto& playlist = release->programme.playlists.begin()->second;
    playlist.calm_percent = 25;
    player.source.set_release(release, hall);
    CHECK(player.next_name() == "a");
    const auto still = player.source.next();
    REQUIRE(still);
    CHECK(still->name == "calm");
    const auto unknown = still->draw(Size{640, 360}).pixels;
    const auto edition = still->edition();
    player.know_the_time();
    CHECK(still->edition() != edition);
    const auto known = still->draw(Size{640, 360}).pixels;
    CHECK(known != unknown);
    player.clock.advance(60s);
    CHECK(still->draw(Size{640, 360}).pixels != known);
}
