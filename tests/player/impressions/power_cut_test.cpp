// Journal, uploader and the server's ledger on volumes that lose power at each of their writes, one after the other, and at random
// moments. What append() returned well for is on the server in the end, once.
#include "content/base/log.hpp"
#include "player/impressions/journal.hpp"
#include "player/impressions/uploader.hpp"
#include "playlists/ledger/batch.hpp"
#include "playlists/server/database/database.hpp"
#include "playlists/server/ledger/accept.hpp"
#include "playlists/server/ledger/late_rows.hpp"
#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/schema.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/power_cut_volume.hpp"

#include <cstdlib>
#include <optional>
#include <set>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const std::string device = "5f0c9a1e22b47d10";
using Unsynced = PowerCutVolume::Unsynced;

struct Plan {
    std::uint64_t seed = 1;
    int showings = 11;
    std::int64_t rows_per_segment = 4;
    std::size_t cut_screen = 0, cut_server = 0; // at this call; 0: never
    Unsynced unsynced = Unsynced::lost;
    bool weakened = false;
};

struct Tally {
    std::size_t promised = 0, lost = 0, doubled = 0, forks = 0, screen_calls = 0, server_calls = 0;
};

class World {
public:
    explicit World(const Plan& plan) : m_plan(plan), m_random(plan.seed) {
        if (plan.weakened)
            m_screen.weaken_sqlite();
        m_screen.cut_at(plan.cut_screen);
        m_center.cut_at(plan.cut_server);
    }
    Tally run() {
        switch_on();
        for (int i = 1; i <= m_plan.showings; ++i) {
            show(i);
            if (m_random.number() % 3 == 0)
                upload();
            if (i == m_plan.showings / 2) { // an orderly end, and a new start
                m_journal.reset();
                switch_on();
            }
            if (m_journal && m_journal->wants_salvage())
                (void)m_journal->salvage();
        }
        Tally tally;
        tally.screen_calls = m_screen.calls();
        tally.server_calls = m_center.calls();
        for (int i = 0; i < 16; ++i, m_now += 10min) {
            upload();
            if (m_journal && m_journal->wants_salvage())
                (void)m_journal->salvage();
        }
        count(tally);
        return tally;
    }

private:
    // Until it works: each power cut is the only one of its run.
    void switch_on() {
        m_screen.use();
        for (int i = 0; i < 3; ++i) {
            auto journal = Journal::open(m_screen, m_random, {"/screen/journal", "/screen/set-aside", device, "boot", m_plan.rows_per_segment, 1});
            if (journal) {
                m_journal = std::move(*journal);
                m_uploader.emplace(UploaderSettings{.batch_rows = 7}, m_random);
                return;
            }
            INFO(journal.error().message);
            REQUIRE(m_screen.is_dead());
            m_screen.power_cut(m_plan.unsynced, m_random);
        }
        FAIL("the journal does not open any more");
    }
    void look_after_screen() {
        if (!m_screen.is_dead())
            return;
        m_screen.use();
        m_journal.reset();
        m_screen.power_cut(m_plan.unsynced, m_random);
        switch_on();
    }
    void look_after_server() {
        if (!m_center.is_dead())
            return;
        m_center.use();
        m_server.reset();
        m_center.power_cut(m_plan.unsynced, m_random);
    }
    void show(std::int64_t moment) {
        m_screen.use();
        ShowingRow row;
        row.boot_start_ms = row.boot_end_ms = moment;
        row.capsule = *CapsuleId::parse("mot-de-passe");
        if (m_journal->append({row}))
            m_promised.insert(moment);
        look_after_screen();
    }
    bool open_server() {
        if (m_server)
            return true;
        auto opened = server::ServerDatabase::open(
            "/server/server.db", {{1, "ledger", std::string(server::ledger_schema())}, {2, "losses", std::string(server::losses_schema())},
             {3, "sums", server::ledger_rollup_schema()}, {4, "sums, packed", server::ledger_packed_schema()},
             {5, "found", std::string(server::late_rows_schema())}}, m_clock);
        if (opened) {
            m_server = std::move(*opened);
            return true;
        }
        INFO(opened.error().message);
        REQUIRE(m_center.is_dead());
        look_after_server();
        return false;
    }
    Result<client::RowsReply> take(const std::string& journal, const std::string& ndjson) {
        m_center.use();
        const Error down{Category::io, "no answer"};
        if (!open_server())
            return down;
        Result<server::BatchOutcome> outcome = down;
        {
            auto lease = m_server->lease();
            if (lease)
                outcome = server::accept_batch(**lease, {device, journal, ndjson, {"d", "1", "i", "s"}, m_clock.wall()},
                                               [](const SiteId&) { return std::string(); });
        }
        look_after_server();
        if (!outcome || m_random.number() % 4 == 0) // the answer may be lost too
            return down;
        client::RowsReply reply;
        reply.answer = outcome->problem == server::BatchOutcome::Problem::none   ? client::RowsReply::Answer::taken
                       : outcome->problem == server::BatchOutcome::Problem::hole ? client::RowsReply::Answer::hole
                                                                                 : client::RowsReply::Answer::refused;
        reply.acked = outcome->acked;
        reply.forks = static_cast<std::int64_t>(outcome->forks.size());
        reply.problem = outcome->reason;
        return reply;
    }
    void upload() {
        for (int looks = 0; looks < 3; ++looks, m_now = std::max(m_now + 1ms, m_uploader->next_deadline())) {
            std::optional<UploadInput> input = UploadLook{m_journal->spans(), {}};
            while (input) {
                const auto actions = m_uploader->step(*input, m_now);
                input.reset();
                for (const UploadAction& action : actions)
                    input = act(action);
                m_screen.use();
                if (m_screen.is_dead()) {
                    look_after_screen();
                    return;
                }
            }
        }
    }
    std::optional<UploadInput> act(const UploadAction& action) {
        m_screen.use();
        Result<void> done;
        if (const auto* rows = std::get_if<SendRows>(&action)) {
            auto stored = m_journal->read_from(rows->journal, rows->from, rows->rows, 1 << 20);
            if (!stored || stored->empty())
                return RowsUnreadable{rows->journal, rows->from, stored ? Error{Category::timeout, "gone"} : stored.error()};
            std::string body;
            for (const StoredRow& row : *stored)
                body += row.bytes + "\n";
            return RowsAnswered{rows->journal, stored->front().seq, stored->back().seq, take(rows->journal, body)};
        }
        if (std::holds_alternative<SendState>(action))
            return StateAnswered{StateReply{}};
        if (const auto* acknowledge = std::get_if<Acknowledge>(&action))
            done = m_journal->acknowledged(acknowledge->journal, acknowledge->seq);
        else if (const auto* retire = std::get_if<Retire>(&action))
            done = m_journal->retire(retire->journal, retire->seq, retire->reason, retire->kept_apart);
        else if (const auto* lost = std::get_if<DeclareLost>(&action))
            done = m_journal->declare_lost(lost->journal, lost->first, lost->last, lost->reason);
        else if (const auto* damage = std::get_if<ReportDamage>(&action))
            done = m_journal->damaged(damage->journal, damage->seq);
        return done ? std::nullopt : std::optional<UploadInput>(ActionFailed{done.error()});
    }
    void count(Tally& tally) {
        m_center.use();
        std::map<std::int64_t, int> kept;
        // The power may have gone with the last answer.
        if (!open_server())
            REQUIRE(open_server());
        auto lease = m_server->lease();
        REQUIRE(lease.ok());
        auto select = (*lease)->prepare("SELECT bytes FROM ledger_row");
        REQUIRE(select.ok());
        while (*select->step()) {
            const auto row = parse_row(select->text(0));
            REQUIRE(row.ok());
            if (const auto* showing = std::get_if<ShowingRow>(&row->body))
                ++kept[showing->boot_start_ms];
        }
        auto forks = (*lease)->prepare("SELECT count(*) FROM ledger_fork");
        REQUIRE(*forks->step());
        tally.forks = static_cast<std::size_t>(forks->integer(0));
        tally.promised = m_promised.size();
        for (const std::int64_t moment : m_promised)
            tally.lost += kept.contains(moment) ? 0 : 1;
        for (const auto& [moment, times] : kept)
            tally.doubled += times > 1 ? 1 : 0;
    }

