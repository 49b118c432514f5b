// The console's folder and the visitors' page as responses. Thread-safe; blocks on disk.
#pragma once

#include "content/base/disk.hpp"
#include "playlists/server/http/request.hpp"
#include "playlists/server/http/response.hpp"

#include <string>
#include <vector>

namespace capsule::server {

class Pages {
public:
    // `folder` holds index.html, visitors.html and assets/; it may be absent.
    explicit Pages(Path folder) : m_folder(std::move(folder)) {}

    // `below`: the segments after /console.
    Response console(const RequestHead& head, const std::vector<std::string>& below) const;
    Response visitors(const RequestHead& head) const;

private:
    Response page(const RequestHead& head, const Path& file, std::string_view otherwise) const;

    const Path m_folder;
};

} // namespace capsule::server
