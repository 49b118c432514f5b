#include "player/app/qr_address.hpp"

#include "playlists/model/directory.hpp"

#include <algorithm>

namespace capsule {

namespace {

std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    std::string host(rest.substr(0, rest.find_first_of("/?#")));
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return host;
}

} // namespace

QrAddress short_link(std::string_view public_url, std::string_view screen_code, std::string_view capsule_code) {
    while (public_url.ends_with('/'))
        public_url.remove_suffix(1);
    std::string url(public_url);
    const auto scheme = url.find("://");
    const std::size_t authority = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(url.find('/', authority), url.size());
    std::transform(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(end), url.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    url += "/Q/" + std::string(screen_code) + std::string(capsule_code);
    return {url, host_of(public_url)};
}

QrAddress directory_address(const Programme& programme, const Site& site, const std::string& theme, const std::string& language) {
    const std::string url = fill_template(directory_template(programme.directory_templates, theme, language), site, theme);
    return {url, host_of(url)};
}

} // namespace capsule
