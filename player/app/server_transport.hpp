// The uploader's connection to the server.
#pragma once

#include "content/base/random.hpp"
#include "content/lib/curl/session.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "player/impressions/transport.hpp"
#include "playlists/client/request_counter.hpp"

#include <memory>
#include <string>

namespace capsule {

// Signed requests by `key`, counted by `counter`. All references outlive it.
std::unique_ptr<Transport> make_server_transport(const std::string& server, const SecretKey& key, client::RequestCounter& counter,
                                                 Random& random, const http::Settings& http);

} // namespace capsule
