#include "playlists/server/api/services.hpp"

#include "playlists/model/programme.hpp"

namespace capsule::server {

Result<void> Services::refresh_redirects(sqlite::Database& connection) const {
    CAPSULE_TRY(registered, fleet.fleet(connection));
    Programme in_force;
    if (release.next_number(DocumentKind::programme) > 1) {
        CAPSULE_TRY(text, release.current(DocumentKind::programme));
        CAPSULE_TRY(programme, parse_programme(text));
        in_force = std::move(programme);
    }
    CAPSULE_TRY(table, RedirectTable::make(connection, registered, in_force));
    redirector.use(std::move(table));
    return {};
}

} // namespace capsule::server
