// Takes a batch of rows from a screen, exactly once. Reentrant: works on the caller's connection, in one transaction of its own.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// The headers by which the device signed the request, kept beside the rows: with the rows' bytes they show who sent them.
struct BatchEvidence {
    std::string content_digest, counter, signature_input, signature;
};

struct IncomingBatch {
    std::string device;  // that signed the request
    std::string journal; // of the request's path
    std::string_view ndjson;
    BatchEvidence evidence;
    Instant received_at{};
};

struct BatchOutcome {
    std::int64_t acked = 0;          // the last row of this journal that is kept
    std::vector<std::int64_t> forks; // numbers of rows that differ from the kept ones; they are kept apart
    enum class Problem {
        none,
        hole,    // 409: the batch begins after acked + 1
        invalid, // 422: unreadable, alien or broken; nothing of it is kept
    };
    Problem problem = Problem::none;
    std::int64_t seq = 0; // of the row that is invalid, 0 when it has no number
    std::string reason;
};

// The screen may send any rows from any number up to acked + 1 on, as often as it likes: what is there already is compared, what
// differs is kept as a fork (and all that is chained to it), what is new continues the chain and is placed in time; so is what had been
// declared lost and comes all the same (late_rows.hpp). An error means
// that the database failed and nothing was changed.
Result<BatchOutcome> accept_batch(sqlite::Database& database, const IncomingBatch& batch, const SiteZones& zones);

} // namespace capsule::server
