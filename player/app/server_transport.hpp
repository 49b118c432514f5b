// The uploader's connection to the server.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/lib/curl/session.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "player/impressions/transport.hpp"

#include <memory>
#include <string>

namespace capsule {

// Signed requests by `key`; their counter is kept in `store`. All references outlive it.
std::unique_ptr<Transport> make_server_transport(const std::string& server, const SecretKey& key, Disk& disk, const Path& store,
                                                 Random& random, const http::Settings& http);

} // namespace capsule
