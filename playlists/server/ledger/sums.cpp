#include "playlists/server/ledger/sums.hpp"

namespace capsule::server {

Sums& Sums::operator+=(const Sums& other) {
    rows += other.rows;
    showings += other.showings;
    complete += other.complete;
    shown_ms += other.shown_ms;
    frames_due += other.frames_due;
    frames_shown += other.frames_shown;
    scans += other.scans;
    return *this;
}

Sums Sums::operator-() const {
    return {-rows, -showings, -complete, -shown_ms, -frames_due, -frames_shown, -scans};
}

Sums sums_of_showing(std::string_view item, std::string_view ending, std::int64_t shown_ms, std::int64_t frames_due,
                     std::int64_t frames_shown) {
    if (item != "capsule" || shown_ms < 1)
        return {1, 0, 0, 0, 0, 0, 0};
    return {1, 1, ending == "complete" ? 1 : 0, shown_ms, frames_due, frames_shown, 0};
}

std::string each_showing_as_sums(std::string_view where) {
    std::string sql = "SELECT local_day,local_hour,screen,site,CASE WHEN item='capsule' THEN capsule ELSE '' END AS capsule,evidence,"
                      "1 AS showing_rows";
    constexpr const char* diffusion = ",CASE WHEN item='capsule' AND shown_ms>=1 ";
    sql += std::string(diffusion) + "THEN 1 ELSE 0 END AS showings";
    sql += std::string(diffusion) + "AND ending='complete' THEN 1 ELSE 0 END AS complete";
    for (const char* column : {"shown_ms", "frames_due", "frames_shown"})
        sql += std::string(diffusion) + "THEN " + column + " ELSE 0 END AS " + column;
    sql += " FROM ledger_showing WHERE local_day IS NOT NULL";
    if (!where.empty())
        sql += " AND " + std::string(where);
    return sql;
}

std::string_view hour_columns() {
    return "local_day,local_hour,screen,site,capsule,evidence,showing_rows,showings,complete,shown_ms,frames_due,frames_shown";
}

std::string_view sum_columns() {
    return "showing_rows,showings,complete,shown_ms,frames_due,frames_shown";
}

std::string_view summed_columns() {
    return "SUM(showing_rows),SUM(showings),SUM(complete),SUM(shown_ms),SUM(frames_due),SUM(frames_shown)";
}

std::string_view added_columns() {
    return "showing_rows=showing_rows+excluded.showing_rows, showings=showings+excluded.showings,"
           " complete=complete+excluded.complete, shown_ms=shown_ms+excluded.shown_ms,"
           " frames_due=frames_due+excluded.frames_due, frames_shown=frames_shown+excluded.frames_shown";
}

} // namespace capsule::server
