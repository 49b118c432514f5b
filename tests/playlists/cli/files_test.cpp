#include "content/base/csv.hpp"
#include "playlists/cli/files/playlist_file.hpp"
#include "playlists/cli/files/schedule_file.hpp"
#include "playlists/cli/files/sites_file.hpp"
#include "tests/catch.hpp"

#include <fstream>
#include <sstream>

using namespace capsule;
using namespace capsule::cli;

namespace {

template <typename T>
std::string complaint(const Result<T>& result) {
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.find('\n') == std::string::npos);
    return result.error().message;
}

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

const std::string sites_head =
    "id,nom,commune,code_postal,code_insee,latitude,longitude,typologie,horaires,offres,ecran_id,ecran_nom,"
    "ecran_diagonale_mm,ecran_distance_mm,ecran_rotation\n";

} // namespace

TEST_CASE("a playlist is read as people write it") {
    const auto playlist = playlist_from_toml(R"(
id = "accueil-semaine"
title = "Accueil, en semaine"
order = "shuffle"
qr_card_every = "5min"
[[item]]
capsule = "mot-de-passe"
weight = 2
[[item]]
capsule = "message-frauduleux"
at_least_per_hour = 4
)",
                                             "p.toml");
    REQUIRE(playlist.ok());
    CHECK(playlist->id.text() == "accueil-semaine");
    CHECK(playlist->order == PlaylistOrder::shuffle);
    CHECK(playlist->qr_card_every == std::chrono::minutes(5));
    REQUIRE(playlist->items.size() == 2);
    CHECK(playlist->items[0].weight == 2);
    CHECK(playlist->items[1].at_least_per_hour == 4);
}

TEST_CASE("the rules of a playlist and playlists inside are read") {
    const auto playlist = playlist_from_toml(R"(
id = "p"
title = "P"
not_again_within = "3min"
themes_apart = true
still_duration = "12s"
calm_percent = 10
calm_duration = "15s"
languages = { fr = 3, ar = 1 }
[[item]]
capsule = "c"
not_again_within = "20min"
duration = "8s"
qr_card_after = true
[[item]]
playlist = "sante"
weight = 2
)",
                                             "p.toml");
    INFO((playlist.ok() ? std::string() : playlist.error().message));
    REQUIRE(playlist.ok());
    CHECK(playlist->not_again_within == std::chrono::minutes(3));
    CHECK(playlist->themes_apart);
    CHECK(playlist->still_duration == std::chrono::seconds(12));
    CHECK(playlist->calm_percent == 10);
    CHECK(playlist->calm_duration == std::chrono::seconds(15));
    CHECK(playlist->languages == std::map<std::string, int>{{"ar", 1}, {"fr", 3}});
    CHECK(playlist->items[0].not_again_within == std::chrono::minutes(20));
    CHECK(playlist->items[0].duration == std::chrono::seconds(8));
    CHECK(playlist->items[0].qr_card_after);
    CHECK(playlist->items[1].playlist->text() == "sante");
    CHECK(playlist->items[1].weight == 2);
    const auto told = [](const std::string& text) { return complaint(playlist_from_toml("id = \"a\"\ntitle = \"A\"\n" + text, "p.toml")); };
    CHECK(has(told("not_again_within = \"often\"\n[[item]]\ncapsule=\"x\"\n"), "p.toml:3: not_again_within: a span such as"));
    CHECK(has(told("[[item]]\nplaylist=\"x\"\nvolume = 3\n"), "p.toml:5: item.volume: unknown key"));
}

