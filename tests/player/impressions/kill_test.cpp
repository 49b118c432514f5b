// The journal against kill -9 at moments that it cannot foresee.
#include "player/impressions/journal.hpp"
#include "playlists/ledger/batch.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

using namespace capsule;

namespace {

// Runs write_journal until it has said that `rows` rows are durable, then `patience` more, and kills it. What it said.
std::string write_and_kill(const Path& store, int rows, std::chrono::microseconds patience) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(CAPSULE_BINARY_DIR "/write_journal", "write_journal", store.c_str(), "20", nullptr);
        _exit(127);
    }
    close(ends[1]);
    std::string said;
    char buffer[4096];
    bool killed = false;
    for (;;) {
        const ssize_t got = read(ends[0], buffer, sizeof buffer);
        if (got <= 0)
            break;
        said.append(buffer, static_cast<std::size_t>(got));
        if (!killed && std::count(said.begin(), said.end(), '\n') >= rows) {
            std::this_thread::sleep_for(patience);
            kill(child, SIGKILL);
            killed = true;
        }
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return said.substr(0, said.rfind('\n') + 1);
}

} // namespace

TEST_CASE("no row that was acknowledged as durable is lost when the writer is killed thirty times") {
    TemporaryFolder folder;
    SystemDisk disk;
    SeededRandom random(7);
    const JournalSettings settings{folder.path() / "journal", folder.path() / "set-aside", "5f0c9a1e22b47d10", "boot", 20, 1000};
    std::int64_t promised = 0;
    std::string name;
    for (int round = 0; round < 30; ++round) {
        const int rows = 1 + static_cast<int>(random.number() % 12);
        std::istringstream said(write_and_kill(folder.path(), rows, std::chrono::microseconds(random.number() % 5000)));
        std::string journal;
        std::int64_t seq = 0;
        while (said >> journal >> seq) {
            CHECK(seq > promised); // never the same number twice
            promised = std::max(promised, seq);
            name = journal;
        }
    }
    REQUIRE(promised >= 30);
    auto journal = Journal::open(disk, random, settings);
    REQUIRE(journal.ok());
    REQUIRE(journal->spans().size() == 1);
    const JournalSpan span = journal->spans()[0];
    CHECK(span.journal == name);
    CHECK(span.first_seq == 1);
    CHECK(span.last_seq >= promised);
    std::vector<ReceivedRow> rows;
    while (static_cast<std::int64_t>(rows.size()) < span.last_seq) {
        auto stored = journal->read_from(name, static_cast<std::int64_t>(rows.size()) + 1, 500, 1 << 20);
        REQUIRE(stored.ok());
        for (const StoredRow& row : *stored) {
            auto received = receive_row(row.bytes);
            REQUIRE(received.ok());
            rows.push_back(*received);
        }
    }
    CHECK_FALSE(check_chain({}, 0, rows));
    CHECK_FALSE(disk.exists(settings.set_aside));
    CHECK(*journal->append({GapRow{0, 0, 0, "test"}}) == span.last_seq + 1);
}
