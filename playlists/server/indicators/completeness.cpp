#include "playlists/server/indicators/completeness.hpp"

#include "playlists/schedule/hours.hpp"
#include "playlists/server/ledger/coverage.hpp"
#include "playlists/server/ledger/local_hour.hpp"
#include "playlists/server/ledger/spans.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace capsule::server {

namespace {

constexpr std::int64_t day_s = 86'400;

constexpr std::int64_t block_s = coverage_block_days * day_s;

// The open spans of a period, by block of coverage, in seconds of that block.
struct OpenBlocks {
    std::int64_t first = 0;
    std::vector<Spans> blocks;
};

OpenBlocks open_blocks(const ExpectedScreen& screen, std::int64_t from, std::int64_t to, Instant now) {
    const Zone zone(screen.zone);
    OpeningHours hours;
    if (auto parsed = parse_hours(screen.hours.empty() ? "24/7" : screen.hours))
        hours = *std::move(parsed);
    else
        hours = *parse_hours("24/7");
    const LocalDay first = *capsule::parse_day(day_text(from)), last = *capsule::parse_day(day_text(to));
    const std::int64_t until = to_ms(now) / 1000;
    OpenBlocks out;
    out.first = (to_ms(zone.instant(first)) / 1000 - day_s) / block_s;
    for (const LocalSpan& span : open_spans(hours, first, static_cast<int>((last - first).count()) + 1)) {
        std::int64_t at = to_ms(zone.instant(span.from)) / 1000;
        const std::int64_t end = std::min(to_ms(zone.instant(span.until)) / 1000, until);
        while (at < end) {
            const std::int64_t block = at / block_s, start = block * block_s, stop = std::min(end, start + block_s);
            const auto index = static_cast<std::size_t>(block - out.first);
            if (index >= out.blocks.size())
                out.blocks.resize(index + 1);
            out.blocks[index].add({at - start, stop - start});
            at = stop;
        }
    }
    return out;
}

} // namespace

Result<OpeningTime> opening_time(sqlite::Database& database, const std::vector<ExpectedScreen>& screens, std::int64_t from,
                                 std::int64_t to, Instant now) {
    OpeningTime out;
    std::map<std::pair<std::string, std::string>, OpenBlocks> known; // by hours and zone
    CAPSULE_TRY(select, database.prepare("SELECT utc_block, proven, off FROM ledger_coverage WHERE screen=?1 AND utc_block>=?2"
                                         " AND utc_block<?3"));
    for (const ExpectedScreen& screen : screens) {
        auto found = known.find({screen.hours, screen.zone});
        if (found == known.end())
            found = known.emplace(std::pair(screen.hours, screen.zone), open_blocks(screen, from, to, now)).first;
        const OpenBlocks& open = found->second;
        const std::int64_t since = to_ms(screen.since) / 1000;
        // The day on which the machine was enrolled counts from then on; the days before not at all.
        const auto expected = [&](std::int64_t block, Spans& cut) -> const Spans& {
            const Spans& spans = open.blocks[static_cast<std::size_t>(block - open.first)];
            if (since <= block * block_s)
                return spans;
            return cut = spans.within(Spans({{std::min(since - block * block_s, block_s), block_s}}));
        };
        const std::int64_t first = std::max(open.first, since / block_s),
                           end = open.first + static_cast<std::int64_t>(open.blocks.size());
        std::int64_t open_s = 0, proven_s = 0, off_s = 0;
        Spans cut;
        for (std::int64_t block = first; block < end; ++block)
            open_s += expected(block, cut).total();
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
            const Spans off = Spans::decode(select.view(2)).within(spans);
            const auto [proven, proven_while_off] = Spans::encoded_within(select.view(1), spans, off);
            proven_s += proven;
            off_s += off.total() - proven_while_off;
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
