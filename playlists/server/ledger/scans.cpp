#include "playlists/server/ledger/scans.hpp"

namespace capsule::server {

Result<void> count_scan(sqlite::Database& database, const Scan& scan, Instant now) {
    const LocalHour hour = local_hour(scan.zone, now);
    CAPSULE_TRY(upsert, database.prepare("INSERT INTO scan_count(screen_code,site,capsule,local_day,local_hour,scans) VALUES(?1,?2,?3,?4,?5,1)"
                                         " ON CONFLICT(screen_code,site,capsule,local_day,local_hour) DO UPDATE SET scans=scan_count.scans+1"));
    upsert.bind(1, scan.screen_code);
    upsert.bind(2, scan.site.text());
    upsert.bind(3, scan.capsule.text());
    upsert.bind(4, hour.day);
    upsert.bind(5, hour.hour);
    return upsert.run();
}

} // namespace capsule::server
