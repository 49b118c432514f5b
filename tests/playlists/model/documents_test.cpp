#include "content/lib/json/strict.hpp"
#include "playlists/model/message_blobs.hpp"
#include "playlists/model/release.hpp"
#include "playlists/model/where.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <random>

using namespace capsule;

namespace {

const std::string digest_a(64, 'a'), digest_b(64, 'b'), digest_c(64, 'c'), digest_d(64, 'd');

const std::string programme_text = R"({"format":1,"requires":[],"number":42,"published_at":"2026-11-22T09:00:00Z","later":{"x":1},
 "capsules":{"mot-de-passe":{
   "title":{"fr":"Un mot de passe solide"},"kind":"video","code":"2P4",
   "theme":"mots-de-passe","axis":"axe2-capacitation","barrier":"protection-donnees","audience":["tous"],"reading":"falc-inspire",
   "needs":["conseiller"],"valid":{"from":"2026-01-01","until":"2027-01-01"},"followed_by":null,
   "versions":[{"language":"fr","sha256":")" + digest_a + R"(","bytes":1840233,"type":"video/mp4","duration_ms":28000,"width":1920,"height":1080,"fps":[25,1],
                "sound":false,"gain_mdb":0,"text_in_picture":false,
                "captions":[{"language":"fr","sha256":")" + digest_b + R"(","bytes":423,"type":"text/vtt","drawn":true},
                            {"language":"ar","sha256":")" + digest_c + R"(","bytes":424,"type":"text/vtt","drawn":false}],
                "thumbnail":{"sha256":")" + digest_d + R"(","bytes":20311,"type":"image/webp"}}]}},
 "playlists":{"accueil-semaine":{"title":"Accueil, en semaine","order":"shuffle","qr_card_every_ms":300000,
   "items":[{"capsule":"mot-de-passe","weight":2},{"capsule":"message-frauduleux","at_least_per_hour":4}]}},
 "schedules":[{"id":"defaut","playlist":"accueil-semaine","where":{"all":[{"not":{"ept":"POLD"}},{"any":[{"tag":"x"},{"commune":"92002"}]}]},"when":"open","priority":3}],
 "directory":{"templates":{"fr":"https://annuaire.example/{commune}"},"places":null}})";

const std::string fleet_text = R"({"format":1,"requires":[],"number":1007,
 "sites":{"fs-antony":{"name":"France services Antony","type":"RFS","commune":"92002","postcode":"92160","ept":"VSGP","zone":"Europe/Paris",
   "hours":"Mo-Fr 09:00-17:00; PH off","offers":["atelier","conseiller"],"lat_e6":48739070,"lon_e6":2288935,"tags":[]}},
 "screens":{"fs-antony-hall":{"site":"fs-antony","name":"Hall","code":"7K3","rotation":90,"diagonal_mm":813,"distance_mm":3000,"strip":["clock"],
   "volume":0,"languages":["fr"],"tags":["x"]}},
 "devices":{"5f0c9a1e22b47d10":{"screen":"fs-antony-hall","since":"2026-11-20T08:12:00Z"}}})";

const std::string now_text = R"({"format":1,"requires":[],"number":9,
 "messages":[{"id":"fermeture-mardi","text":{"fr":"Fermé mardi matin."},"where":{"site":"fs-antony"},"from":"2026-11-24T07:00:00Z","until":"2026-11-24T12:00:00Z","style":"banner"}],
 "withdrawn":[{"capsule":"ancienne-capsule","version":null}]})";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string complaint(const std::string& text) {
    const auto programme = parse_programme(text);
    REQUIRE_FALSE(programme.ok());
    return programme.error().message;
}

} // namespace

TEST_CASE("a programme is read, written and read again as the same") {
    const auto programme = parse_programme(programme_text);
    REQUIRE(programme.ok());
    CHECK(programme->number == 42);
    CHECK(to_rfc3339(programme->published_at) == "2026-11-22T09:00:00Z");
    const auto& playlist = programme->playlists.at(*PlaylistId::parse("accueil-semaine"));
    CHECK(playlist.order == PlaylistOrder::shuffle);
    CHECK(playlist.qr_card_every == Milliseconds{300000});
    REQUIRE(playlist.items.size() == 2);
    CHECK(playlist.items[0].weight == 2);
    CHECK(playlist.items[1].weight == 1);
    CHECK(playlist.items[1].at_least_per_hour == 4);
    CHECK(programme->schedules.at(0).priority == 3);
    CHECK(programme->directory_templates.at("fr") == "https://annuaire.example/{commune}");

    const std::string written = serialise(*programme);
    CHECK(written.find('\n') == std::string::npos);
    const auto again = parse_programme(written);
    REQUIRE(again.ok());
    CHECK(again->capsules == programme->capsules);
    CHECK(again->playlists == programme->playlists);
    CHECK(again->schedules == programme->schedules);
    CHECK(again->directory_templates == programme->directory_templates);
    CHECK(serialise(*again) == written);
}

