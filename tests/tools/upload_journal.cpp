// upload_journal URL STORE ROWS BATCH DUMP: a screen without a picture. Writes ROWS showings into the journal in STORE while it sends
// them to the server at URL, BATCH rows at a time, with short pauses after failures. Once all are on disk it writes every row, one per
// line, into DUMP and says "written"; it goes on sending until its standard input ends. STORE/device.key must be enrolled there.
#include "player/app/server_transport.hpp"
#include "player/impressions/recorder.hpp"
#include "player/impressions/upload_thread.hpp"
#include "playlists/sync/device_key.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

int main(int argc, char** argv) {
    using namespace capsule;
    using namespace std::chrono_literals;
    if (argc != 6) {
        std::fputs("usage: upload_journal URL STORE ROWS BATCH DUMP\n", stderr);
        return 2;
    }
    const Path store = argv[2];
    const std::int64_t rows = std::atoll(argv[3]);
    const SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    const auto key = sync::load_or_make_device_key(disk, store / "device.key", random);
    if (!key) {
        std::fprintf(stderr, "upload_journal: %s\n", key.error().message.c_str());
        return 1;
    }
    TimeKeeper time(clock, disk, store / "time-floor", instant_from_ms(0));
    JournalThreadSettings settings;
    settings.journal = {store / "journal", store / "set-aside", key->public_key().device_id(), clock.boot_id(), 200, 1'000'000};
    JournalThread journal(clock, disk, random, settings);
    client::RequestCounter counter(disk, store / "request-counter");
    const auto transport = make_server_transport(argv[1], *key, counter, random, {});
    UploaderSettings pace;
    pace.batch_rows = static_cast<std::size_t>(std::atoll(argv[4]));
    pace.rows_every = 0ms;
    pace.retry_first = 5ms;
    pace.retry_most = 100ms;
    UploadThread upload(clock, random, journal, time, *transport, [] { return DeviceState{}; }, pace);

    for (std::int64_t i = 0; i < rows; ++i) {
        ShowingRow row;
        row.boot_start_ms = std::chrono::duration_cast<Milliseconds>(clock.boottime()).count();
        row.boot_end_ms = row.boot_start_ms;
        row.capsule = *CapsuleId::parse("mot-de-passe");
        row.screen = *ScreenId::parse("fs-antony-hall");
        row.site = *SiteId::parse("fs-antony");
        row.shown_ms = row.due_ms = 10'000;
        row.frames_due = row.frames_shown = i;
        journal.write(row);
        while (journal.status().written < i) // one after the other, as a screen does
            std::this_thread::sleep_for(1ms);
    }
    while (journal.status().written < rows)
        std::this_thread::sleep_for(1ms);
    {
        std::ofstream dump(argv[5], std::ios::binary);
        const auto read = journal.for_each_row([&](const StoredRow& row) {
            dump << row.bytes << '\n';
            return true;
        });
        if (!read || !dump.flush()) {
            std::fputs("upload_journal: cannot write the rows\n", stderr);
            return 1;
        }
    }
    std::printf("written\n");
    std::fflush(stdout);
    std::string line;
    while (std::getline(std::cin, line)) {
    }
    return 0;
}
