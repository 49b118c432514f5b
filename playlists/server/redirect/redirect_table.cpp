#include "playlists/server/redirect/redirect_table.hpp"

#include "content/base/encoding.hpp"
#include "playlists/model/directory.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/server/codes/codes.hpp"

namespace capsule::server {

namespace {

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

Result<RedirectTable> RedirectTable::make(sqlite::Database& database, const Fleet& fleet, const Programme& in_force) {
    RedirectTable table;
    table.m_fleet = fleet;
    CAPSULE_TRY(screens, owners_by_code(database, CodeKind::screen));
    CAPSULE_TRY(capsules, owners_by_code(database, CodeKind::capsule));
    table.m_screens = std::move(screens);
    table.m_capsules = std::move(capsules);
    for (const auto& [id, capsule] : in_force.capsules)
        table.m_known.emplace(id.text(), capsule);
    table.m_templates = in_force.directory_templates;
    return table;
}

Destination RedirectTable::find(std::string_view code) const {
    Destination destination;
    destination.address = general_address(directory_template(m_templates, {}, "fr"));
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
    std::string theme, language = screen->second.languages.empty() ? "fr" : screen->second.languages.front();
    if (const auto capsule = m_capsules.find(normal->substr(3)); capsule != m_capsules.end()) {
        destination.capsule = capsule->second;
        if (const auto known = m_known.find(capsule->second); known != m_known.end()) {
            theme = known->second.theme;
            // As the card beside the code said it.
            if (const auto version = version_for(known->second, screen->second, {}))
                language = known->second.versions[*version].language;
        }
    }
    destination.address = fill_template(directory_template(m_templates, theme, language), site->second, theme);
    return destination;
}

} // namespace capsule::server
