// What showings add up to, and what one showing adds. Reentrant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule::server {

struct Sums {
    std::int64_t rows = 0; // showings of any item; what follows counts diffusions only
    std::int64_t showings = 0, complete = 0, shown_ms = 0, frames_due = 0, frames_shown = 0;
    std::int64_t scans = 0;

    bool operator==(const Sums&) const = default;
    Sums& operator+=(const Sums& other);
    Sums operator-() const;
};

// One more or one less of a showing; what it adds is decided here, and once more in SQL below.
Sums sums_of_showing(std::string_view item, std::string_view ending, std::int64_t shown_ms, std::int64_t frames_due,
                     std::int64_t frames_shown);

// A SELECT of what each showing in `ledger_showing` that has a place in time adds: local_day, local_hour, screen, site, capsule,
// evidence, then the six sums by the names of `hour_columns`. `where`: one more condition, or empty.
std::string each_showing_as_sums(std::string_view where);

// "local_day,local_hour,screen,site,capsule,evidence,showing_rows,…": the columns of `ledger_hour` and `ledger_hour_dropped`.
std::string_view hour_columns();
// "showing_rows,showings,complete,shown_ms,frames_due,frames_shown".
std::string_view sum_columns();
// "SUM(showing_rows),…", and "showing_rows=showing_rows+excluded.showing_rows,…" for what is there already.
std::string_view summed_columns();
std::string_view added_columns();

} // namespace capsule::server
