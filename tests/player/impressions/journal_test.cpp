#include "player/impressions/journal.hpp"
#include "playlists/ledger/batch.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fstream>
#include <set>

using namespace capsule;

namespace {

struct Screen {
    TemporaryFolder folder;
    SystemDisk disk;
    SeededRandom random{1};
    JournalSettings settings{folder.path() / "journal", folder.path() / "set-aside", "5f0c9a1e22b47d10", "boot-1", 10, 1};

    Journal open() {
        auto journal = Journal::open(disk, random, settings);
        INFO((journal.ok() ? "" : journal.error().message));
        REQUIRE(journal.ok());
        return *std::move(journal);
    }
    std::vector<std::string> files() { return *disk.list(settings.folder); }
};

RowBody showing(std::int64_t boot_ms = 0) {
    ShowingRow row;
    row.boot_start_ms = row.boot_end_ms = boot_ms;
    row.capsule = *CapsuleId::parse("mot-de-passe");
    return row;
}

std::vector<ReceivedRow> rows_of(Journal& journal, const JournalSpan& span) {
    std::vector<ReceivedRow> out;
    for (std::int64_t seq = span.first_seq; seq <= span.last_seq;) {
        auto rows = journal.read_from(span.journal, seq, 7, 1 << 20);
        REQUIRE(rows.ok());
        REQUIRE_FALSE(rows->empty());
        for (const StoredRow& row : *rows) {
            auto received = receive_row(row.bytes);
            REQUIRE(received.ok());
            out.push_back(*received);
        }
        seq = rows->back().seq + 1;
    }
    return out;
}

void overwrite(const Path& path, std::size_t at, std::size_t length) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(length, '\x5a');
    REQUIRE(file.good());
}

} // namespace

TEST_CASE("rows are chained over segments and over restarts") {
    Screen screen;
    {
        Journal journal = screen.open();
        for (int i = 1; i <= 25; ++i)
            CHECK(*journal.append({showing(i)}) == i);
    }
    screen.settings.boot = "boot-2";
    Journal journal = screen.open();
    CHECK(*journal.append({showing(), showing()}) == 27);
    REQUIRE(journal.spans().size() == 1);
    CHECK(journal.spans()[0] == JournalSpan{journal.current(), 1, 27, true});
    const auto rows = rows_of(journal, journal.spans()[0]);
    REQUIRE(rows.size() == 27);
    CHECK_FALSE(check_chain({}, 0, rows));
    CHECK(rows[24].row.header.boot == "boot-1");
    CHECK(rows[25].row.header.boot == "boot-2");
    CHECK(std::get<ShowingRow>(rows[4].row.body).boot_start_ms == 5);
}

TEST_CASE("reading is bounded in rows and bytes, but one row always comes") {
    Screen screen;
    Journal journal = screen.open();
    for (int i = 0; i < 8; ++i)
        REQUIRE(journal.append({showing()}));
    CHECK(journal.read_from(journal.current(), 2, 3, 1 << 20)->size() == 3);
    CHECK(journal.read_from(journal.current(), 2, 100, 1)->size() == 1);
    CHECK(journal.read_from(journal.current(), 9, 100, 1)->empty());
    CHECK(journal.read_from(std::string(32, '0'), 1, 1, 1).error().category == Category::missing);
}

TEST_CASE("whole segments below what the server has are unlinked, never the one that is written") {
    Screen screen;
    Journal journal = screen.open();
    for (int i = 0; i < 35; ++i)
        REQUIRE(journal.append({showing()}));
    CHECK(screen.disk.list(screen.settings.folder)->size() >= 4);
    REQUIRE(journal.acknowledged(journal.current(), 19));
    CHECK(journal.spans()[0].first_seq == 11);
    REQUIRE(journal.acknowledged(journal.current(), 20));
    CHECK(journal.spans()[0].first_seq == 21);
    REQUIRE(journal.acknowledged(journal.current(), 35));
    CHECK(journal.spans()[0].first_seq == 31);
    CHECK(*journal.append({showing()}) == 36);
}

TEST_CASE("some whole segments are kept for the cursor of the day") {
    Screen screen;
    screen.settings.segments_kept = 3;
    Journal journal = screen.open();
    for (int i = 0; i < 45; ++i)
        REQUIRE(journal.append({showing()}));
    REQUIRE(journal.acknowledged(journal.current(), 45));
    CHECK(journal.spans()[0].first_seq == 21);
}