TEST_CASE("a programme keeps the reference to its directory of places") {
    auto programme = parse_programme(replaced(programme_text, R"("places":null)",
                                              R"("places":{"sha256":")" + digest_d + R"(","bytes":7,"type":"application/json"})"));
    REQUIRE(programme.ok());
    REQUIRE(programme->directory_places);
    CHECK(parse_programme(serialise(*programme))->directory_places == programme->directory_places);
}

TEST_CASE("a fleet is read, written and read again as the same") {
    const auto fleet = parse_fleet(fleet_text);
    REQUIRE(fleet.ok());
    const Site& site = fleet->sites.at(*SiteId::parse("fs-antony"));
    CHECK(site.latitude_e6 == 48739070);
    CHECK(site.hours == "Mo-Fr 09:00-17:00; PH off");
    CHECK(fleet->screens.at(*ScreenId::parse("fs-antony-hall")).rotation == 90);
    CHECK(fleet->screens.at(*ScreenId::parse("fs-antony-hall")).strip == std::vector<std::string>{"clock"});
    CHECK(fleet->devices.at("5f0c9a1e22b47d10").screen.text() == "fs-antony-hall");
    const auto again = parse_fleet(serialise(*fleet));
    REQUIRE(again.ok());
    CHECK(again->sites == fleet->sites);
    CHECK(again->screens == fleet->screens);
    CHECK(again->devices == fleet->devices);
}

TEST_CASE("urgent messages and withdrawals are read, written and read again as the same") {
    const auto document = parse_now(now_text);
    REQUIRE(document.ok());
    CHECK(document->messages.at(0).style == MessageStyle::banner);
    CHECK_FALSE(document->withdrawn.at(0).version);
    const auto again = parse_now(serialise(*document));
    REQUIRE(again.ok());
    CHECK(again->messages == document->messages);
    CHECK(again->withdrawn == document->withdrawn);
}

TEST_CASE("a message carries a text, a capsule, or both") {
    const auto with = [](const std::string& what) {
        return parse_now(replaced(now_text, R"("text":{"fr":"Fermé mardi matin."})", what));
    };
    const auto both = with(R"("text":{"fr":"Canicule."},"capsule":"canicule")");
    REQUIRE(both.ok());
    CHECK(both->messages[0].capsule == CapsuleId::parse("canicule"));
    CHECK(parse_now(serialise(*both))->messages == both->messages);
    const auto alone = with(R"("capsule":"canicule")");
    REQUIRE(alone.ok());
    CHECK(parse_now(serialise(*alone))->messages == alone->messages);
    CHECK(serialise(*parse_now(now_text)).find("capsule\":null") == std::string::npos);
    CHECK(with(R"("text":{})").error().message == "now.json: messages[0].text: is missing: expected at least one text by language, or a capsule");
    CHECK(with(R"("capsule":"Canicule !")").error().message.find("now.json: messages[0].capsule: ") == 0);
}

TEST_CASE("an error in a document names the place") {
    CHECK(complaint(replaced(programme_text, R"("weight":2)", R"("weight":0)")) ==
          "programme.json: playlists.accueil-semaine.items[0].weight: expected a whole number from 1 to 1000, not 0");
    CHECK(complaint(replaced(programme_text, R"("ept":"POLD")", R"("pays":"FR")")).find(
              "programme.json: schedules[0].where.all[0].not.pays: is no condition") == 0);
    CHECK(complaint(replaced(programme_text, R"("order":"shuffle")", R"("order":"random")")).find(
              "programme.json: playlists.accueil-semaine.order: ") == 0);
    CHECK(complaint(replaced(programme_text, R"("kind":"video")", R"("kind":"film")")).find("programme.json: capsules.mot-de-passe") == 0);
    CHECK(complaint(replaced(programme_text, R"("id":"defaut")", R"("id":"Défaut")")).find("programme.json: schedules[0].id: ") == 0);
    CHECK(complaint(replaced(programme_text, R"("accueil-semaine":{)", R"("Accueil":{)")).find("programme.json: playlists.Accueil: ") == 0);
    CHECK(complaint(replaced(programme_text, R"("number":42)", R"("number":42.5)")).find("programme.json: ") == 0);
    CHECK(complaint("[]") == "programme.json: expected an object, not array");
    CHECK(parse_now(replaced(now_text, R"("until":"2026-11-24T12:00:00Z")", R"("until":"2026-11-24T07:00:00Z")")).error().message ==
          "now.json: messages[0].until: is not after from");
    CHECK(parse_fleet(replaced(fleet_text, R"("rotation":90)", R"("rotation":45)")).error().message ==
          "fleet.json: screens.fs-antony-hall.rotation: expected 0, 90, 180 or 270, not 45");
    CHECK(parse_fleet(replaced(fleet_text, "5f0c9a1e22b47d10", "5F0C9A1E22B47D10")).error().message.find("fleet.json: devices.5F0C") == 0);
}

