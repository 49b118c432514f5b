#include "tests/player/impressions/journal_screen.hpp"

#include <map>
#include <set>

using namespace capsule;
using namespace capsule::journaling;

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

TEST_CASE("a corrupt segment goes out of the way at once, and its rows come back later under their old numbers") {
    const bool killed = GENERATE(false, true); // before the rows are brought back, and in the middle of it
    Screen screen;
    std::string before;
    std::map<std::int64_t, std::string> written;
    {
        Journal journal = screen.open();
        before = journal.current();
        for (int i = 0; i < 25; ++i)
            REQUIRE(journal.append({showing()}));
        for (const ReceivedRow& row : rows_of(journal, journal.spans()[0]))
            written[row.row.header.seq] = row.bytes;
    }
    const auto file = [&](int number) { return screen.settings.folder / (before + "-" + std::to_string(number) + ".db"); };
    int number = 3;
    std::size_t saved_at_least = 20;
    SECTION("its first page") {
        overwrite(file(3), 0, 4096);
        saved_at_least = 25;
    }
    SECTION("its only page of rows") { overwrite(file(3), 8192, 4096); }
    SECTION("some rows of a page") {
        overwrite(file(3), 10'000, 500);
        saved_at_least = 23;
    }
    SECTION("all zero") {
        std::filesystem::resize_file(file(3), 0);
        std::filesystem::resize_file(file(3), 20'480);
        saved_at_least = 20;
    }
    SECTION("empty") {
        REQUIRE(screen.disk.create(file(3), 0644));
        saved_at_least = 20;
    }
    SECTION("a middle one") {
        overwrite(file(2), 0, 4096);
        number = 2;
        saved_at_least = 25;
    }
    SECTION("a middle one, of which nothing is left") {
        overwrite(file(2), 0, std::filesystem::file_size(file(2)));
        number = 2;
        saved_at_least = 15;
    }
    const std::string name = file(number).filename().string();
    Journal journal = screen.open();
    CHECK(journal.current() != before);
    CHECK(journal.spans().size() == 2); // nothing behind the hole is offered before it is known how large it is
    CHECK(journal.spans()[0] == JournalSpan{before, 1, number == 2 ? 10 : 20, false});
    const auto rows = rows_of(journal, journal.spans()[1]);
    REQUIRE(rows.size() == 1);
    CHECK(std::get<StateRow>(rows[0].row.body).value == "corrupt: " + name);

    if (killed) {
        const Path half = file(number);
        { Journal(std::move(journal)); }
        std::ofstream(half) << "half";
        journal = screen.open();
        CHECK_FALSE(screen.disk.exists(half));
    }
    REQUIRE(journal.wants_salvage());
    REQUIRE(journal.salvage());
    CHECK_FALSE(journal.wants_salvage());
    std::map<std::int64_t, std::string> saved;
    for (const JournalSpan& span : journal.spans())
        if (!span.current) {
            const auto run = rows_of(journal, span);
            CHECK_FALSE(check_chain(run.front().row.header.prev, span.first_seq - 1, run));
            for (const ReceivedRow& row : run)
                saved[row.row.header.seq] = row.bytes;
        }
    CHECK(saved.size() >= saved_at_least);
    for (const auto& [seq, bytes] : saved)
        CHECK(bytes == written[seq]);
    CHECK(screen.disk.exists(screen.settings.set_aside / name));
    CHECK(*journal.append({showing()}) > 1);

    // It is still so after a restart; and when the server has all of them, the bad file goes too.
    const auto spans = journal.spans();
    { Journal(std::move(journal)); }
    journal = screen.open();
    CHECK(journal.spans() == spans);
    CHECK_FALSE(journal.wants_salvage());
    REQUIRE(journal.acknowledged(before, 25));
    CHECK(journal.spans().size() == 1);
    if (saved.size() > (number == 2 ? 15 : 20))
        CHECK_FALSE(screen.disk.exists(screen.settings.set_aside / name));
}

TEST_CASE("rows that were only in a log that is gone or damaged are a known loss, and their numbers are not used again") {
    Screen screen;
    std::string before;
    const Path copy = screen.folder.path() / "copy";
    {
        Journal journal = screen.open();
        before = journal.current();
        for (int i = 0; i < 9; ++i)
            REQUIRE(journal.append({showing(i)}));
        std::filesystem::copy(screen.settings.folder, copy); // as a kill leaves it
    }
    std::filesystem::remove_all(screen.settings.folder);
    std::filesystem::rename(copy, screen.settings.folder);
    const Path log = screen.settings.folder / (before + "-1.db-wal");
    std::size_t saved = 9;
    SECTION("as it was") {
        Journal journal = screen.open();
        CHECK(journal.current() == before);
        CHECK(journal.last_seq() == 9);
        return;
    }
    SECTION("with a frame that was begun when the writer was killed") {
        const auto frame = std::filesystem::file_size(log);
        std::ofstream(log, std::ios::binary | std::ios::app) << std::string(24, '\x11');
        REQUIRE(std::filesystem::file_size(log) == frame + 24);
        Journal journal = screen.open();
        CHECK(journal.current() == before);
        CHECK(journal.last_seq() == 9);
        return;
    }
    SECTION("gone") {
        REQUIRE(std::filesystem::remove(log));
        saved = 0;
    }
    SECTION("head damaged") { overwrite(log, 0, 40); }
    SECTION("middle damaged") { overwrite(log, std::filesystem::file_size(log) / 2, 300); }
    SECTION("end damaged") {
        overwrite(log, std::filesystem::file_size(log) - 4120, 4120);
        saved = 8;
    }
    Journal journal = screen.open();
    CHECK(journal.current() != before);
    REQUIRE(journal.salvage());
    std::size_t found = 0;
    for (const JournalSpan& span : journal.spans())
        if (span.journal == before)
            found += static_cast<std::size_t>(span.last_seq - span.first_seq + 1);
    CHECK(found >= saved);
    const auto rows = rows_of(journal, journal.spans().back());
    const bool told = std::any_of(rows.begin(), rows.end(),
                                  [](const ReceivedRow& row) { return std::holds_alternative<GapRow>(row.row.body); });
    CHECK(told);
}

TEST_CASE("a salvage that is cut short anywhere tells its loss once") {
    // A disk that lets so many changes through and then none.
    class Stopping final : public Disk {
    public:
        int left = 1'000'000;
        Result<std::string> read(const Path& path, std::uint64_t most) override { return m_disk.read(path, most); }
        Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length) override {
            return m_disk.read_part(path, offset, length);
        }
        Result<std::uint64_t> size(const Path& path) override { return m_disk.size(path); }
        bool exists(const Path& path) override { return m_disk.exists(path); }
        Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override {
            return allowed() ? m_disk.create(path, mode) : stopped();
        }
        Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override {
            return allowed() ? m_disk.append_to(path, mode) : stopped();
        }
        Result<void> rename(const Path& from, const Path& to) override { return allowed() ? m_disk.rename(from, to) : stopped(); }
        Result<void> remove(const Path& path) override { return allowed() ? m_disk.remove(path) : stopped(); }
        Result<void> make_directories(const Path& path) override { return m_disk.make_directories(path); }
        Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
        Result<std::vector<std::string>> list(const Path& path) override { return m_disk.list(path); }
        Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

    private:
        bool allowed() { return left-- > 0; }
        static Error stopped() { return {Category::io, "the power is off"}; }
        SystemDisk m_disk;
    } disk;
    const bool restarted = GENERATE(true, false);
    bool whole = false;
    int cut_short = 0;
    for (int changes = 0; !whole; ++changes) {
        INFO("after " << changes << " changes of the disk");
        Screen screen;
        disk.left = 1'000'000;
        auto journal = Journal::open(disk, screen.random, screen.settings);
        REQUIRE(journal.ok());
        const std::string before = journal->current();
        for (int i = 0; i < 5; ++i)
            REQUIRE(journal->append({showing(i)}));
        { Journal(*std::move(journal)); }
        std::filesystem::resize_file(screen.settings.folder / (before + "-1.db"), 0); // nobody can vouch for its end
        journal = Journal::open(disk, screen.random, screen.settings);
        REQUIRE(journal.ok());
        disk.left = changes;
        whole = journal->salvage().ok();
        cut_short += !whole;
        disk.left = 1'000'000;
        if (!whole && restarted) {
            { Journal(*std::move(journal)); }
            journal = Journal::open(disk, screen.random, screen.settings);
            REQUIRE(journal.ok());
        }
        if (!whole)
            REQUIRE(journal->salvage());
        int gaps = 0;
        for (const JournalSpan& span : journal->spans())
            for (const ReceivedRow& row : rows_of(*journal, span))
                gaps += std::holds_alternative<GapRow>(row.row.body);
        CHECK(gaps == 1);
    }
    CHECK(cut_short > 2);
}

TEST_CASE("sectors that cannot be read cost the rows in them, not the file") {
    // A disk on which some sectors of one file are bad.
    class BadSectors final : public Disk {
    public:
        Path bad;
        Result<std::string> read(const Path& path, std::uint64_t most) override {
            return path.string().starts_with(bad.string()) ? error() : m_disk.read(path, most);
        }
        Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length) override {
            const bool hit = offset < 16'384 && offset + length > 8'192;
            return path.string().starts_with(bad.string()) && hit ? error() : m_disk.read_part(path, offset, length);
        }
        Result<std::uint64_t> size(const Path& path) override { return m_disk.size(path); }
        bool exists(const Path& path) override { return m_disk.exists(path); }
        Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override { return m_disk.create(path, mode); }
        Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override { return m_disk.append_to(path, mode); }
        Result<void> rename(const Path& from, const Path& to) override { return m_disk.rename(from, to); }
        Result<void> remove(const Path& path) override { return m_disk.remove(path); }
        Result<void> make_directories(const Path& path) override { return m_disk.make_directories(path); }
        Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
        Result<std::vector<std::string>> list(const Path& path) override { return m_disk.list(path); }
        Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

    private:
        static Result<std::string> error() { return Error{Category::io, "Input/output error"}; }
        SystemDisk m_disk;
    } disk;
    Screen screen;
    screen.settings.rows_per_segment = 200;
    auto journal = Journal::open(disk, screen.random, screen.settings);
    REQUIRE(journal.ok());
    const std::string before = journal->current();
    for (int i = 0; i < 200; ++i)
        REQUIRE(journal->append({showing(i)}));
    disk.bad = screen.settings.folder / (before + "-1.db");
    REQUIRE(journal->damaged(before, 100));
    REQUIRE(journal->salvage());
    std::int64_t rows = 0;
    for (const JournalSpan& span : journal->spans())
        rows += span.journal == before ? span.last_seq - span.first_seq + 1 : 0;
    CHECK(rows >= 180);
    CHECK(rows < 200);
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
