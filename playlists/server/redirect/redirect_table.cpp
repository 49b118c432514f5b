#include "playlists/server/redirect/redirect_table.hpp"

#include "content/base/encoding.hpp"
#include "playlists/model/communes.hpp"
#include "playlists/server/codes/codes.hpp"

namespace capsule::server {

namespace {

// A value in an address: RFC 3986's unreserved characters as they are.
std::string percent_encode(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

// The template up to its first placeholder's folder: a general page where no site is known.
std::string general_address(std::string_view text) {
    const std::size_t open = text.find('{');
    if (open == std::string_view::npos)
        return std::string(text);
    const std::size_t host = text.find("://");
    const std::size_t root = host == std::string_view::npos ? std::string_view::npos : text.find('/', host + 3);
    if (root == std::string_view::npos || root >= open)
        return {};
    return std::string(text.substr(0, root + 1));
}

} // namespace

std::string fill_template(std::string_view text, const Site& site, std::string_view theme) {
    const Commune* commune = find_commune(site.commune);
    std::string address(text);
    replace_all(address, "{commune}", percent_encode(commune ? suggest_identifier(commune->name) : site.commune));
    replace_all(address, "{insee}", percent_encode(site.commune));
    replace_all(address, "{postcode}",
                percent_encode(!site.postcode.empty() ? std::string_view(site.postcode)
                               : commune              ? commune->postcode
                                                      : std::string_view{}));
    replace_all(address, "{theme}", percent_encode(theme));
    return address;
}

Result<RedirectTable> RedirectTable::make(sqlite::Database& database, const Fleet& fleet, const Programme& in_force) {
    RedirectTable table;
    table.m_fleet = fleet;
    CAPSULE_TRY(screens, owners_by_code(database, CodeKind::screen));
    CAPSULE_TRY(capsules, owners_by_code(database, CodeKind::capsule));
    table.m_screens = std::move(screens);
    table.m_capsules = std::move(capsules);
    for (const auto& [id, capsule] : in_force.capsules)
        table.m_themes.emplace(id.text(), capsule.theme);
    const auto french = in_force.directory_templates.find("fr");
    table.m_template = french == in_force.directory_templates.end() ? default_template : french->second;
    return table;
}

Destination RedirectTable::find(std::string_view code) const {
    Destination destination;
    destination.address = general_address(m_template);
    const auto normal = normalise_crockford(code);
    if (!normal || normal->size() != 6)
        return destination;
    const auto screen_id = m_screens.find(normal->substr(0, 3));
    if (screen_id == m_screens.end())
        return destination;
    const auto parsed = ScreenId::parse(screen_id->second);
    const auto screen = parsed ? m_fleet.screens.find(*parsed) : m_fleet.screens.end();
    const auto site = screen == m_fleet.screens.end() ? m_fleet.sites.end() : m_fleet.sites.find(screen->second.site);
    if (site == m_fleet.sites.end())
        return destination; // the screen was removed
    destination.screen_code = normal->substr(0, 3);
    destination.zone = site->second.zone;
    destination.site = site->first.text();
    std::string theme;
    if (const auto capsule = m_capsules.find(normal->substr(3)); capsule != m_capsules.end()) {
        destination.capsule = capsule->second;
        const auto known = m_themes.find(capsule->second);
        theme = known == m_themes.end() ? std::string{} : known->second;
    }
    destination.address = fill_template(m_template, site->second, theme);
    return destination;
}

} // namespace capsule::server