TEST_CASE("dates, margins and shares of a schedule are read") {
    const std::string head = "[[schedule]]\nid = \"a\"\nplaylist = \"p\"\n";
    const auto file = schedules_from_toml(
        head + "when = \"Mo[1] 14:00-16:00; SH off\"\nfrom = \"2026-11-24\"\nuntil = \"2026-12-24T08:30:15\"\nmargin_minutes = 10\nshare_percent = 20\n",
        "s.toml");
    INFO((file.ok() ? std::string() : file.error().message));
    REQUIRE(file.ok());
    CHECK(file->schedules[0].from == "2026-11-24");
    CHECK(file->schedules[0].until == "2026-12-24T08:30:15");
    CHECK(file->schedules[0].margin_minutes == 10);
    CHECK(file->schedules[0].share_percent == 20);
    CHECK(has(complaint(schedules_from_toml(head + "from = \"demain\"\n", "s.toml")), "s.toml:4: schedule.from: a date"));
    CHECK(has(complaint(schedules_from_toml(head + "from = \"2026-11-24\"\nuntil = \"2026-11-24\"\n", "s.toml")), "s.toml:5: schedule.until"));
}

TEST_CASE("what is wrong in a playlist is told with file, line, key and what was meant") {
    const auto told = [](const std::string& text) { return complaint(playlist_from_toml(text, "p.toml")); };
    const std::string good = "id = \"a\"\ntitle = \"A\"\n";
    CHECK(has(told(good + "ordre = \"listed\"\n[[item]]\ncapsule=\"x\"\n"),
              "p.toml:3: ordre: unknown key; did you mean \"order\"?"));
    CHECK(has(told(good + "order = \"shuffel\"\n[[item]]\ncapsule=\"x\"\n"),
              "p.toml:3: order: \"listed\" or \"shuffle\" is expected"));
    CHECK(has(told(good + "[[item]]\ncapsule=\"x\"\nweigth = 2\n"),
              "p.toml:5: item.weigth: unknown key; did you mean \"weight\"?"));
    CHECK(has(told(good + "[[item]]\ncapsule=\"x\"\nweight = 0\n"), "p.toml:5: item.weight: a whole number from 1 to 1000"));
    CHECK(has(told(good + "[[item]]\ncapsule=\"x\"\nweight = \"2\"\n"), "item.weight"));
    CHECK(has(told(good + "[[item]]\nweight = 2\n"), "item.capsule: is missing"));
    CHECK(has(told(good + "[[item]]\ncapsule=\"Mot de passe\"\n"), "such as \"mot-de-passe\""));
    CHECK(has(told(good + "[[item]]\ncapsule=\"x\"\n[[item]]\ncapsule=\"x\"\n"), "stands twice"));
    CHECK(has(told(good + "qr_card_every = \"5 minutes\"\n[[item]]\ncapsule=\"x\"\n"), "p.toml:3: qr_card_every"));
    CHECK(has(told(good), "at least one [[item]]"));
    CHECK(has(told("title = \"A\"\n[[item]]\ncapsule=\"x\"\n"), "id: is missing"));
    CHECK(has(told("id = \"a\n"), "p.toml:1: "));
    CHECK(has(told("id = \"\xff\"\n"), "UTF-8"));
}

TEST_CASE("schedules are read with their conditions and checked hours") {
    const auto file = schedules_from_toml(R"(
[[schedule]]
id = "defaut"
playlist = "accueil"
[[schedule]]
id = "midi"
playlist = "midi"
where = { any = [ { ept = "VSGP" }, { not = { type = "MUNI" } } ] }
when = "Mo-Fr 11:30-14:00; PH off"
priority = 5
[directory]
fr = "https://example.org/{commune}"
)",
                                          "s.toml");
    REQUIRE(file.ok());
    REQUIRE(file->schedules.size() == 2);
    CHECK(file->schedules[0].where == Where{});
    CHECK(file->schedules[0].when == "always");
    const Where& where = file->schedules[1].where;
    CHECK(where.kind == Where::Kind::any);
    REQUIRE(where.operands.size() == 2);
    CHECK(where.operands[0].fact == "ept");
    CHECK(where.operands[1].kind == Where::Kind::negation);
    CHECK(file->schedules[1].priority == 5);
    CHECK(file->directory.at("fr") == "https://example.org/{commune}");
    CHECK(*is_schedule_file("[[schedule]]\nid=\"a\"\n", "s.toml"));
    CHECK_FALSE(*is_schedule_file("id=\"a\"\n", "p.toml"));
}