    const Plan m_plan;
    SeededRandom m_random;
    FakeClock m_clock;
    PowerCutVolume m_screen{"screen"}, m_center{"center"};
    std::unique_ptr<server::ServerDatabase> m_server;
    std::optional<Journal> m_journal;
    std::optional<Uploader> m_uploader;
    std::set<std::int64_t> m_promised;
    Nanoseconds m_now{0};
};

// More by hand: CAPSULE_CRASHES=15 build/bin/test_player_impressions "power:*"
int effort() {
    const char* text = std::getenv("CAPSULE_CRASHES");
    return text ? std::max(1, std::atoi(text)) : 1;
}

void quiet() { set_log_level(LogLevel::error); }

} // namespace

namespace {

void cut_at_every_write(bool of_screen) {
    quiet();
    Plan plan;
    plan.unsynced = GENERATE(Unsynced::lost, Unsynced::some);
    const Tally whole = World(plan).run();
    CHECK(whole.promised == 11);
    CHECK(whole.lost == 0);
    const std::size_t calls = of_screen ? whole.screen_calls : whole.server_calls;
    CHECK(calls > 50);
    for (std::size_t call = 1; call <= calls; ++call) {
        (of_screen ? plan.cut_screen : plan.cut_server) = call;
        const Tally tally = World(plan).run();
        INFO("call " << call << " of " << calls);
        CHECK(tally.promised >= 9);
        CHECK(tally.lost == 0);
        CHECK(tally.doubled == 0);
        CHECK(tally.forks == 0);
    }
    if (effort() > 1)
        WARN(calls << (of_screen ? " crash points of the screen" : " crash points of the server") << ": 0 lost, 0 doubled");
}

} // namespace

