#include "playlists/server/indicators/completeness.hpp"

#include "playlists/schedule/hours.hpp"
#include "playlists/server/ledger/local_hour.hpp"
#include "playlists/server/ledger/spans.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace capsule::server {

namespace {

constexpr std::int64_t day_s = 86'400;

// The open spans of a period, by UTC day, in seconds of that day.
struct OpenDays {
    std::int64_t first_day = 0;
    std::vector<Spans> days;
};

OpenDays open_days(const ExpectedScreen& screen, std::int64_t from, std::int64_t to, Instant now) {
    const Zone zone(screen.zone);
    OpeningHours hours;
    if (auto parsed = parse_hours(screen.hours.empty() ? "24/7" : screen.hours))
        hours = *std::move(parsed);
    else
        hours = *parse_hours("24/7");
    const LocalDay first = *capsule::parse_day(day_text(from)), last = *capsule::parse_day(day_text(to));
    const std::int64_t until = to_ms(now) / 1000;
    OpenDays out;
    out.first_day = to_ms(zone.instant(first)) / 1000 / day_s - 1;
    out.days.resize(static_cast<std::size_t>((last - first).count()) + 4);
    for (const LocalSpan& span : open_spans(hours, first, static_cast<int>((last - first).count()) + 1)) {
        std::int64_t at = to_ms(zone.instant(span.from)) / 1000;
        const std::int64_t end = std::min(to_ms(zone.instant(span.until)) / 1000, until);
        while (at < end) {
            const std::int64_t day = at / day_s, stop = std::min(end, (day + 1) * day_s);
            const auto index = static_cast<std::size_t>(day - out.first_day);
            if (index < out.days.size())
                out.days[index].add({at - day * day_s, stop - day * day_s});
            at = stop;
        }
    }
    return out;
}

} // namespace

Result<OpeningTime> opening_time(sqlite::Database& database, const std::vector<ExpectedScreen>& screens, std::int64_t from,
                                 std::int64_t to, Instant now) {
    OpeningTime out;
    std::map<std::pair<std::string, std::string>, OpenDays> known; // by hours and zone
    CAPSULE_TRY(select, database.prepare(
                            "SELECT utc_day, proven, off FROM ledger_coverage WHERE screen=?1 AND utc_day>=?2 AND utc_day<?3"));
    for (const ExpectedScreen& screen : screens) {
        auto found = known.find({screen.hours, screen.zone});
        if (found == known.end())
            found = known.emplace(std::pair(screen.hours, screen.zone), open_days(screen, from, to, now)).first;
        const OpenDays& open = found->second;
        const std::int64_t since = to_ms(screen.since) / 1000;
        // The day on which the machine was enrolled counts from then on; the days before not at all.
        const auto expected = [&](std::int64_t day, Spans& cut) -> const Spans& {
            const Spans& spans = open.days[static_cast<std::size_t>(day - open.first_day)];
            if (since <= day * day_s)
                return spans;
            return cut = spans.within(Spans({{std::min(since - day * day_s, day_s), day_s}}));
        };
        const std::int64_t first = std::max(open.first_day, since / day_s),
                           end = open.first_day + static_cast<std::int64_t>(open.days.size());
        std::int64_t open_s = 0, proven_s = 0, off_s = 0;
        Spans cut;
        for (std::int64_t day = first; day < end; ++day)
            open_s += expected(day, cut).total();
        if (open_s == 0)
            continue;
        select.bind(1, screen.screen);
        select.bind(2, first);
        select.bind(3, end);
        for (;;) {
            CAPSULE_TRY(there, select.step());
            if (!there)
                break;
            const Spans& spans = expected(select.integer(0), cut);
            if (spans.empty())
                continue;
            proven_s += Spans::encoded_within(select.view(1), spans);
            if (const std::string_view off = select.view(2); !off.empty())
                off_s += Spans::decode(off).minus(Spans::decode(select.view(1))).within(spans).total();
        }
        select.reset();
        ++out.screens;
        out.open_ms += open_s * 1000;
        out.proven_ms += proven_s * 1000;
        out.off_ms += off_s * 1000;
    }
    return out;
}

} // namespace capsule::server
