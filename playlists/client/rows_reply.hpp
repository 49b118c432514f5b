// What the server said to a batch of rows. A value; reentrant.
#pragma once

#include <cstdint>
#include <string>

namespace capsule::client {

struct RowsReply {
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

} // namespace capsule::client
