#include "playlists/server/ledger/packed_sums.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace capsule::server {

namespace {

void put(std::string& out, std::int64_t number) {
    auto rest = static_cast<std::uint64_t>(number);
    for (; rest >= 0x80; rest >>= 7)
        out += static_cast<char>((rest & 0x7f) | 0x80);
    out += static_cast<char>(rest);
}

} // namespace

Evidence parse_evidence(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Evidence>, 4> all{{{"", Evidence::none},
                                                                        {"scheduled", Evidence::scheduled},
                                                                        {"panel-on", Evidence::panel_on},
                                                                        {"panel-off", Evidence::panel_off}}};
    for (const auto& [name, evidence] : all)
        if (text == name)
            return evidence;
    return Evidence::presented;
}

std::string pack(const std::vector<Cell>& cells) {
    std::string out;
    CellKey last;
    for (const Cell& cell : cells) {
        const Sums& sums = cell.sums;
        const bool day = cell.key.day != last.day, hour = cell.key.hour != last.hour;
        const unsigned marks = static_cast<unsigned>(cell.key.evidence) | (day ? 8u : 0u) | (hour ? 16u : 0u) |
                               (sums.scans != 0 ? 32u : 0u) | (sums.rows == sums.showings ? 64u : 0u) |
                               (sums.complete == sums.showings ? 128u : 0u);
        out += static_cast<char>(marks);
        if (day)
            put(out, cell.key.day);
        if (hour)
            put(out, cell.key.hour + 1);
        put(out, cell.key.capsule);
        if (sums.rows != sums.showings)
            put(out, sums.rows);
        put(out, sums.showings);
        if (sums.complete != sums.showings)
            put(out, sums.complete);
        put(out, sums.shown_ms);
        put(out, sums.frames_due);
        put(out, sums.frames_due - sums.frames_shown);
        if (sums.scans != 0)
            put(out, sums.scans);
        last = cell.key;
    }
    return out;
}

std::optional<std::vector<Cell>> unpack(std::string_view bytes) {
    std::vector<Cell> out;
    CellReader reader(bytes);
    while (reader.next())
        out.push_back(reader.cell());
    if (!reader.whole())
        return std::nullopt;
    return out;
}

void settle(std::vector<Cell>& cells) {
    std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.key < b.key; });
    std::size_t kept = 0;
    for (std::size_t at = 0; at < cells.size();) {
        Cell cell = cells[at];
        for (++at; at < cells.size() && cells[at].key == cell.key; ++at)
            cell.sums += cells[at].sums;
        if (cell.sums != Sums{})
            cells[kept++] = cell;
    }
    cells.resize(kept);
}

Error unreadable_sums(std::int64_t grain, std::int64_t period, std::string_view place) {
    return {Category::invalid, "the sums of grain " + std::to_string(grain) + ", period " + std::to_string(period) + ", place \"" +
                                   std::string(place) +
                                   "\" in server.db cannot be read: set ledger_derived.version to 0 and start the server again, which "
                                   "makes them anew from the rows"};
}

} // namespace capsule::server
