// The figures of a row of a report, and the names that rows bear. Reentrant.
#pragma once

#include "playlists/server/indicators/completeness.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace capsule::server {

struct ReportFigures {
    std::int64_t showings = 0, complete = 0, shown_ms = 0, frames_due = 0, frames_shown = 0;
    std::int64_t panel_off = 0; // of the showings, those with the panel known to be off
    std::int64_t scans = 0;
    std::int64_t scheduled = 0; // of the showings, those without a frame that was really shown
    std::int64_t panel_on = 0;  // of the showings, those with the panel known to be on
    std::int64_t presented() const { return showings - scheduled - panel_on - panel_off; } // frames shown, panel unknown
    bool operator==(const ReportFigures&) const = default;
};

// Names for people, and where a site is. What is not known is answered by an empty text.
class Labels {
public:
    virtual ~Labels() = default;
    virtual std::string capsule_title(const std::string& capsule) const = 0;
    virtual std::string capsule_theme(const std::string&) const { return {}; } // code of the vocabulary
    virtual std::string site_name(const std::string& site) const = 0;
    virtual std::string site_commune(const std::string& site) const = 0; // INSEE code
    virtual std::string site_ept(const std::string& site) const = 0;
    // The screens that should show something in their opening hours.
    virtual std::vector<ExpectedScreen> expected_screens() const { return {}; }
};

} // namespace capsule::server
