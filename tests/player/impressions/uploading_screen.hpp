// A screen's journal and uploader, stepped by hand through simulated time, in front of the server's real ledger.
#pragma once

#include "player/impressions/journal.hpp"
#include "player/impressions/uploader.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/ledger_database.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace capsule::uploading {

inline const std::string device = "5f0c9a1e22b47d10";

inline RowBody showing(std::int64_t boot_ms) {
    ShowingRow row;
    row.boot_start_ms = row.boot_end_ms = boot_ms;
    row.capsule = *CapsuleId::parse("mot-de-passe");
    row.shown_ms = 10'000;
    return row;
}

// What the server answers over HTTP, without the HTTP.
inline client::RowsReply reply_of(const server::BatchOutcome& outcome) {
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

struct Screen {
    TemporaryFolder folder;
    SystemDisk disk;
    SeededRandom random;
    JournalSettings settings{folder.path() / "journal", folder.path() / "set-aside", device, "boot-1", 40, 1};
    Journal journal;
    UploaderSettings upload{.batch_rows = 15};
    std::optional<Uploader> uploader;
    Nanoseconds now{0};
    std::vector<UploadAction> done; // all actions so far

    explicit Screen(std::uint64_t seed) : random(seed), journal(*Journal::open(disk, random, settings)), uploader(std::in_place, upload, random) {}

    using Network = std::function<Result<client::RowsReply>(const std::string& journal, const std::string& ndjson)>;

    // One look and what follows from it. True if anything was sent.
    bool look(const Network& network) {
        std::optional<UploadInput> input = UploadLook{journal.spans(), {}};
        bool sent = false;
        while (input) {
            const auto actions = uploader->step(*input, now);
            input.reset();
            for (const UploadAction& action : actions) {
                done.push_back(action);
                if (const auto* rows = std::get_if<SendRows>(&action)) {
                    auto stored = journal.read_from(rows->journal, rows->from, rows->rows, 1 << 20);
                    REQUIRE(stored.ok());
                    REQUIRE_FALSE(stored->empty());
                    std::string body;
                    for (const StoredRow& row : *stored)
                        body += row.bytes + "\n";
                    input = RowsAnswered{rows->journal, stored->front().seq, stored->back().seq, network(rows->journal, body)};
                    sent = true;
                } else if (std::holds_alternative<SendState>(action)) {
                    input = StateAnswered{StateReply{}};
                } else if (const auto* acknowledge = std::get_if<Acknowledge>(&action)) {
                    REQUIRE(journal.acknowledged(acknowledge->journal, acknowledge->seq));
                } else if (const auto* retire = std::get_if<Retire>(&action)) {
                    REQUIRE(journal.retire(retire->journal, retire->seq, retire->reason, retire->kept_apart));
                } else if (const auto* lost = std::get_if<DeclareLost>(&action)) {
                    REQUIRE(journal.declare_lost(lost->journal, lost->first, lost->last, lost->reason));
                } else if (const auto* damage = std::get_if<ReportDamage>(&action)) {
                    REQUIRE(journal.damaged(damage->journal, damage->seq));
                }
            }
        }
        return sent;
    }
    // Looks until nothing is due for a while.
    void drain(const Network& network) {
        for (int idle = 0; idle < 4; now = std::max(now + std::chrono::milliseconds(1), uploader->next_deadline()))
            idle = look(network) ? 0 : idle + 1;
    }
    void restart() { uploader.emplace(upload, random); }
};

} // namespace capsule::uploading
