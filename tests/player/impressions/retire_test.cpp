// What the server will never count is set aside and told lost, exactly once, whatever happens meanwhile.
#include "content/base/log.hpp"
#include "player/impressions/journal.hpp"
#include "playlists/ledger/batch.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/power_cut_volume.hpp"

#include <algorithm>
#include <optional>

using namespace capsule;

namespace {

using Unsynced = PowerCutVolume::Unsynced;

RowBody showing(std::int64_t moment) {
    ShowingRow row;
    row.boot_start_ms = row.boot_end_ms = moment;
    row.capsule = *CapsuleId::parse("mot-de-passe");
    return row;
}

// A screen that loses power at one of its calls while it retires the journal which it writes, or an older one.
struct Retiring {
    PowerCutVolume volume{"retiring"};
    SeededRandom random{5};
    std::optional<Journal> journal;
    std::string retired;
    bool of_present = true;

    void open() {
        volume.use();
        journal.reset();
        auto opened = Journal::open(volume, random, {"/screen/journal", "/screen/set-aside", "5f0c9a1e22b47d10", "boot", 4, 1});
        if (opened)
            journal = *std::move(opened);
    }
    // Rows 1 … 11 in three files; of an older journal when it is not the present one that is retired.
    void write_rows() {
        open();
        REQUIRE(journal);
        for (int i = 1; i <= 11; ++i)
            REQUIRE(journal->append({showing(i)}));
        retired = journal->current();
        if (!of_present)
            REQUIRE(journal->declare_lost(retired, 100, 100, "test")); // begins a new one
    }
    bool is_there() const {
        const auto spans = journal->spans();
        return std::any_of(spans.begin(), spans.end(), [&](const JournalSpan& span) { return span.journal == retired && span.last_seq > 6; });
    }
    std::int64_t told_lost() {
        std::int64_t sum = 0;
        for (const JournalSpan& span : journal->spans())
            for (std::int64_t seq = span.first_seq; seq <= span.last_seq; ++seq) {
                const auto rows = journal->read_from(span.journal, seq, 1, 1 << 20);
                REQUIRE(rows.ok());
                const auto row = parse_row(rows->at(0).bytes);
                REQUIRE(row.ok());
                if (const auto* gap = std::get_if<GapRow>(&row->body); gap && gap->reason == "fork")
                    sum += gap->count;
            }
        return sum;
    }
};

} // namespace

TEST_CASE("power: cut at every write while a journal is set aside, its rows are told lost once, and its files are kept") {
    set_log_level(LogLevel::error);
    const bool of_present = GENERATE(true, false);
    const Unsynced unsynced = GENERATE(Unsynced::lost, Unsynced::some);
    std::size_t calls = 0;
    for (std::size_t call = 0; call <= calls; ++call) { // the first time without a cut
        Retiring screen;
        screen.of_present = of_present;
        screen.write_rows();
        const std::size_t before = screen.volume.calls();
        if (call > 0)
            screen.volume.cut_at(before + call);
        (void)screen.journal->retire(screen.retired, 6, "fork", 7);
        if (call == 0)
            calls = screen.volume.calls() - before;
        INFO("call " << call << " of " << calls);
        screen.journal.reset();
        screen.volume.power_cut(unsynced, screen.random);
        screen.open();
        REQUIRE(screen.journal);
        if (screen.is_there()) // the uploader meets it again, a week later
            REQUIRE(screen.journal->retire(screen.retired, 6, "fork", 7));
        CHECK_FALSE(screen.is_there());
        CHECK(screen.told_lost() == 4); // rows 8 to 11
        CHECK(screen.volume.exists("/screen/set-aside/" + screen.retired + "-2.db"));
        CHECK(screen.volume.exists("/screen/set-aside/" + screen.retired + "-3.db"));
    }
    CHECK(calls > 5);
}

TEST_CASE("a file that is set aside is not told again when the disk refuses to move it, and is moved at the next start") {
    Retiring screen;
    screen.write_rows();
    screen.volume.cut_at(1'000'000);
    std::size_t calls = 0;
    {
        Retiring other;
        other.write_rows();
        const std::size_t before = other.volume.calls();
        REQUIRE(other.journal->retire(other.retired, 6, "fork"));
        calls = other.volume.calls() - before;
    }
    screen.volume.use();
    screen.volume.cut_at(screen.volume.calls() + calls - 1); // the last moves fail
    CHECK_FALSE(screen.journal->retire(screen.retired, 6, "fork"));
    CHECK_FALSE(screen.is_there()); // it is not sent again meanwhile
    screen.journal.reset();
    screen.volume.power_cut(Unsynced::lost, screen.random);
    screen.open();
    REQUIRE(screen.journal);
    CHECK_FALSE(screen.is_there());
    CHECK(screen.told_lost() == 6);
}
