// Which row of a report a cell of the sums belongs to. One thread.
#pragma once

#include "playlists/server/indicators/report.hpp"
#include "playlists/server/indicators/sums_source.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace capsule::server {

// Half a million cells of a year fall into some hundreds of rows: texts are compared once per place and capsule, then numbers.
class Groups {
public:
    // `labels` must outlive it.
    Groups(const Dimensions& by, const Labels& labels);

    // Of the row that the cell belongs to; valid until the next call.
    ReportFigures& of(const SumCell& cell);
    // All rows by their keys, in the order of the dimensions.
    std::map<std::vector<std::string>, ReportFigures> told() const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Number = std::uint32_t;
    using Numbers = std::unordered_map<std::string, Number, Hash, std::equal_to<>>;

    // The keys of one dimension, numbered in the order in which they were met.
    struct Part {
        ReportBy by{};
        std::vector<std::string> keys;
        Numbers by_key, by_text;                          // `by_text`: of the site or capsule
        std::unordered_map<std::int64_t, Number> by_time; // of the period or hour
        std::string last_text;                            // cells of a place stand together
        Number last = 0;
        bool met = false;
    };
    struct Row {
        std::vector<Number> parts;
        ReportFigures figures;
    };

    Number part_of(Part& part, const SumCell& cell);
    Number number_of_text(Part& part, std::string_view text);
    static Number number_of_key(Part& part, std::string key);

    const Labels& m_labels;
    std::vector<Part> m_parts;
    std::vector<std::unordered_map<std::uint64_t, Number>> m_steps; // (what was chosen so far, next part) → what is chosen
    std::vector<Number> m_chosen;                                   // of the cell in hand
    std::vector<Row> m_rows;
};

} // namespace capsule::server
