// The journal when rows of it are lost, or of no use to the server.
#include "tests/player/impressions/journal_screen.hpp"

#include <algorithm>
#include <memory>

using namespace capsule;
using namespace capsule::journaling;

TEST_CASE("what cannot be read while it is sent is salvaged too, and the uploader is told of no hole before") {
    Screen screen;
    Journal journal = screen.open();
    const std::string before = journal.current();
    for (int i = 0; i < 35; ++i)
        REQUIRE(journal.append({showing()}));
    overwrite(screen.settings.folder / (before + "-2.db"), 8192, 4096);
    CHECK(journal.read_from(before, 11, 10, 1 << 20).error().category == Category::invalid);
    REQUIRE(journal.damaged(before, 11));
    CHECK(journal.spans()[0].last_seq == 10);
    REQUIRE(journal.salvage());
    CHECK(journal.spans().back().first_seq == 1);
    std::int64_t rows = 0;
    for (const JournalSpan& span : journal.spans())
        rows += span.journal == before ? span.last_seq - span.first_seq + 1 : 0;
    CHECK(rows >= 31);
}

TEST_CASE("a damaged file in which is written is left for a new one, and no row waits") {
    Screen screen;
    Journal journal = screen.open();
    const std::string before = journal.current();
    REQUIRE(journal.append({showing()}));
    REQUIRE(journal.damaged(before, 1));
    CHECK(journal.current() != before);
    CHECK(*journal.append({showing()}) == 2);
    REQUIRE(journal.salvage());
    CHECK(journal.spans()[0] == JournalSpan{before, 1, 1, false});
}

TEST_CASE("rows that both sides have lost are declared in the journal that is written") {
    Screen screen;
    Journal journal = screen.open();
    const std::string before = journal.current();
    for (int i = 0; i < 3; ++i)
        REQUIRE(journal.append({showing()}));
    REQUIRE(journal.declare_lost(std::string(32, 'c'), 4, 6, "test"));
    CHECK(journal.last_seq() == 4);
    REQUIRE(journal.declare_lost(before, 1, 1, "test"));
    CHECK(journal.current() != before); // behind a hole nobody would read the declaration
    const auto rows = rows_of(journal, journal.spans().back());
    CHECK(std::get<GapRow>(rows.at(0).row.body) == GapRow{1, 0, 0, "test", LostRows{before, 1, 1}});
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
    CHECK(std::get<StateRow>(rows.at(0).row.body).value == "set aside: " + before + "-3.db");
    CHECK(std::get<GapRow>(rows.at(1).row.body) == GapRow{4, 0, 0, "fork"});
    CHECK(screen.disk.list(screen.settings.set_aside)->front() == before + "-3.db");
    CHECK(journal.spans()[0].last_seq == 20);
}

TEST_CASE("of a file that is damaged once more after its salvage the rows are declared lost by number, and the files behind it are not given up") {
    Screen screen;
    Journal journal = screen.open();
    const std::string before = journal.current();
    for (int i = 0; i < 35; ++i)
        REQUIRE(journal.append({showing()}));
    const Path file = screen.settings.folder / (before + "-2.db");
    overwrite(file, 8192, 4096);
    REQUIRE(journal.damaged(before, 11));
    REQUIRE(journal.salvage());
    REQUIRE(journal.read_from(before, 20, 1, 1 << 20).ok());
    overwrite(file, 0, 4096);
    REQUIRE(journal.damaged(before, 20));
    const auto spans = journal.spans();
    REQUIRE(spans.size() == 3);
    CHECK(spans[0] == JournalSpan{before, 1, 10, false});
    CHECK(spans[1] == JournalSpan{before, 21, 35, false});
    const auto rows = rows_of(journal, spans[2]);
    const GapRow gap{1, 0, 0, "unreadable", LostRows{before, 20, 20}};
    CHECK(std::any_of(rows.begin(), rows.end(), [&](const ReceivedRow& row) { return row.row.body == decltype(row.row.body)(gap); }));
    CHECK(screen.disk.exists(screen.settings.set_aside / (before + "-2.db.1")));
}

TEST_CASE("a disk that is full for a while costs no word of what is lost, and does not end the player") {
    // No file can be made while it is full.
    class FullDisk final : public Disk {
    public:
        bool full = false;
        Result<std::string> read(const Path& path, std::uint64_t most) override { return m_disk.read(path, most); }
        Result<std::string> read_part(const Path& path, std::uint64_t offset, std::size_t length) override {
            return m_disk.read_part(path, offset, length);
        }
        Result<std::uint64_t> size(const Path& path) override { return m_disk.size(path); }
        bool exists(const Path& path) override { return m_disk.exists(path); }
        Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override {
            return full ? error() : m_disk.create(path, mode);
        }
        Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override {
            return full ? error() : m_disk.append_to(path, mode);
        }
        Result<void> rename(const Path& from, const Path& to) override {
            return full && to.extension() == ".db" && from.extension() == ".new" ? Result<void>(error().error())
                                                                                 : m_disk.rename(from, to);
        }
        Result<void> remove(const Path& path) override { return m_disk.remove(path); }
        Result<void> make_directories(const Path& path) override { return m_disk.make_directories(path); }
        Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
        Result<std::vector<std::string>> list(const Path& path) override { return m_disk.list(path); }
        Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

    private:
        static Result<std::unique_ptr<WritableFile>> error() { return Error{Category::io, "No space left on device"}; }
        SystemDisk m_disk;
    } disk;
    Screen screen;
    auto journal = Journal::open(disk, screen.random, screen.settings);
    REQUIRE(journal.ok());
    const std::string before = journal->current();
    for (int i = 0; i < 5; ++i)
        REQUIRE(journal->append({showing()}));
    disk.full = true;
    CHECK_FALSE(journal->retire(before, 4, "fork"));
    CHECK_FALSE(journal->declare_lost(std::string(32, 'c'), 4, 6, "test"));
    CHECK_FALSE(journal->append({showing()}));
    REQUIRE(journal->spans().front().journal == before); // it can be asked again
    CHECK(journal->spans().front().last_seq == 5);
    disk.full = false;
    REQUIRE(journal->retire(before, 4, "fork"));
    REQUIRE(journal->declare_lost(std::string(32, 'c'), 4, 6, "test"));
    REQUIRE(journal->spans().size() == 1);
    const auto rows = rows_of(*journal, journal->spans()[0]);
    REQUIRE(rows.size() == 3);
    CHECK(std::get<GapRow>(rows[1].row.body) == GapRow{2, 0, 0, "fork"});
    CHECK(std::get<GapRow>(rows[2].row.body) == GapRow{3, 0, 0, "test", LostRows{std::string(32, 'c'), 4, 6}});
}
