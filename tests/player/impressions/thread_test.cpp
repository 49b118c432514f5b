// The journal's and the uploader's threads, with real disks and the server's real ledger.
#include "player/impressions/recorder.hpp"
#include "player/impressions/upload_thread.hpp"
#include "playlists/ledger/batch.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/ledger_database.hpp"
#include "tests/fakes/power_cut_volume.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <atomic>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const std::string device = "5f0c9a1e22b47d10";

// A disk that can be full: whatever needs new space fails while it is.
class FillingDisk final : public Disk {
public:
    std::atomic<bool> full{false};

    Result<std::string> read(const Path& path, std::uint64_t most) override { return m_disk.read(path, most); }
    Result<std::uint64_t> size(const Path& path) override { return m_disk.size(path); }
    bool exists(const Path& path) override { return m_disk.exists(path); }
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override {
        if (full)
            return system_error(ENOSPC, "open", path);
        return m_disk.create(path, mode);
    }
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override { return m_disk.append_to(path, mode); }
    Result<void> rename(const Path& from, const Path& to) override { return m_disk.rename(from, to); }
    Result<void> remove(const Path& path) override { return m_disk.remove(path); }
    Result<void> make_directories(const Path& path) override {
        if (full)
            return system_error(ENOSPC, "make folder", path);
        return m_disk.make_directories(path);
    }
    Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
    Result<std::vector<std::string>> list(const Path& path) override { return m_disk.list(path); }
    Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

private:
    SystemDisk m_disk;
};

struct TestScreen {
    TemporaryFolder folder;
    FillingDisk disk;
    SeededRandom random{1};
    FakeClock clock;
    TimeKeeper time{clock, disk, folder.path() / "floor", *parse_rfc3339("2026-11-01T00:00:00Z")};

    JournalThreadSettings settings() const {
        JournalThreadSettings out;
        out.journal = {folder.path() / "journal", folder.path() / "set-aside", device, clock.boot_id(), 2000, 3};
        out.retry = 20ms;
        out.held = 5;
        return out;
    }
};

RowBody showing(std::int64_t boot_ms = 0) {
    ShowingRow row;
    row.boot_start_ms = row.boot_end_ms = boot_ms;
    row.capsule = *CapsuleId::parse("mot-de-passe");
    return row;
}

std::vector<Row> rows_of(JournalThread& journal) {
    std::vector<Row> out;
    REQUIRE(journal.for_each_row([&](const StoredRow& stored) {
        out.push_back(*parse_row(stored.bytes));
        return true;
    }));
    return out;
}

PlayItem capsule_item() {
    PlayItem item;
    item.playlist = *PlaylistId::parse("accueil-semaine");
    item.capsule = *CapsuleId::parse("mot-de-passe");
    item.version = sha256("media").hex();
    item.language = "fr";
    item.programme = 42;
    item.fleet = 7;
    return item;
}

Showing measured() {
    Showing showing;
    showing.number = 1;
    showing.boot_start = 10s;
    showing.boot_end = 38s;
    showing.wall_start = instant_from_ms(1'000);
    showing.due = showing.shown = 28s;
    showing.frames_due = 700;
    showing.frames_shown = 699;
    showing.frames_late = 1;
    showing.captions_drawn = "fr";
    return showing;
}

// The server's ledger behind the uploader's transport.
class DirectTransport final : public Transport {
public:
    std::atomic<std::int64_t> utc_ms{1'795'338'000'000};
    std::atomic<int> states{0};

    Result<client::RowsReply> send_rows(const std::string& journal, std::string_view ndjson) override {
        const std::lock_guard lock(m_mutex);
        const auto outcome = m_server.take(device, journal, ndjson);
        client::RowsReply reply;
        reply.answer = outcome.problem == server::BatchOutcome::Problem::none   ? client::RowsReply::Answer::taken
                       : outcome.problem == server::BatchOutcome::Problem::hole ? client::RowsReply::Answer::hole
                                                                                : client::RowsReply::Answer::refused;
        reply.acked = outcome.acked;
        reply.utc_ms = utc_ms;
        return reply;
    }
    Result<StateReply> send_state(std::string_view) override {
        ++states;
        return StateReply{utc_ms};
    }
    std::vector<std::string> kept() {
        const std::lock_guard lock(m_mutex);
        return m_server.kept();
    }
    std::vector<std::string> column(const std::string& sql) {
        const std::lock_guard lock(m_mutex);
        return m_server.column(sql);
    }

private:
    std::mutex m_mutex;
    LedgerDatabase m_server;
};

template <typename Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 500; ++i) {
        if (condition())
            return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

} // namespace

