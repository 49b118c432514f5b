// A request's body on its way into a file, hashed as it comes. Thread-bound to the event thread until `finish`.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/server/http/request.hpp"

#include <optional>
#include <string_view>

namespace capsule::server {

class Spool {
public:
    static Result<Spool> create(const Path& file);
    Spool(Spool&& other) noexcept;
    Spool& operator=(Spool&&) = delete;
    ~Spool(); // removes the file unless finished

    Result<void> append(std::string_view bytes);
    // Closes. Nothing is durable yet: whoever keeps the file syncs it.
    SpooledFile finish();

private:
    Spool(int descriptor, Path file) : m_descriptor(descriptor), m_path(std::move(file)) {}
    int m_descriptor;
    Path m_path;
    std::uint64_t m_bytes = 0;
    Sha256 m_hash;
};

} // namespace capsule::server