TEST_CASE("a record that stands alone is complained of by its own fields") {
    const auto weight = playlist_from_json(*PlaylistId::parse("a"), nlohmann::json::parse(R"({"items":[{"capsule":"c","weight":1001}]})"));
    REQUIRE_FALSE(weight.ok());
    CHECK(weight.error().message == "items[0].weight: expected a whole number from 1 to 1000, not 1001");
    const auto screen = screen_from_json(*ScreenId::parse("a"), nlohmann::json::parse(R"({"volume":101,"site":"s"})"));
    REQUIRE_FALSE(screen.ok());
    CHECK(screen.error().message == "volume: expected a whole number from 0 to 100, not 101");
    CHECK(site_from_json(*SiteId::parse("a"), nlohmann::json::parse("3")).error().message == "expected an object, not number");
}

TEST_CASE("a document that requires what this program does not know is refused, not misread") {
    const auto programme = parse_programme(replaced(programme_text, R"("requires":[])", R"("requires":["nested-playlists"])"));
    REQUIRE_FALSE(programme.ok());
    CHECK(programme.error().category == Category::refused);
    CHECK(programme.error().message.find("nested-playlists") != std::string::npos);
    CHECK(parse_fleet(replaced(fleet_text, R"("format":1)", R"("format":2)")).error().category == Category::refused);
    CHECK(parse_now(replaced(now_text, R"("requires":[])", R"("requires":["x"])")).error().category == Category::refused);
}

TEST_CASE("a document cut anywhere is an error, never a crash") {
    for (std::size_t length = 0; length < programme_text.size(); ++length)
        CHECK_FALSE(parse_programme(programme_text.substr(0, length)).ok());
}

TEST_CASE("a document with any byte changed is read or refused, never a crash") {
    std::mt19937 random{11};
    for (int round = 0; round < 3000; ++round) {
        std::string text = programme_text;
        for (int i = 0; i < 2; ++i)
            text[random() % text.size()] = "0\"[]{}:,-\\x\xff"[random() % 12];
        const auto programme = parse_programme(text);
        if (programme.ok())
            CHECK(parse_programme(serialise(*programme)).ok());
        else
            CHECK(programme.error().message.find("programme.json: ") == 0);
    }
}

TEST_CASE("a message without a territory is refused: it would show everywhere by oversight") {
    const auto document = parse_now(replaced(now_text, R"("where":{"site":"fs-antony"},)", ""));
    REQUIRE_FALSE(document.ok());
    CHECK(document.error().message.find("now.json: messages[0].where: ") == 0);
}

TEST_CASE("conditions hold for a screen by its site, commune, EPT, type and tags") {
    const auto fleet = parse_fleet(fleet_text);
    REQUIRE(fleet.ok());
    const Site& site = fleet->sites.begin()->second;
    const Screen& screen = fleet->screens.begin()->second;
    const auto holds = [&](const char* text) {
        const auto where = where_from_json(nlohmann::json::parse(text));
        REQUIRE(where.ok());
        CHECK(*where_from_json(to_json(*where)) == *where);
        return matches(*where, site, screen);
    };
    for (const char* yes : {R"({"all":[]})", R"({"site":"fs-antony"})", R"({"screen":"fs-antony-hall"})", R"({"commune":"92002"})", R"({"ept":"VSGP"})",
                            R"({"type":"RFS"})", R"({"tag":"x"})", R"({"not":{"ept":"POLD"}})", R"({"any":[{"site":"y"},{"tag":"x"}]})",
                            R"({"all":[{"type":"RFS"},{"not":{"any":[]}}]})"})
        CHECK(holds(yes));
    for (const char* no : {R"({"any":[]})", R"({"site":"fs"})", R"({"not":{"all":[]}})", R"({"tag":"y"})", R"({"all":[{"type":"RFS"},{"ept":"POLD"}]})"})
        CHECK_FALSE(holds(no));
    for (const char* bad : {"{}", "[]", R"({"all":{}})", R"({"site":3})", R"({"site":"a","ept":"b"})", R"({"department":"92"})"})
        CHECK_FALSE(where_from_json(nlohmann::json::parse(bad)).ok());
}

