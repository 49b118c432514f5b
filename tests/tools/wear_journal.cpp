// wear_journal FOLDER [ROWS [PAUSE_MS]]: how many bytes reach the device for ROWS showings (2,880: twelve hours of 15 s), written one by
// one, and for the state rows of a day beside them. Counted where the journal meets the disk: whole pages of 4,096 per sync, in memory; then
// as the kernel counts them for this process, and how long each row took to be durable, (write_bytes of /proc/self/io) in FOLDER, which should be on a real disk.
#include "player/impressions/journal.hpp"
#include "tests/fakes/power_cut_volume.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace capsule;

namespace {

std::uint64_t kernel_bytes() {
    std::ifstream file("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (file >> name >> value)
        if (name == "write_bytes:")
            return value;
    return 0;
}

ShowingRow showing(std::int64_t i) {
    ShowingRow row;
    row.boot_start_ms = 8'812'345 + i * 15'000;
    row.boot_end_ms = row.boot_start_ms + 15'000;
    row.wall_start_ms = 1'795'338'000'000 + i * 15'000;
    row.clock_synced = true;
    row.clock_error_ms = 12;
    row.programme = 42;
    row.fleet = 1007;
    row.screen = *ScreenId::parse("fs-antony-hall");
    row.site = *SiteId::parse("fs-antony");
    row.playlist = *PlaylistId::parse("accueil-semaine");
    row.capsule = *CapsuleId::parse("mot-de-passe");
    row.version = sha256("media").hex();
    row.language = "fr";
    row.due_ms = row.shown_ms = 15'000;
    row.frames_due = row.frames_shown = 375;
    row.panel = PanelState::on;
    row.captions = "fr";
    return row;
}

// Twelve hours: showings, an anchor every ten minutes before its row, four changes of state.
Result<void> write_day(Disk& disk, const Path& store, std::int64_t rows, std::chrono::milliseconds pause, std::vector<double>& took) {
    SystemRandom random;
    CAPSULE_TRY(journal, Journal::open(disk, random, {store / "journal", store / "set-aside", "5f0c9a1e22b47d10", "3f1e0b3c-9f57-4a0b-8a39-5b7a9b3e1c11"}));
    for (std::int64_t i = 0; i < rows; ++i) {
        std::vector<RowBody> bodies;
        if (i % 40 == 0)
            bodies.emplace_back(AnchorRow{8'812'345 + i * 15'000, 1'795'338'000'000 + i * 15'000, 9, "server"});
        bodies.emplace_back(showing(i));
        const auto began = std::chrono::steady_clock::now();
        CAPSULE_CHECK(journal.append(bodies));
        took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
        if (i % 720 == 0)
            CAPSULE_CHECK(journal.append({StateRow{8'812'345, 1'795'338'000'000, "panel", i % 1440 == 0 ? "on" : "off"}}));
        std::this_thread::sleep_for(pause);
    }
    return {};
}

int complain(const Error& error) {
    std::fprintf(stderr, "wear_journal: %s\n", error.message.c_str());
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: wear_journal FOLDER [ROWS [PAUSE_MS]]\n", stderr);
        return 2;
    }
    const std::int64_t rows = argc > 2 ? std::atoll(argv[2]) : 2880;
    const std::chrono::milliseconds pause(argc > 3 ? std::atoll(argv[3]) : 0);
    const auto print = [&](const char* where, std::uint64_t bytes, const std::string& more) {
        std::printf("%-28s %8.2f MB %8.2f kB per row%s\n", where, static_cast<double>(bytes) / 1e6,
                    static_cast<double>(bytes) / 1e3 / static_cast<double>(rows), more.c_str());
    };
    std::vector<double> took;
    {
        PowerCutVolume volume;
        if (const auto written = write_day(volume, "/store", rows, std::chrono::milliseconds(0), took); !written)
            return complain(written.error());
        print("pages of the journal:", volume.device_bytes(), ", " + std::to_string(volume.device_syncs()) + " syncs");
    }
    SystemDisk disk;
    const std::uint64_t before = kernel_bytes();
    took.clear();
    if (const auto written = write_day(disk, argv[1], rows, pause, took); !written)
        return complain(written.error());
    print("process, as the kernel counts:", kernel_bytes() - before, "");
    std::sort(took.begin(), took.end());
    std::printf("durable after:               median %.1f ms, 99 %% %.1f ms, worst %.1f ms\n", took[took.size() / 2], took[took.size() * 99 / 100],
                took.back());
    return 0;
}
