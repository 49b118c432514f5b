// drain_journal STORE DEVICE KEPT: opens the journal in STORE, salvages what has to be, and sends everything to a ledger of its own, as the
// server keeps it. The rows that arrived go to the file KEPT, one per line; what was declared lost is told as JSON on standard output.
#include "player/impressions/journal.hpp"
#include "player/impressions/uploader.hpp"
#include "tests/fakes/ledger_database.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

client::RowsReply reply_of(const server::BatchOutcome& outcome) {
    using Problem = server::BatchOutcome::Problem;
    client::RowsReply reply;
    reply.answer = outcome.problem == Problem::none   ? client::RowsReply::Answer::taken
                   : outcome.problem == Problem::hole ? client::RowsReply::Answer::hole
                                                      : client::RowsReply::Answer::refused;
    reply.acked = outcome.acked;
    reply.forks = static_cast<std::int64_t>(outcome.forks.size());
    reply.problem = outcome.reason;
    return reply;
}

Result<std::optional<UploadInput>> act(Journal& journal, LedgerDatabase& ledger, const std::string& device, const UploadAction& action) {
    if (const auto* rows = std::get_if<SendRows>(&action)) {
        auto stored = journal.read_from(rows->journal, rows->from, rows->rows, 1 << 20);
        if (!stored || stored->empty())
            return std::optional<UploadInput>(RowsUnreadable{rows->journal, rows->from, stored ? Error{Category::timeout, "gone"} : stored.error()});
        std::string body;
        for (const StoredRow& row : *stored)
            body += row.bytes + "\n";
        return std::optional<UploadInput>(RowsAnswered{rows->journal, stored->front().seq, stored->back().seq,
                                                       reply_of(ledger.take(device, rows->journal, body))});
    }
    if (std::holds_alternative<SendState>(action))
        return std::optional<UploadInput>(StateAnswered{StateReply{}});
    Result<void> done;
    if (const auto* acknowledge = std::get_if<Acknowledge>(&action))
        done = journal.acknowledged(acknowledge->journal, acknowledge->seq);
    else if (const auto* retire = std::get_if<Retire>(&action))
        done = journal.retire(retire->journal, retire->seq, retire->reason, retire->kept_apart);
    else if (const auto* lost = std::get_if<DeclareLost>(&action))
        done = journal.declare_lost(lost->journal, lost->first, lost->last, lost->reason);
    else if (const auto* damage = std::get_if<ReportDamage>(&action))
        done = journal.damaged(damage->journal, damage->seq);
    if (!done)
        return done.error();
    return std::optional<UploadInput>{};
}

Result<void> drain(const Path& store, const std::string& device, const Path& kept) {
    SystemDisk disk;
    SystemRandom random;
    const SystemClock clock;
    LedgerDatabase ledger;
    const Nanoseconds began = clock.monotonic();
    CAPSULE_TRY(journal, Journal::open(disk, random, {store / "journal", store / "set-aside", device, clock.boot_id(), 2000, 1000}));
    const Nanoseconds opened = clock.monotonic();
    Uploader uploader({}, random);
    Nanoseconds now{0};
    for (int idle = 0; idle < 4 || journal.wants_salvage(); now = std::max(now + 1ms, uploader.next_deadline())) {
        if (journal.wants_salvage())
            CAPSULE_CHECK(journal.salvage());
        std::optional<UploadInput> input = UploadLook{journal.spans(), {}};
        ++idle;
        while (input) {
            const auto actions = uploader.step(*input, now);
            input.reset();
            for (const UploadAction& action : actions) {
                if (!std::holds_alternative<SendState>(action))
                    idle = 0;
                CAPSULE_TRY(next, act(journal, ledger, device, action));
                input = std::move(next);
            }
        }
    }
    const Nanoseconds drained = clock.monotonic();
    std::ofstream out(kept, std::ios::binary);
    for (const std::string& row : ledger.kept())
        out << row << '\n';
    const auto figure = [&](const char* sql) { return ledger.column(sql).front(); };
    std::printf("{\"open_ms\":%lld,\"drain_ms\":%lld,\"lost\":%s,\"gaps_of_unknown_size\":%s,\"forks\":%s}\n",
                static_cast<long long>((opened - began) / 1ms), static_cast<long long>((drained - opened) / 1ms),
                figure("SELECT COALESCE(SUM(showings),0) FROM ledger_gap").c_str(),
                figure("SELECT COUNT(*) FROM ledger_gap WHERE showings=0").c_str(), figure("SELECT COUNT(*) FROM ledger_fork").c_str());
    return out.flush() ? Result<void>{} : Error{Category::io, "cannot write " + kept.string()};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: drain_journal STORE DEVICE KEPT\n", stderr);
        return 2;
    }
    const auto drained = drain(argv[1], argv[2], argv[3]);
    if (!drained)
        std::fprintf(stderr, "drain_journal: %s\n", drained.error().message.c_str());
    return drained ? 0 : 1;
}