TEST_CASE("what is wrong in a schedule is told with file, line and key") {
    const auto told = [](const std::string& text) {
        return complaint(schedules_from_toml("[[schedule]]\nid = \"a\"\nplaylist = \"p\"\n" + text, "s.toml"));
    };
    CHECK(has(told("where = { sites = \"x\" }\n"), "s.toml:4: schedule.where.sites: unknown condition; did you mean \"site\"?"));
    CHECK(has(told("where = { site = 3 }\n"), "where.site"));
    CHECK(has(told("where = \"partout\"\n"), "s.toml:4: schedule.where: one condition"));
    CHECK(has(told("when = \"Lundi\"\n"), "s.toml:4: schedule.when"));
    CHECK(has(told("priority = 1.5\n"), "s.toml:4: schedule.priority"));
    CHECK(has(told("[[schedule]]\nid = \"a\"\nplaylist = \"q\"\n"), "stands twice"));
    CHECK(has(complaint(schedules_from_toml("", "s.toml")), "at least one [[schedule]]"));
}

TEST_CASE("CSV is read as RFC 4180 says") {
    const auto rows = parse_csv("\xEF\xBB\xBF"
                                "a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n\r\n,\n");
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 3);
    CHECK((*rows)[1].fields == std::vector<std::string>{"x, \"y\"\nz", "2"});
    CHECK((*rows)[1].line == 2);
    CHECK((*rows)[2].fields == std::vector<std::string>{"", ""});
    CHECK(parse_csv("a;b\n1;2\n")->at(1).fields == std::vector<std::string>{"1", "2"});
    CHECK(has(complaint(parse_csv("a,b\n\"x,2\n")), "line 2"));
    CHECK(has(complaint(parse_csv("a,b\nx\"y,2\n")), "line 2"));
    CHECK(has(complaint(parse_csv("a\xff")), "UTF-8"));
    CHECK(csv_line({"a", "b,c", "d\"e"}) == "a,\"b,c\",\"d\"\"e\"\r\n");
}

TEST_CASE("sites and their screens are read from the national scheme's columns") {
    const auto file =
        sites_from_csv(sites_head + "fs-antony,France services Antony,Antony,92160,92002,48.739070,2.288935,RFS|ASSO,"
                                    "\"Mo-Fr 09:00-12:00,14:00-17:00\",atelier|conseiller,antony-hall,Hall,1000,4000,90\n"
                                    "fs-antony,France services Antony,Antony,92160,92002,48.739070,2.288935,RFS|ASSO,"
                                    "\"Mo-Fr 09:00-12:00,14:00-17:00\",atelier|conseiller,antony-salle,,,,\n"
                                    "mairie,Mairie,Bois Colombes,92270,,,,MUNI,sur rendez-vous,,,,,,\n",
                       "sites.csv");
    REQUIRE(file.ok());
    REQUIRE(file->sites.size() == 2);
    REQUIRE(file->screens.size() == 2);
    const Site& site = file->sites[0];
    CHECK(site.type == "RFS");
    CHECK(site.ept == "VSGP");
    CHECK(site.latitude_e6 == 48739070);
    CHECK(site.offers == std::vector<std::string>{"atelier", "conseiller"});
    CHECK(file->screens[0].rotation == 90);
    CHECK(file->screens[0].diagonal_mm == 1000);
    CHECK(file->screens[1].name == "antony-salle");
    CHECK(file->screens[1].diagonal_mm == 813);
    CHECK(file->sites[1].commune == "92009"); // by its name
    REQUIRE(file->warnings.size() == 1);
    CHECK(has(file->warnings[0], "sites.csv:4: horaires"));
}

