#include "player/app/qr_address.hpp"

#include "content/base/identifier.hpp"
#include "playlists/model/communes.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr std::string_view default_template = "https://soliguide.fr/fr/search/{commune}-{postcode}/digital_tools_training";

std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    std::string host(rest.substr(0, rest.find_first_of("/?#")));
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return host;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
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
    const auto& templates = programme.directory_templates;
    auto found = templates.find(language);
    if (found == templates.end())
        found = templates.find("fr");
    std::string url = found == templates.end() ? std::string(default_template) : found->second;
    const Commune* commune = find_commune(site.commune);
    replace_all(url, "{commune}", commune ? suggest_identifier(commune->name) : site.commune);
    replace_all(url, "{insee}", site.commune);
    replace_all(url, "{postcode}", site.postcode);
    replace_all(url, "{theme}", theme);
    return {url, host_of(url)};
}

} // namespace capsule
