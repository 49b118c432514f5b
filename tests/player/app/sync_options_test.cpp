#include "player/app/config_file.hpp"
#include "player/app/network_sheet.hpp"
#include "player/app/sync_setup.hpp"
#include "playlists/schedule/zone.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/power_cut_disk.hpp"

using namespace capsule;

namespace {

Options parsed(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), {"capsule-player", "--server", "https://capsule.exemple.fr", "--store", "/s"});
    const auto options = parse_options(static_cast<int>(arguments.size()), arguments.data());
    REQUIRE(std::holds_alternative<Options>(options));
    return std::get<Options>(options);
}

bool wrong(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), {"capsule-player", "--server", "https://capsule.exemple.fr", "--store", "/s"});
    const auto options = parse_options(static_cast<int>(arguments.size()), arguments.data());
    const auto* leave = std::get_if<Leave>(&options);
    return leave && leave->code == 2;
}

} // namespace

TEST_CASE("a rate is read with its unit") {
    CHECK(parse_bandwidth("500kB/s") == 500'000);
    CHECK(parse_bandwidth("4Mbit/s") == 500'000);
    CHECK(parse_bandwidth("64kbit") == 8'000);
    CHECK(parse_bandwidth("2 MB/s") == 2'000'000);
    for (const char* text : {"", "0kB/s", "-1MB/s", "5", "5 bananas", "1.5MB/s", "99999999MB"})
        CHECK_FALSE(parse_bandwidth(text).has_value());
}

TEST_CASE("sources stand in the order given, the server last, and once") {
    const auto order = sources_in_order(parsed({"--source", "http://192.168.1.5:8080", "/media/miroir"}));
    REQUIRE(order.size() == 3);
    CHECK(order[0].address == "http://192.168.1.5:8080");
    CHECK(order[1].address == "/media/miroir");
    CHECK(order[2].address == "https://capsule.exemple.fr");
    CHECK(sources_in_order(parsed({"--source", "https://capsule.exemple.fr", "/media/miroir"})).size() == 2);
    CHECK(sources_in_order(parsed({})).size() == 1);
}

TEST_CASE("the configuration file says the same, and the command line wins") {
    PowerCutDisk disk;
    REQUIRE(write_durably(disk, "/player.toml",
                          "server = \"https://capsule.exemple.fr\"\nproxy = \"http://proxy:3128\"\nca_bundle = \"/etc/site.pem\"\n"
                          "bandwidth = \"4Mbit/s\"\ndownload_hours = \"20:00-06:00\"\n"
                          "[[source]]\naddress = \"http://192.168.1.5\"\nbandwidth = \"2MB/s\"\n[[source]]\naddress = \"/media/miroir\"\n")
                .ok());
    Options options;
    options.sync.proxy = "http://other:8080";
    const auto read = read_config("/player.toml", disk, options);
    REQUIRE(read.ok());
    CHECK(options.sync.proxy == "http://other:8080");
    CHECK(options.sync.ca_bundle == "/etc/site.pem");
    CHECK(options.sync.bytes_per_second == 500'000);
    CHECK(options.sync.hours_text == "20:00-06:00");
    CHECK(options.sync.sources == std::vector<SourceOption>{{"http://192.168.1.5", 2'000'000}, {"/media/miroir", 0}});

    for (const char* text : {"bandwidth = 5\n", "download_hours = \"at night\"\n", "source = \"x\"\n", "[[source]]\nbandwidth = \"1MB/s\"\n",
                             "[[source]]\naddress = \"/a\"\nspeed = \"1MB/s\"\n"}) {
        REQUIRE(write_durably(disk, "/player.toml", text).ok());
        Options none;
        const auto refused = read_config("/player.toml", disk, none);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().message.find("line") != std::string::npos);
    }
}

TEST_CASE("a rate or hours that cannot be read are refused with an example") {
    CHECK(wrong({"--bandwidth", "fast"}));
    CHECK(wrong({"--download-hours", "at night"}));
    CHECK_FALSE(wrong({"--download-hours", "Mo-Fr 18:00-08:00; Sa-Su 00:00-24:00"}));
}

TEST_CASE("large downloads run in the site's own hours, and always while the time is not known") {
    FakeClock clock;
    PowerCutDisk disk;
    TimeKeeper time(clock, disk, "/floor", instant_from_ms(1'795'000'000'000));
    Release release;
    Site site;
    site.id = *SiteId::parse("loin");
    site.zone = "America/Martinique"; // UTC-4
    release.fleet.sites[site.id] = site;
    Screen screen;
    screen.id = *ScreenId::parse("hall");
    screen.site = site.id;
    release.fleet.screens[screen.id] = screen;
    const auto options = parsed({"--download-hours", "20:00-06:00"}).sync;
    CHECK(large_downloads_allowed(options, release, screen.id, time));

    const auto at = [&](const char* utc) {
        TimeKeeper known(clock, disk, "/floor", instant_from_ms(0));
        known.add({std::chrono::duration_cast<Milliseconds>(clock.boottime()).count(), to_ms(*parse_rfc3339(utc)), 10, "server"});
        return large_downloads_allowed(options, release, screen.id, known);
    };
    CHECK_FALSE(at("2026-11-22T23:59:00Z"));
    CHECK(at("2026-11-23T00:01:00Z"));
    CHECK(at("2026-11-23T09:59:00Z"));
    CHECK_FALSE(at("2026-11-23T10:01:00Z"));
    CHECK(large_downloads_allowed({}, release, screen.id, time));
}

TEST_CASE("the sheet for the technician names every host and port, and nothing that comes in") {
    const std::string sheet = network_sheet(parsed({"--source", "http://192.168.1.5:8080/capsule", "/media/miroir", "--bandwidth", "4Mbit/s",
                                                    "--download-hours", "20:00-06:00", "--public-url", "https://capsule.exemple.fr"}));
    for (const char* expected : {"TCP 8080", "192.168.1.5", "TCP 443", "capsule.exemple.fr", "UDP/TCP 53", "UDP 123", "rien", "4000 kbit/s", "20:00-06:00"})
        CHECK(sheet.find(expected) != std::string::npos);
    CHECK(sheet.find("/media") == std::string::npos);
    CHECK(sheet.find("mandataire") == std::string::npos);
    CHECK(network_sheet(parsed({"--proxy", "proxy.ville.fr:3128"})).find("TCP 3128") != std::string::npos);
}
