#include "playlists/server/http/request.hpp"

#include "content/base/encoding.hpp"

namespace capsule::server {

SpooledFile::~SpooledFile() {
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove(m_path, ignored);
}

std::string RequestHead::header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string{} : found->second;
}

std::string RequestHead::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string{} : found->second;
}

std::string RequestHead::cookie(std::string_view name) const {
    const std::string line = header("cookie");
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = line.find(';', at);
        if (end == std::string::npos)
            end = line.size();
        std::string_view pair = std::string_view(line).substr(at, end - at);
        while (pair.starts_with(' '))
            pair.remove_prefix(1);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return std::string(pair.substr(name.size() + 1));
        at = end + 1;
    }
    return {};
}

std::optional<std::vector<std::string>> split_path(std::string_view raw_path) {
    if (!raw_path.starts_with('/'))
        return std::nullopt;
    std::vector<std::string> segments;
    std::size_t at = 1;
    while (at <= raw_path.size()) {
        std::size_t end = raw_path.find('/', at);
        if (end == std::string_view::npos)
            end = raw_path.size();
        std::string segment;
        for (std::size_t i = at; i < end; ++i) {
            if (raw_path[i] != '%') {
                segment += raw_path[i];
                continue;
            }
            const auto byte = i + 2 < end ? from_hex(raw_path.substr(i + 1, 2)) : std::nullopt;
            if (!byte || (*byte)[0] == '/' || (*byte)[0] == '\0')
                return std::nullopt;
            segment += *byte;
            i += 2;
        }
        if (segment == "." || segment == ".." || !is_utf8(segment) || segment.find('\0') != std::string::npos)
            return std::nullopt;
        segments.push_back(std::move(segment));
        at = end + 1;
    }
    if (segments.size() == 1 && segments[0].empty())
        segments.clear();
    return segments;
}

} // namespace capsule::server