TEST_CASE("what is wrong in a list of sites is told by line and column") {
    const auto told = [](const std::string& rows) { return complaint(sites_from_csv(sites_head + rows, "s.csv")); };
    CHECK(has(told("Fs Antony,A,Antony,92160,92002,,,,,,,,,,\n"), "s.csv:2: id: \"Fs Antony\" is no name"));
    CHECK(has(told("a,A,Antony,92160,92002,,,,,,e,,,,45\n"), "s.csv:2: ecran_rotation"));
    CHECK(has(told("a,A,Antony,92160,92002,48;7,,,,,,,,,\n"), "latitude"));
    CHECK(has(told("a,A,Bagneux,92160,92002,,,,,,,,,,\n"), "which is Antony"));
    CHECK(has(told("a,A,Nullepart,92160,,,,,,,,,,,\n"), "code_insee"));
    CHECK(has(told("a,A,Antony,92160,92002,,,,,,e,,,,\nb,B,Antony,92160,92002,,,,,,e,,,,\n"),
              "s.csv:3: ecran_id: \"e\" stands in line 2"));
    CHECK(has(told("a,A,Antony,92160,92002,,,,,,e,,,,\na,B,Antony,92160,92002,,,,,,f,,,,\n"), "with other details"));
    CHECK(has(told(",A,Antony,,92002,,,,,,,,,,\n"), "(and 1 more)"));
    CHECK(has(complaint(sites_from_csv("id,nom\na,b\n", "s.csv")), "the column \"commune\" is missing"));
    CHECK(has(complaint(sites_from_csv("id,nom,commune,code_postal,code_insee,ecran_rotatoin\n", "s.csv")),
              "did you mean \"ecran_rotation\"?"));
    CHECK(has(complaint(sites_from_csv("", "s.csv")), "empty"));
}

TEST_CASE("the national scheme's own example is read") {
    std::ifstream in(std::string(CAPSULE_SHARED_DIR) + "/data/lamednum_exemple_valide.csv");
    if (!in) {
        WARN("skipped: the shared data folder is not there");
        return;
    }
    std::stringstream text;
    text << in.rdbuf();
    const auto file = sites_from_csv(text.str(), "exemple.csv");
    INFO((file.ok() ? std::string() : file.error().message));
    REQUIRE(file.ok());
    CHECK(file->sites.size() == 1);
    CHECK(file->screens.empty());
}

TEST_CASE("a screen's volume and quiet hours stand in the list of sites, a capsule's volume in the playlist") {
    const std::string head = "id,nom,commune,code_postal,code_insee,ecran_id,ecran_volume,ecran_silence\n";
    const auto file = sites_from_csv(head + "a,A,Antony,92160,92002,e,30,Mo-Fr 12:00-14:00\nb,B,Antony,92160,92002,f,,\n", "s.csv");
    REQUIRE(file.ok());
    CHECK(file->screens[0].volume == 30);
    CHECK(file->screens[0].quiet == "Mo-Fr 12:00-14:00");
    CHECK(file->screens[1].volume == 0);
    CHECK(has(complaint(sites_from_csv(head + "a,A,Antony,92160,92002,e,130,\n", "s.csv")), "s.csv:2: ecran_volume"));
    CHECK(has(complaint(sites_from_csv(head + "a,A,Antony,92160,92002,e,30,midi\n", "s.csv")), "s.csv:2: ecran_silence"));
    const auto playlist = playlist_from_toml("id = \"p\"\ntitle = \"P\"\n[[item]]\ncapsule = \"c\"\nvolume = 40\n[[item]]\ncapsule = \"d\"\n", "p.toml");
    REQUIRE(playlist.ok());
    CHECK(playlist->items[0].volume == 40);
    CHECK(playlist->items[1].volume == 100);
    const auto schedules = schedules_from_toml("[[schedule]]\nid = \"s\"\nplaylist = \"p\"\nat_once = true\n", "s.toml");
    REQUIRE(schedules.ok());
    CHECK(schedules->schedules[0].at_once);
}
