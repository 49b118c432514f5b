#include "playlists/server/api/route_table.hpp"

#include "content/base/identifier.hpp"
#include "playlists/release/index.hpp"
#include "playlists/release/patch.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

bool is_lower_hex(std::string_view text, std::size_t length) {
    return text.size() == length &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_alphanumeric(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

// Whether a path's segment can be what the parameter's name stands for.
bool fits(const std::string& name, const std::string& value) {
    if (name == "id")
        return is_identifier(value);
    if (name == "sha256")
        return is_lower_hex(value, 64);
    if (name == "device")
        return is_lower_hex(value, 16);
    if (name == "journal" || name == "upload" || name == "job")
        return is_lower_hex(value, 32);
    if (name == "document")
        return parse_document_file_name(value) || parse_metadata_file_name(value) || parse_patch_file_name(value);
    if (name == "login")
        return !value.empty() && value.size() <= 64;
    if (name == "number")
        return !value.empty() && value.size() <= 12 && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (name == "code")
        return is_alphanumeric(value, 32);
    return false;
}

bool is_parameter(const std::string& part) {
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

// Whether the segments have the pattern's shape; parameters are filled, and `unfit` names the first value of the wrong form.
bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments, PathParameters& parameters,
             std::string& unfit) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "{rest}") {
            std::string rest;
            for (std::size_t s = i; s < segments.size(); ++s)
                rest += (s > i ? "/" : "") + segments[s];
            parameters["rest"] = rest;
            return true;
        }
        if (i >= segments.size())
            return false;
        if (!is_parameter(pattern[i])) {
            if (pattern[i] != segments[i])
                return false;
            continue;
        }
        const std::string name = pattern[i].substr(1, pattern[i].size() - 2);
        if (!fits(name, segments[i]) && unfit.empty())
            unfit = name;
        parameters[name] = segments[i];
    }
    return segments.size() == pattern.size();
}

} // namespace

void RouteTable::add(Route route) {
    route.access = find_access(route.method, route.pattern);
    std::vector<std::string> pattern;
    for (std::size_t at = 1; at < route.pattern.size();) {
        const std::size_t end = std::min(route.pattern.find('/', at), route.pattern.size());
        pattern.push_back(route.pattern.substr(at, end - at));
        at = end + 1;
    }
    m_patterns.push_back(std::move(pattern));
    m_routes.push_back(std::move(route));
}

RouteTable::Match RouteTable::find(const std::string& method, const std::vector<std::string>& segments) const {
    Match match;
    const auto allow = [&](const std::string& name) { match.allowed += (match.allowed.empty() ? "" : ", ") + name; };
    for (std::size_t i = 0; i < m_routes.size(); ++i) {
        PathParameters parameters;
        std::string unfit;
        if (!matches(m_patterns[i], segments, parameters, unfit))
            continue;
        if (!unfit.empty()) {
            if (unfit == "id")
                match.malformed = "\"" + parameters[unfit] + "\" is not an identifier: use 1 to 64 of a-z, 0-9 and hyphen";
            continue;
        }
        const Route& route = m_routes[i];
        allow(route.method);
        if (route.method == "GET")
            allow("HEAD");
        if (!match.route && (route.method == method || (route.method == "GET" && method == "HEAD"))) {
            match.route = &route;
            match.parameters = std::move(parameters);
        }
    }
    return match;
}

} // namespace capsule::server