TEST_CASE("a second process cannot have the same journal") {
    Screen screen;
    Journal journal = screen.open();
    REQUIRE(journal.append({showing()}));
    const auto second = Journal::open(screen.disk, screen.random, screen.settings);
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().category == Category::timeout);
    CHECK(*journal.append({showing()}) == 2);
}

TEST_CASE("a corrupt segment is set aside, and the new journal begins by saying so") {
    Screen screen;
    std::string before;
    {
        Journal journal = screen.open();
        before = journal.current();
        for (int i = 0; i < 25; ++i)
            REQUIRE(journal.append({showing()}));
    }
    const Path last = screen.settings.folder / (before + "-3.db");
    bool only_last = true;
    SECTION("its first page") { overwrite(last, 0, 4096); }
    SECTION("a page of rows") { overwrite(last, 8192, 4096); }
    SECTION("all zero") { REQUIRE(screen.disk.create(last, 0644)); }
    SECTION("a middle one, which takes those after it with it") {
        overwrite(screen.settings.folder / (before + "-2.db"), 0, 4096);
        only_last = false;
    }
    Journal journal = screen.open();
    CHECK(journal.current() != before);
    const auto spans = journal.spans();
    REQUIRE(spans.size() == 2);
    CHECK(spans[0] == JournalSpan{before, 1, only_last ? 20 : 10, false});
    CHECK(spans[1].current);
    CHECK_FALSE(check_chain({}, 0, rows_of(journal, spans[0])));
    const auto rows = rows_of(journal, spans[1]);
    REQUIRE(rows.size() == 1);
    CHECK(std::get<GapRow>(rows[0].row.body).reason == "corrupt: " + before + (only_last ? "-3.db" : "-2.db"));
    CHECK(screen.disk.list(screen.settings.set_aside)->front().starts_with(before));
    CHECK(*journal.append({showing()}) == 2);
    // Once it is known to be the server's, the older journal goes, and a restart finds the new one in order.
    REQUIRE(journal.acknowledged(before, spans[0].last_seq));
    CHECK(journal.spans().size() == 1);
}

TEST_CASE("a journal of another device is not continued") {
    Screen screen;
    {
        Journal journal = screen.open();
        REQUIRE(journal.append({showing()}));
    }
    screen.settings.device = "0123456789abcdef";
    Journal journal = screen.open();
    REQUIRE(journal.spans().size() == 1);
    const auto rows = rows_of(journal, journal.spans()[0]);
    CHECK(std::get<GapRow>(rows.at(0).row.body).reason.starts_with("another-device: "));
    CHECK(rows[0].row.header.device == "0123456789abcdef");
}

TEST_CASE("rows that the server will never take are set aside, and a gap says how many") {
    Screen screen;
    Journal journal = screen.open();
    const std::string before = journal.current();
    for (int i = 0; i < 25; ++i)
        REQUIRE(journal.append({showing()}));
    REQUIRE(journal.retire(before, 22, "fork"));
    CHECK(journal.current() != before);
    const auto rows = rows_of(journal, journal.spans().back());
    CHECK(std::get<GapRow>(rows.at(0).row.body) == GapRow{4, 0, 0, "fork"});
    CHECK(screen.disk.list(screen.settings.set_aside)->front() == before + "-3.db");
    CHECK(journal.spans()[0].last_seq == 20);
}

TEST_CASE("a row that nobody could read becomes a gap instead of stopping the upload for good") {
    Screen screen;
    Journal journal = screen.open();
    ShowingRow wrong;
    wrong.capsule = *CapsuleId::parse("mot-de-passe");
    wrong.shown_ms = -5;
    REQUIRE(journal.append({wrong, showing()}));
    const auto rows = rows_of(journal, journal.spans()[0]);
    CHECK(std::get<GapRow>(rows.at(0).row.body).count == 1);
    CHECK_FALSE(check_chain({}, 0, rows));
}

TEST_CASE("a segment that was being made when the power went is no obstacle") {
    Screen screen;
    {
        Journal journal = screen.open();
        for (int i = 0; i < 10; ++i)
            REQUIRE(journal.append({showing()}));
        std::ofstream(screen.settings.folder / (journal.current() + "-2.db.new")) << "half";
        std::ofstream(screen.settings.folder / (journal.current() + "-2.db.new-journal")) << "half";
    }
    Journal journal = screen.open();
    CHECK(*journal.append({showing()}) == 11);
    CHECK(journal.spans().size() == 1);
}
