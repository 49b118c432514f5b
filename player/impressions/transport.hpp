// What the uploader needs of a connection to the server. Called on the uploader's thread, may take as long as its own time limits.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule {

struct LedgerReply {
    enum class Answer {
        taken,   // 200
        hole,    // 409: rows before the batch are missing there
        refused, // 422: the batch as such will never be taken
    };
    Answer answer = Answer::taken;
    std::int64_t acked = 0;  // the last row of the journal that the server has
    std::int64_t forks = 0;  // rows of the batch that differ from rows it has
    std::int64_t utc_ms = 0; // the server's clock, 0 when it did not say
    std::string problem;     // of hole and refused: the server's words
};

struct StateReply {
    std::int64_t utc_ms = 0;
};

class Transport {
public:
    virtual ~Transport() = default;
    // POST /api/v1/ledger/{journal}, signed. An error (no connection, 401, 403, 5xx, …) means: try again later.
    virtual Result<LedgerReply> send_rows(const std::string& journal, std::string_view ndjson) = 0;
    // POST /api/v1/state, signed.
    virtual Result<StateReply> send_state(std::string_view json) = 0;
    // From any thread: the call under way, and every later one, fails soon. Called when the uploader ends.
    virtual void cancel() {}
};

} // namespace capsule
