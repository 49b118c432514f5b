#include "playlists/server/ledger/scans.hpp"

#include "playlists/server/ledger/rollups.hpp"

namespace capsule::server {

Result<void> count_scans(sqlite::Database& database, std::span<const CountedScan> scans) {
    RollUps sums{Instant{}};
    CAPSULE_TRY(
        upsert,
        database.prepare("INSERT INTO scan_count(screen_code,site,capsule,local_day,local_hour,scans) VALUES(?1,?2,?3,?4,?5,?6)"
                         " ON CONFLICT(screen_code,site,capsule,local_day,local_hour) DO UPDATE SET scans=scan_count.scans+?6"));
    for (const CountedScan& counted : scans) {
        const LocalHour hour = local_hour(counted.scan.zone, counted.at);
        upsert.bind(1, counted.scan.screen_code);
        upsert.bind(2, counted.scan.site.text());
        upsert.bind(3, counted.scan.capsule.text());
        upsert.bind(4, hour.day);
        upsert.bind(5, hour.hour);
        upsert.bind(6, counted.times);
        CAPSULE_CHECK(upsert.run());
        sums.scans(hour.day, hour.hour, counted.scan.site.text(), counted.scan.capsule.text(), counted.times);
    }
    return sums.write(database, "");
}

Result<void> count_scan(sqlite::Database& database, const Scan& scan, Instant now) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    const CountedScan one{scan, now, 1};
    CAPSULE_CHECK(count_scans(database, std::span(&one, 1)));
    return transaction.commit();
}

} // namespace capsule::server
