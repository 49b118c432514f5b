// Puts cells together into the rows of a report. One thread.
//
// A year has millions of cells and a report some thousands of rows: site, capsule and time are turned into numbers once per record,
// and a cell finds its row by one number made of theirs.
#pragma once

#include "playlists/server/indicators/dimension.hpp"
#include "playlists/server/indicators/figures.hpp"
#include "playlists/server/ledger/packed_sums.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace capsule::server {

class Groups {
public:
    using Number = std::uint32_t;

    // `labels` must outlive it.
    Groups(const Dimensions& by, const Labels& labels, bool scans_measured);

    // What rows are told apart by, of a site, a capsule or a time: sites of the same commune have one number where only the commune
    // is told. 0 where the dimensions do not ask.
    Number place(std::string_view site);
    Number content(std::string_view capsule);
    Number time(std::int64_t period); // 20261122, or 202611 where days are not told apart

    void add(Number place, Number content, Number time, std::int64_t hour, Evidence evidence, const Sums& sums);

    std::int64_t received_rows() const { return m_received; }
    struct Row {
        std::vector<std::string> keys; // in the order of the dimensions
        ReportFigures figures;
    };
    // More rows than these are nobody's to read, and would take the server's memory: what is beyond is not counted, and this says so.
    static constexpr std::size_t most_rows = 500'000;
    bool too_many() const { return m_too_many; }
    // By their keys, rising. Rows in which nothing was shown and no link used are none.
    std::vector<Row> rows() const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    // What is known of one of the three: the keys that it has in each dimension, by number.
    struct Part {
        std::vector<std::vector<std::string>> keys;
        std::unordered_map<std::string, Number, Hash, std::equal_to<>> by_keys, by_text;
        std::unordered_map<std::int64_t, Number> by_time;
    };
    struct Group {
        std::uint64_t id = 0;
        ReportFigures figures;
    };
    static constexpr Number none = 0xffff'ffff;
    static constexpr unsigned hour_bits = 5, time_bits = 19, content_bits = 20;

    // Where to look for a group first. The place stands in the upper bits of an id, which a product alone would not bring down.
    static std::size_t slot_of(std::uint64_t id) { return ((id ^ id >> 32) * 0x9e37'79b9'7f4a'7c15u) >> 32; }
    static Number number_of(Part& part, std::vector<std::string> keys);
    Group& group_of(std::uint64_t id);
    void grow();

    const Dimensions& m_by;
    const Labels& m_labels;
    const bool m_scans_measured;
    Part m_places, m_contents, m_times;
    std::vector<Group> m_groups;
    std::vector<Number> m_slots; // of m_groups, found by id; a power of two, at most half of them taken
    std::int64_t m_received = 0;
    bool m_too_many = false;
};

inline Groups::Group& Groups::group_of(std::uint64_t id) {
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = slot_of(id) & mask;; at = (at + 1) & mask) {
        if (m_slots[at] == none) {
            if (m_groups.size() == most_rows) {
                m_too_many = true;
                return m_groups.back();
            }
            m_slots[at] = static_cast<Number>(m_groups.size());
            m_groups.push_back({id, {}});
            if (m_groups.size() * 2 > m_slots.size())
                grow();
            return m_groups.back();
        }
        if (m_groups[m_slots[at]].id == id)
            return m_groups[m_slots[at]];
    }
}

inline void Groups::add(Number place, Number content, Number time, std::int64_t hour, Evidence evidence, const Sums& sums) {
    m_received += sums.rows;
    const std::int64_t scans = m_scans_measured ? sums.scans : 0;
    if (sums.showings == 0 && scans == 0)
        return;
    const auto hours = static_cast<std::uint64_t>(hour);
    ReportFigures& figures =
        group_of((((std::uint64_t{place} << content_bits | content) << time_bits | time) << hour_bits) | hours).figures;
    figures.showings += sums.showings;
    figures.complete += sums.complete;
    figures.shown_ms += sums.shown_ms;
    figures.frames_due += sums.frames_due;
    figures.frames_shown += sums.frames_shown;
    figures.scans += scans;
    if (evidence == Evidence::panel_off)
        figures.panel_off += sums.showings;
    else if (evidence == Evidence::panel_on)
        figures.panel_on += sums.showings;
    else if (evidence == Evidence::scheduled)
        figures.scheduled += sums.showings;
}

} // namespace capsule::server
