// Many sums in few bytes: the cells of one record of `ledger_sum`. Reentrant.
//
// A report of a year adds up some millions of cells. As records of a table each costs the database a microsecond; packed, a
// hundredth of it. (One record per cell was tried: 0.6 to 1.1 s for commune × theme × month.)
//
// A cell is a byte of marks, then what they announce, each number seven bits a byte, lowest first:
//   bits 0–2 evidence · bit 3: another day than the cell before, the day follows · bit 4: another hour, the hour + 1 follows ·
//   bit 5: scans, last · bit 6: as many diffusions as rows, else the rows come before the diffusions · bit 7: all complete, else
//   how many comes after them
// then the capsule's number, diffusions, shown_ms, frames_due, frames_due − frames_shown (negative: in 64 bits).
#pragma once

#include "content/base/result.hpp"
#include "playlists/server/ledger/sums.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// `none` is that of scans. The numbers stand in files.
enum class Evidence : std::uint8_t { none = 0, scheduled = 1, presented = 2, panel_on = 3, panel_off = 4 };
// "" , "scheduled", "presented", "panel-on", "panel-off"; anything else is `presented`, which claims least beyond a frame shown.
Evidence parse_evidence(std::string_view text);

// What a grain does not tell apart is 0 (hour: -1).
struct CellKey {
    std::uint8_t day = 0; // of the month
    std::int8_t hour = -1;
    std::uint32_t capsule = 0; // its number, `capsule_numbers.hpp`
    Evidence evidence = Evidence::none;
    auto operator<=>(const CellKey&) const = default;
};

struct Cell {
    CellKey key;
    Sums sums;
    bool operator==(const Cell&) const = default;
};

// Ascending by key, each key once, none that is all zero.
std::string pack(const std::vector<Cell>& cells);
// Empty where the bytes are none that `pack` makes.
std::optional<std::vector<Cell>> unpack(std::string_view bytes);
// Sorts, puts equal keys together and leaves out what comes to nothing.
void settle(std::vector<Cell>& cells);
// What to say of a record of `ledger_sum` that cannot be unpacked.
Error unreadable_sums(std::int64_t grain, std::int64_t period, std::string_view place);

// Reads cell after cell without making anything.
class CellReader {
public:
    // The bytes must outlive it.
    explicit CellReader(std::string_view bytes)
        : m_at(reinterpret_cast<const unsigned char*>(bytes.data())), m_end(m_at + bytes.size()) {}

    // False at the end, or where the bytes are none: see `whole`.
    bool next();
    // After `next` said false: whether all was read.
    bool whole() const { return m_whole; }
    const Cell& cell() const { return m_cell; }

private:
    bool take(std::int64_t& number);
    bool broken() { return m_whole = false; }

    const unsigned char* m_at;
    const unsigned char* m_end;
    Cell m_cell;
    bool m_whole = true;
};

inline bool CellReader::take(std::int64_t& number) {
    if (m_at == m_end)
        return false;
    if (*m_at < 0x80) {
        number = *m_at++;
        return true;
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && m_at != m_end; shift += 7) {
        const unsigned char byte = *m_at++;
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if (byte < 0x80) {
            number = static_cast<std::int64_t>(value);
            return true;
        }
    }
    return false;
}

inline bool CellReader::next() {
    if (m_at == m_end)
        return false;
    const unsigned marks = *m_at++;
    CellKey& key = m_cell.key;
    Sums& sums = m_cell.sums;
    if ((marks & 7u) > static_cast<unsigned>(Evidence::panel_off))
        return broken();
    key.evidence = static_cast<Evidence>(marks & 7u);
    std::int64_t number = 0;
    if (marks & 8u) {
        if (!take(number) || number > 31)
            return broken();
        key.day = static_cast<std::uint8_t>(number);
    }
    if (marks & 16u) {
        if (!take(number) || number > 24)
            return broken();
        key.hour = static_cast<std::int8_t>(number - 1);
    }
    if (!take(number) || number < 0 || number > 0xffff'ffff)
        return broken();
    key.capsule = static_cast<std::uint32_t>(number);
    if (!(marks & 64u) && !take(sums.rows))
        return broken();
    if (!take(sums.showings))
        return broken();
    if (marks & 64u)
        sums.rows = sums.showings;
    if (marks & 128u)
        sums.complete = sums.showings;
    else if (!take(sums.complete))
        return broken();
    if (!take(sums.shown_ms) || !take(sums.frames_due) || !take(number))
        return broken();
    sums.frames_shown = sums.frames_due - number;
    sums.scans = 0;
    return (marks & 32u) && !take(sums.scans) ? broken() : true;
}

} // namespace capsule::server
