// write_journal STORE [ROWS_PER_SEGMENT [COUNT [DEVICE]]]: appends showings to the journal in STORE, one by one, and prints the number of each
// once it is durable. Until it is killed, or COUNT rows are written; 0: no end.
#include "player/impressions/journal.hpp"

#include <cstdio>
#include <cstdlib>
#include <limits>

int main(int argc, char** argv) {
    using namespace capsule;
    if (argc < 2) {
        std::fputs("usage: write_journal STORE [ROWS_PER_SEGMENT [COUNT [DEVICE]]]\n", stderr);
        return 2;
    }
    const Path store = argv[1];
    SystemDisk disk;
    SystemRandom random;
    JournalSettings settings{store / "journal", store / "set-aside", argc > 4 ? argv[4] : "5f0c9a1e22b47d10", SystemClock{}.boot_id()};
    if (argc > 2)
        settings.rows_per_segment = std::atoll(argv[2]);
    settings.segments_kept = 1000;
    Result<Journal> journal = Journal::open(disk, random, settings);
    if (!journal) {
        std::fprintf(stderr, "write_journal: %s\n", journal.error().message.c_str());
        return 1;
    }
    long long count = argc > 3 ? std::atoll(argv[3]) : 0;
    if (count == 0)
        count = std::numeric_limits<long long>::max();
    for (long long i = 0; i < count; ++i) {
        ShowingRow row;
        row.boot_start_ms = row.boot_end_ms = i;
        row.capsule = *CapsuleId::parse("mot-de-passe");
        row.version = std::string(64, '9');
        row.screen = *ScreenId::parse("fs-antony-hall");
        row.site = *SiteId::parse("fs-antony");
        row.playlist = *PlaylistId::parse("accueil-semaine");
        row.language = "fr";
        row.due_ms = row.shown_ms = 15'000;
        row.frames_due = row.frames_shown = 375;
        const Result<std::int64_t> seq = journal->append({row});
        if (!seq) {
            std::fprintf(stderr, "write_journal: %s\n", seq.error().message.c_str());
            return 1;
        }
        std::printf("%s %lld\n", journal->current().c_str(), static_cast<long long>(*seq));
        std::fflush(stdout);
    }
    return 0;
}
