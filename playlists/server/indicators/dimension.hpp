// What the rows of a report are: one dimension of the figures, or several together. Reentrant.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace capsule::server {

// Communes, EPT and themes are facts of site and capsule as they are now.
enum class ReportBy { capsule, theme, site, commune, ept, day, month, hour };

std::optional<ReportBy> parse_report_by(std::string_view word);
const char* to_string(ReportBy by);

// One or more, each once, in the order in which they are told.
class Dimensions {
public:
    Dimensions() = default;
    Dimensions(ReportBy one) : m_all{one} {}
    Dimensions(std::initializer_list<ReportBy> several) : m_all(several) {}

    const std::vector<ReportBy>& all() const { return m_all; }
    bool has(ReportBy by) const;
    // What must be told apart in the sums for these dimensions.
    bool need_site() const { return has(ReportBy::site) || has(ReportBy::commune) || has(ReportBy::ept); }
    bool need_capsule() const { return has(ReportBy::capsule) || has(ReportBy::theme); }
    bool need_day() const { return has(ReportBy::day); }
    bool need_month() const { return has(ReportBy::month); }
    bool need_hour() const { return has(ReportBy::hour); }
    // The natural order of the rows is that of their keys, rather than the most shown first.
    bool in_time() const { return need_day() || need_month() || need_hour(); }

private:
    friend std::optional<Dimensions> parse_dimensions(std::string_view text);
    std::vector<ReportBy> m_all;
};

// "commune,theme,month". Empty when a word is none, or stands twice.
std::optional<Dimensions> parse_dimensions(std::string_view text);

} // namespace capsule::server