TEST_CASE("power: cut at every write of the screen, through showings and uploads, no promised row is lost or doubled") {
    cut_at_every_write(true);
}

TEST_CASE("power: cut at every write of the server, through showings and uploads, no promised row is lost or doubled") {
    cut_at_every_write(false);
}

TEST_CASE("power: cut at random moments of a long run with checkpoints, no promised row is lost or doubled") {
    quiet();
    Plan plan{7, 260, 150, 0, 0, Unsynced::lost, false};
    const Tally whole = World(plan).run();
    SeededRandom random(11);
    std::size_t promised = 0;
    const int moments = 20 * effort();
    for (int i = 0; i < moments; ++i) {
        plan.seed = random.number();
        plan.unsynced = i % 2 == 0 ? Unsynced::lost : Unsynced::some;
        plan.cut_screen = 1 + random.number() % whole.screen_calls;
        plan.cut_server = random.number() % 3 == 0 ? 1 + random.number() % whole.server_calls : 0;
        INFO("seed " << plan.seed << " screen " << plan.cut_screen << " server " << plan.cut_server);
        const Tally tally = World(plan).run();
        promised += tally.promised;
        CHECK(tally.lost == 0);
        CHECK(tally.doubled == 0);
        CHECK(tally.forks == 0);
    }
    if (effort() > 1)
        WARN(moments << " random moments, " << promised << " promised rows: 0 lost, 0 doubled");
}

TEST_CASE("power: with synchronous=NORMAL the same harness does lose rows, so it is not blind") {
    quiet();
    Plan plan{7, 60, 150, 0, 0, Unsynced::lost, true};
    const Tally whole = World(plan).run();
    SeededRandom random(13);
    std::size_t lost = 0, runs = 0;
    const int moments = 20 * effort();
    for (int i = 0; i < moments; ++i) {
        plan.seed = random.number();
        plan.cut_screen = whole.screen_calls / 4 + random.number() % (whole.screen_calls / 2);
        const Tally tally = World(plan).run();
        lost += tally.lost;
        runs += tally.lost > 0 ? 1 : 0;
    }
    CHECK(runs > static_cast<std::size_t>(moments) / 2);
    if (effort() > 1)
        WARN("synchronous=NORMAL: " << lost << " rows lost in " << runs << " of " << moments << " runs");
}
