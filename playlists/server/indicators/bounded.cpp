#include "playlists/server/indicators/bounded.hpp"

#include <algorithm>

namespace capsule::server {

Result<std::vector<BoundedShowings>> bounded_showings(sqlite::Database& database) {
    struct Group {
        BoundedShowings bounded;
        std::int64_t first_seq = 0, last_seq = 0;
    };
    std::vector<Group> groups;
    CAPSULE_TRY(select, database.prepare("SELECT journal_id, boot, COUNT(*), SUM(shown_ms), MIN(seq), MAX(seq), MAX(received_ms)"
                                         " FROM ledger_showing WHERE local_day IS NULL AND item='capsule' AND shown_ms>=1"
                                         " GROUP BY journal_id, boot ORDER BY journal_id, MIN(seq)"));
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        groups.push_back({{select.integer(0), select.text(1), select.integer(2), select.integer(3), std::nullopt,
                           instant_from_ms(select.integer(6))},
                          select.integer(4), select.integer(5)});
    }
    CAPSULE_TRY(before, database.prepare("SELECT start_utc_ms-error_ms FROM ledger_showing WHERE journal_id=?1 AND seq<?2"
                                         " AND start_utc_ms IS NOT NULL ORDER BY seq DESC LIMIT 1"));
    CAPSULE_TRY(after, database.prepare("SELECT start_utc_ms+error_ms FROM ledger_showing WHERE journal_id=?1 AND seq>?2"
                                        " AND start_utc_ms IS NOT NULL ORDER BY seq LIMIT 1"));
    std::vector<BoundedShowings> out;
    for (Group& group : groups) {
        before.reset();
        before.bind(1, group.bounded.journal_id);
        before.bind(2, group.first_seq);
        CAPSULE_TRY(has_before, before.step());
        if (has_before)
            group.bounded.not_before = instant_from_ms(before.integer(0));
        after.reset();
        after.bind(1, group.bounded.journal_id);
        after.bind(2, group.last_seq);
        CAPSULE_TRY(has_after, after.step());
        if (has_after)
            group.bounded.not_after = std::min(group.bounded.not_after, instant_from_ms(after.integer(0)));
        out.push_back(std::move(group.bounded));
    }
    return out;
}

} // namespace capsule::server