TEST_CASE("what was handed over before the end is written at the end") {
    TestScreen screen;
    {
        JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
        for (int i = 0; i < 300; ++i)
            journal.write(showing(i));
    }
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    CHECK(rows_of(journal).size() == 300);
}

TEST_CASE("while the disk refuses, rows wait; what is too many becomes a gap behind them") {
    TestScreen screen;
    screen.disk.full = true;
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    for (int i = 0; i < 8; ++i)
        journal.write(showing(1'000 * i));
    REQUIRE(eventually([&] { return journal.status().lost == 3; }));
    CHECK(journal.status().problem.find("No space") != std::string::npos);
    CHECK_FALSE(journal.spans().ok());
    screen.disk.full = false;
    screen.clock.advance(1s);
    REQUIRE(eventually([&] { return journal.status().written == 6; }));
    CHECK(journal.status().problem.empty());
    const auto rows = rows_of(journal);
    REQUIRE(rows.size() == 6);
    CHECK(std::get<ShowingRow>(rows[4].body).boot_start_ms == 4'000);
    CHECK(std::get<GapRow>(rows[5].body).count == 3);
    CHECK(std::get<GapRow>(rows[5].body).boot_start_ms == 5'000);
    CHECK(std::get<GapRow>(rows[5].body).boot_end_ms == 7'000);
}

TEST_CASE("a disk that fills up in the middle of a journal costs a gap, not the rows before or after") {
    PowerCutVolume volume("full"); // the journal's thread alone works on it
    FakeClock clock;
    SeededRandom random(1);
    JournalThreadSettings settings{{"/screen/journal", "/screen/set-aside", device, clock.boot_id(), 2000, 3}};
    settings.retry = 5ms;
    settings.held = 5;
    JournalThread journal(clock, volume, random, settings);
    for (int i = 0; i < 10; ++i)
        journal.write(showing(i));
    REQUIRE(eventually([&] { return journal.status().written == 10; }));
    volume.set_full(true);
    for (int i = 10; i < 18; ++i) {
        journal.write(showing(i));
        clock.advance(1s);
    }
    REQUIRE(eventually([&] { return journal.status().lost == 3; }));
    CHECK(journal.status().problem.find("full") != std::string::npos);
    volume.set_full(false);
    clock.advance(1s);
    REQUIRE(eventually([&] { return journal.status().written == 16; }));
    std::vector<ReceivedRow> rows;
    REQUIRE(journal.for_each_row([&](const StoredRow& row) {
        rows.push_back(*receive_row(row.bytes));
        return true;
    }));
    REQUIRE(rows.size() == 16);
    CHECK_FALSE(check_chain({}, 0, rows));
    CHECK(std::get<ShowingRow>(rows[14].row.body).boot_start_ms == 14);
    const auto& gap = std::get<GapRow>(rows[15].row.body);
    CHECK(gap.count == 3);
    CHECK(gap.reason == "disk");
    CHECK(gap.boot_start_ms == 15);
    CHECK_FALSE(gap.lost); // these rows never had numbers
}

TEST_CASE("the presenting thread never waits, and a mailbox that is full is counted") {
    TestScreen screen;
    auto settings = screen.settings();
    settings.mailbox = 4;
    settings.held = 1'000'000;
    JournalThread journal(screen.clock, screen.disk, screen.random, settings);
    for (int i = 0; i < 5'000; ++i)
        journal.write(showing(i));
    const auto whole = [&] {
        std::int64_t shown = 0;
        for (const Row& row : rows_of(journal)) {
            if (const auto* gap = std::get_if<GapRow>(&row.body))
                shown += gap->count;
            else
                ++shown;
        }
        return shown;
    };
    journal.write(GapRow{0, 0, 0, "end"});
    REQUIRE(eventually([&] { return whole() == 5'000; }));
    CHECK(journal.status().lost > 0);
}

TEST_CASE("anchors go before the next row, at most every ten minutes, the best one") {
    TestScreen screen;
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    journal.add_anchor({1, 1'000, 50, "server"});
    journal.add_anchor({2, 1'001, 20, "server"});
    journal.add_anchor({3, 1'002, 90, "server"});
    const auto write = [&] {
        const auto before = journal.status().written;
        journal.write(showing());
        REQUIRE(eventually([&] { return journal.status().written > before; }));
    };
    write();
    journal.add_anchor({4, 1'003, 10, "server"});
    write();
    screen.clock.advance(10min);
    write();
    const auto rows = rows_of(journal);
    REQUIRE(rows.size() == 5);
    CHECK(std::get<AnchorRow>(rows[0].body).boot_ms == 2);
    CHECK(std::holds_alternative<ShowingRow>(rows[1].body));
    CHECK(std::holds_alternative<ShowingRow>(rows[2].body));
    CHECK(std::get<AnchorRow>(rows[3].body).boot_ms == 4);
}

TEST_CASE("an anchor that has waited gives way to a newer one that tells the present better") {
    TestScreen screen;
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    const auto now = [&] { return std::chrono::duration_cast<Milliseconds>(screen.clock.boottime()).count(); };
    const std::int64_t first = now();
    journal.add_anchor({first, 1'000, 20, "server"});
    screen.clock.advance(10min); // 60 ms of drift
    journal.add_anchor({now(), 601'000, 81, "server"});
    journal.add_anchor({now(), 601'000, 70, "server"});
    journal.write(showing());
    REQUIRE(eventually([&] { return journal.status().written == 2; }));
    const AnchorRow written = std::get<AnchorRow>(rows_of(journal)[0].body);
    CHECK(written.boot_ms == first + 600'000);
    CHECK(written.error_ms == 70);
}

TEST_CASE("what playback measured becomes a row with the place and what is known of the clock") {
    TestScreen screen;
    screen.clock.set_wall(instant_from_ms(1'000)); // 1970
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    ImpressionRecorder recorder(screen.clock, screen.time, journal);
    recorder.showing_ended(capsule_item(), measured());
    recorder.set_place(*ScreenId::parse("fs-antony-hall"), *SiteId::parse("fs-antony"));
    recorder.set_panel(PanelState::on);
    screen.time.heard(10s, 10s, 1'795'338'000'000);
    recorder.showing_ended(capsule_item(), measured());
    recorder.item_failed(capsule_item(), Error{Category::missing, "gone"});
    REQUIRE(eventually([&] { return journal.status().written == 4; }));
    auto rows = rows_of(journal);
    rows.erase(rows.begin() + 1); // the panel
    const auto& blind = std::get<ShowingRow>(rows[0].body);
    CHECK(blind.boot_start_ms == 10'000);
    CHECK(blind.boot_end_ms == 38'000);
    CHECK(blind.wall_start_ms == 1'000);
    CHECK_FALSE(blind.clock_synced);
    CHECK_FALSE(blind.clock_error_ms);
    CHECK(blind.screen.empty());
    CHECK(blind.frames_shown == 699);
    CHECK(blind.captions == "fr");
    CHECK(blind.sound == "muted");
    CHECK(blind.programme == 42);
    const auto& placed = std::get<ShowingRow>(rows[1].body);
    CHECK(placed.screen.text() == "fs-antony-hall");
    CHECK(placed.site.text() == "fs-antony");
    CHECK(placed.panel == PanelState::on);
    CHECK_FALSE(placed.clock_synced); // the truth is known, the wall clock is still wrong by 57 years
    CHECK(*placed.clock_error_ms > 1'700'000'000'000);
    const auto& failed = std::get<ShowingRow>(rows[2].body);
    CHECK(failed.end == ShowingEnd::failed);
    CHECK(failed.shown_ms == 0);
}

TEST_CASE("what changes around the showings is a row of its own, when it changes") {
    TestScreen screen;
    {
        JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
        ImpressionRecorder recorder(screen.clock, screen.time, journal);
        recorder.note("start", "1.2.3");
        for (const PanelState panel : {PanelState::unknown, PanelState::on, PanelState::on, PanelState::off})
            recorder.set_panel(panel);
        for (const char* sound : {"off", "off", "on"})
            recorder.set_sound(sound);
        screen.clock.advance(2s);
        recorder.note("stop", "asked to");
    }
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    std::string story;
    for (const Row& row : rows_of(journal)) {
        const auto& state = std::get<StateRow>(row.body);
        story += state.what + "=" + state.value + " ";
    }
    CHECK(story == "start=1.2.3 panel=on panel=off sound=off sound=on stop=asked to ");
    const Row last = rows_of(journal).back();
    CHECK(std::get<StateRow>(last.body).boot_ms == 3'000);
}

TEST_CASE("a corrupt segment is salvaged when the first showing is over, not before, and all of it reaches the server") {
    TestScreen screen;
    std::vector<std::string> written;
    {
        JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
        for (int i = 0; i < 300; ++i)
            journal.write(showing(i));
        REQUIRE(eventually([&] { return journal.status().written == 300; }));
        REQUIRE(journal.for_each_row([&](const StoredRow& row) {
            written.push_back(row.bytes);
            return true;
        }));
    }
    const auto settings = screen.settings();
    const std::string name = screen.disk.list(settings.journal.folder)->front();
    {
        std::fstream file(settings.journal.folder / name, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(16 * 4096);
        file << std::string(4096, '\x5a');
    }
    DirectTransport transport;
    JournalThread journal(screen.clock, screen.disk, screen.random, settings);
    UploadThread upload(screen.clock, screen.random, journal, screen.time, transport, [] { return DeviceState{}; }, {.rows_every = 0ms});
    REQUIRE(eventually([&] { return transport.kept().size() == 1; }));
    CHECK_FALSE(screen.disk.exists(settings.journal.set_aside / name));
    journal.write(showing(1'000));
    REQUIRE(eventually([&] { return transport.column("SELECT seq FROM ledger_lost").size() == 1 && transport.column(
                                 "SELECT seq FROM ledger_row WHERE seq=300").size() == 1; }));
    const auto kept = transport.column("SELECT bytes FROM ledger_row WHERE journal_id=2 ORDER BY seq");
    CHECK(kept.size() >= 294);
    for (const std::string& bytes : kept)
        CHECK(std::find(written.begin(), written.end(), bytes) != written.end());
    const auto gaps = transport.column("SELECT showings FROM ledger_gap");
    REQUIRE(gaps.size() == 1);
    CHECK(std::stoul(gaps[0]) + kept.size() == 300);
    CHECK(screen.disk.exists(settings.journal.set_aside / name));
}

TEST_CASE("rows and anchors reach the server by themselves, and land at the right hour") {
    TestScreen screen;
    screen.clock.set_wall(instant_from_ms(0));
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    ImpressionRecorder recorder(screen.clock, screen.time, journal);
    recorder.set_place(*ScreenId::parse("fs-antony-hall"), *SiteId::parse("fs-antony"));
    recorder.showing_ended(capsule_item(), measured()); // before anything is known of the time
    DirectTransport transport;
    UploadThread upload(screen.clock, screen.random, journal, screen.time, transport, [] { return DeviceState{}; }, {.rows_every = 0ms});
    REQUIRE(eventually([&] { return transport.states > 0; }));
    REQUIRE(eventually([&] { return screen.time.now().error.has_value(); }));
    for (int i = 0; i < 5; ++i)
        recorder.showing_ended(capsule_item(), measured());
    REQUIRE(eventually([&] {
        upload.nudge();
        return transport.kept().size() == 7;
    }));
    CHECK(upload.problem().empty());
    std::vector<std::string> local;
    REQUIRE(journal.for_each_row([&](const StoredRow& row) {
        local.push_back(row.bytes);
        return true;
    }));
    CHECK(transport.kept() == local);
    // The boot clock said 1 s when the server said 1,795,338,000 s: the showing began 9 s later.
    for (const std::string& start : transport.column("SELECT start_utc_ms FROM ledger_showing"))
        CHECK(std::stoll(start) == 1'795'338'009'000);
}

TEST_CASE("the end does not wait for a server that does not answer") {
    struct Hung final : Transport {
        std::atomic<bool> cancelled{false}, asked{false};
        Result<client::RowsReply> send_rows(const std::string&, std::string_view) override { return Error{Category::timeout, "no"}; }
        Result<StateReply> send_state(std::string_view) override {
            asked = true;
            while (!cancelled)
                std::this_thread::sleep_for(1ms);
            return Error{Category::timeout, "cancelled"};
        }
        void cancel() override { cancelled = true; }
    } transport;
    TestScreen screen;
    JournalThread journal(screen.clock, screen.disk, screen.random, screen.settings());
    {
        UploadThread upload(screen.clock, screen.random, journal, screen.time, transport, [] { return DeviceState{}; });
        REQUIRE(eventually([&] { return transport.asked.load(); }));
    }
    CHECK(transport.cancelled);
}
