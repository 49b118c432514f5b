// A server, mirror or any web server with a release's files. Thread-safe, see source.hpp.
#pragma once

#include "content/lib/curl/session.hpp"
#include "playlists/sync/source.hpp"

#include <mutex>

namespace capsule::sync {

class HttpSource final : public ReleaseSource {
public:
    // The ceiling of `settings` holds for blobs; the release's small files come as fast as they can. `address` is "http://HOST:PORT", with or without a path before /release.
    HttpSource(std::string address, const http::Settings& settings);

    std::string name() const override { return m_address; }
    Result<FetchedFile> file(const std::string& name, const std::string& etag, std::uint64_t most) override;
    Result<void> blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) override;

private:
    const std::string m_address;
    std::mutex m_file_mutex, m_blob_mutex;
    http::Session m_files; // guarded by m_file_mutex
    http::Session m_blobs; // guarded by m_blob_mutex
};

} // namespace capsule::sync