TEST_CASE("a screen needs the media and drawn captions of what it may play, smallest first, each once") {
    Release release;
    release.programme = *parse_programme(programme_text);
    release.fleet = *parse_fleet(fleet_text);
    release.now = *parse_now(now_text);
    const auto screen = *ScreenId::parse("fs-antony-hall");
    const auto blobs = blobs_needed(release, screen);
    REQUIRE(blobs.size() == 2);
    CHECK(blobs[0].sha256.hex() == digest_b);
    CHECK(blobs[1].sha256.hex() == digest_a);
    CHECK(blobs_needed(release, *ScreenId::parse("unknown")).empty());

    SECTION("not of a capsule that needs what the place lacks") {
        release.fleet.sites.begin()->second.offers = {"atelier"};
        CHECK(blobs_needed(release, screen).empty());
    }
    SECTION("not of a playlist scheduled elsewhere") {
        release.fleet.sites.begin()->second.ept = "POLD";
        CHECK(blobs_needed(release, screen).empty());
    }
    SECTION("not of a withdrawn capsule") {
        release.now.withdrawn.push_back({*CapsuleId::parse("mot-de-passe"), std::nullopt});
        CHECK(blobs_needed(release, screen).empty());
    }
    SECTION("and beside it of a capsule that a message brings here, though no schedule plays it") {
        release.programme.schedules.clear();
        CHECK(message_blobs(release, screen).empty());
        release.now.messages[0].capsule = CapsuleId::parse("mot-de-passe");
        CHECK(message_blobs(release, screen).size() == 2);
        CHECK(blobs_needed(release, screen).empty()); // no release waits for it
        release.now.messages[0].where.value = "ailleurs";
        CHECK(message_blobs(release, screen).empty());
    }
    SECTION("and the directory's places") {
        release.programme.directory_places = BlobReference{*Digest::parse(digest_d), 5, "application/json"};
        CHECK(blobs_needed(release, screen).front().bytes == 5);
    }
    SECTION("in the screen's language") {
        auto& versions = release.programme.capsules.begin()->second.versions;
        versions.push_back(versions[0]);
        versions[1].language = "ar";
        versions[1].captions.clear();
        versions[1].media.sha256 = *Digest::parse(digest_c);
        CHECK(blobs_needed(release, screen).back().sha256.hex() == digest_a);
        release.fleet.screens.begin()->second.languages = {"ta", "ar", "fr"};
        CHECK(blobs_needed(release, screen).back().sha256.hex() == digest_c);
        release.now.withdrawn.push_back({*CapsuleId::parse("mot-de-passe"), Digest::parse(digest_c)});
        CHECK(blobs_needed(release, screen).back().sha256.hex() == digest_a);
    }
}

TEST_CASE("what few documents carry is read, and written only where it says something") {
    const auto screen = screen_from_json(*ScreenId::parse("a"), nlohmann::json::parse(R"({"site":"s","quiet":"Mo-Fr 12:00-14:00"})"));
    REQUIRE(screen.ok());
    CHECK(screen->quiet == "Mo-Fr 12:00-14:00");
    CHECK(to_json(*screen)["quiet"] == "Mo-Fr 12:00-14:00");
    CHECK_FALSE(to_json(Screen{}).contains("quiet"));
    const auto playlist = playlist_from_json(*PlaylistId::parse("p"), nlohmann::json::parse(R"({"items":[{"capsule":"a","volume":40},{"capsule":"b"}]})"));
    REQUIRE(playlist.ok());
    CHECK(playlist->items[0].volume == 40);
    CHECK(to_json(*playlist)["items"][0]["volume"] == 40);
    CHECK_FALSE(to_json(*playlist)["items"][1].contains("volume"));
    const auto schedule = schedule_from_json(nlohmann::json::parse(R"({"id":"s","playlist":"p","at_once":true})"));
    REQUIRE(schedule.ok());
    CHECK(schedule->at_once);
    CHECK(to_json(*schedule)["at_once"] == true);
    CHECK_FALSE(to_json(Schedule{}).contains("at_once"));
    CHECK_FALSE(schedule_from_json(nlohmann::json::parse(R"({"id":"s","playlist":"p","at_once":1})")).ok());
}
