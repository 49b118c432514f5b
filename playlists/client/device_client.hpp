// A screen's requests to the server, signed with its key. Thread-bound: one call at a time; its counter may be shared.
// Errors: refused when the server does not know the key any more or this build's requests, io and timeout when trying again may
// help.
#pragma once

#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/curl/session.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "playlists/client/request_counter.hpp"
#include "playlists/client/rows_reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule::client {

// What the server says to a machine that asks for a screen.
struct Announced {
    enum class State { waiting, enrolled, revoked };
    State state = State::waiting;
    std::string code;    // waiting: eight letters and digits for somebody to type
    std::string console; // waiting: where; empty: at the address that this client uses
    std::string root;    // enrolled: root.json of the release
    std::string screen;  // enrolled
    // Waiting: why the token that was brought does not count ("unknown", "used", "expired", "served"), and in words; empty: none was, or it does.
    std::string token_refused, token_detail;
};

class DeviceClient {
public:
    // `counter` and `random` outlive the client.
    DeviceClient(std::string address, SecretKey key, RequestCounter& counter, Random& random, http::Settings settings = {});

    // POST /api/v1/ledger/{journal}: rows, one per line.
    Result<RowsReply> send_rows(const std::string& journal, std::string_view rows);
    // POST /api/v1/state. The server's clock in milliseconds of Unix time.
    Result<std::int64_t> send_state(std::string_view json);

    // POST /api/v1/enrolments. Missing: no server of ours is at this address (a release may be plain files). Io: try again.
    // `token`: brought on a stick; empty: none.
    Result<Announced> announce(const std::string& token = {});

    // Any signed POST; when the server has counted further (this store was restored), once more above its number. `path` is without query.
    Result<http::Response> post(const std::string& path, const std::string& content_type, std::string_view body);

private:
    Result<http::Response> post_once(const std::string& path, const std::string& content_type, std::string_view body);

    const std::string m_address;
    const SecretKey m_key;
    RequestCounter& m_counter;
    Random& m_random;
    http::Session m_session;
};

} // namespace capsule::client
