#include "playlists/model/communes.hpp"
#include "playlists/server/redirect/redirect_table.hpp"
#include "playlists/server/redirect/scan_counter.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

using namespace capsule;
using namespace capsule::server;

TEST_CASE("the communes are those of the shared table") {
    std::ifstream file(CAPSULE_SHARED_DIR "/data/communes_92.csv");
    if (!file) {
        WARN("skipped: " CAPSULE_SHARED_DIR "/data/communes_92.csv is absent");
        return;
    }
    std::string line;
    std::getline(file, line);
    std::size_t count = 0;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string insee, name, ept;
        std::getline(cells, insee, ',');
        std::getline(cells, name, ',');
        std::getline(cells, ept, ',');
        const Commune* commune = find_commune(insee);
        REQUIRE(commune);
        CHECK(commune->name == name);
        CHECK(commune->ept == ept);
        ++count;
    }
    CHECK(count == all_communes().size());
    CHECK_FALSE(find_commune("92001"));
    CHECK_FALSE(find_commune("99999"));
}

TEST_CASE("prefetches, previews and robots are no scans") {
    const char* phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36";
    CHECK(counts_as_scan("", phone));
    CHECK(counts_as_scan("", ""));
    CHECK_FALSE(counts_as_scan("prefetch;prerender", phone));
    CHECK_FALSE(counts_as_scan("Preview", phone));
    CHECK_FALSE(counts_as_scan("", "Mozilla/5.0 (compatible; Googlebot/2.1)"));
    CHECK_FALSE(counts_as_scan("", "WhatsApp/2.23"));
}

TEST_CASE("scans that were counted are all kept when the counter ends, also after a keeper that failed") {
    std::atomic<int> kept = 0, failures = 0;
    {
        ScanCounter counter([&](const std::vector<ScannedLink>& scans) -> Result<void> {
            if (failures++ == 0)
                return Error{Category::timeout, "busy"};
            for (const ScannedLink& scan : scans)
                kept += static_cast<int>(scan.times);
            return {};
        });
        counter.count({"7K3", "site", "capsule", "Europe/Paris", {}});
        while (failures < 2)
            std::this_thread::yield();
        for (int i = 0; i < 99; ++i)
            counter.count({"7K3", "site", "capsule", "Europe/Paris", {}});
    }
    CHECK(kept == 100);
}

TEST_CASE("links for which no room is left while nothing can be kept are not counted, and the log says so") {
    TemporaryFolder folder;
    const Path log = folder.path() / "log";
    const int file = ::open(log.c_str(), O_CREAT | O_WRONLY, 0600), before = ::dup(2);
    REQUIRE(::dup2(file, 2) == 2);
    const auto said = [&] {
        std::ostringstream text;
        text << std::ifstream(log).rdbuf();
        return text.str().find("some are not counted") != std::string::npos;
    };
    const auto eventually = [](auto condition) {
        for (int i = 0; i < 2'000 && !condition(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return condition();
    };
    constexpr std::size_t room = 100'000, step = 40'000; // less at once than the queue holds
    std::atomic<std::size_t> waiting = 0;
    std::atomic<bool> well = false;
    bool all = true, said_before = false, said_after = false;
    {
        ScanCounter counter([&](const std::vector<ScannedLink>& scans) -> Result<void> {
            waiting = scans.size();
            return well ? Result<void>{} : Error{Category::timeout, "busy"};
        });
        for (std::size_t sent = 0; sent < room;) {
            for (const std::size_t end = std::min(sent + step, room); sent < end; ++sent)
                counter.count({std::to_string(sent), "site", "capsule", "Europe/Paris", {}});
            all = all && eventually([&] { return waiting == sent; });
        }
        said_before = said();
        counter.count({"one more", "site", "capsule", "Europe/Paris", {}});
        said_after = eventually(said);
        well = true;
    }
    ::dup2(before, 2);
    ::close(before);
    ::close(file);
    CHECK(all);
    CHECK_FALSE(said_before);
    CHECK(said_after);
    CHECK(waiting == room);
}
