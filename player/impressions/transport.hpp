// What the uploader needs of a connection to the server. Called on the uploader's thread, may take as long as its own time limits.
#pragma once

#include "content/base/result.hpp"
#include "playlists/client/rows_reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule {

struct StateReply {
    std::int64_t utc_ms = 0;
};

class Transport {
public:
    virtual ~Transport() = default;
    // POST /api/v1/ledger/{journal}, signed. An error (no connection, 401, 403, 5xx, …) means: try again later.
    virtual Result<client::RowsReply> send_rows(const std::string& journal, std::string_view ndjson) = 0;
    // POST /api/v1/state, signed.
    virtual Result<StateReply> send_state(std::string_view json) = 0;
    // From any thread: the call under way, and every later one, fails soon. Called when the uploader ends.
    virtual void cancel() {}
};

} // namespace capsule
