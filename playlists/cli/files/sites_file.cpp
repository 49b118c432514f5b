#include "playlists/cli/files/sites_file.hpp"

#include "content/capsule/nearest.hpp"
#include "content/base/csv.hpp"
#include "playlists/model/communes.hpp"
#include "playlists/schedule/hours.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace capsule::cli {

namespace {

const std::vector<std::string> needed_columns = {"id", "nom", "commune", "code_postal", "code_insee"};
const std::vector<std::string> screen_columns = {"ecran_id", "ecran_nom", "ecran_diagonale_mm", "ecran_distance_mm",
                                                 "ecran_rotation", "ecran_volume", "ecran_silence"};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        if (auto part = trimmed(text.substr(at, end - at)); !part.empty())
            parts.push_back(std::move(part));
        at = end + 1;
    }
    return parts;
}

// One row being read; complaints name file, line and column.
class Row {
public:
    Row(const std::map<std::string, std::size_t>& columns, const CsvRow& row, const std::string& name,
        std::vector<std::string>& complaints)
        : m_columns(columns), m_row(row), m_name(name), m_complaints(complaints) {}

    std::string text(const std::string& column) const {
        const auto found = m_columns.find(column);
        return found == m_columns.end() || found->second >= m_row.fields.size() ? std::string()
                                                                                : trimmed(m_row.fields[found->second]);
    }
    std::string needed(const std::string& column) {
        std::string value = text(column);
        if (value.empty())
            complain(column, "is missing");
        return value;
    }
    template <typename Id>
    Id identifier(const std::string& column) {
        const std::string value = needed(column);
        const auto id = Id::parse(value);
        if (!id && !value.empty())
            complain(column, "\"" + value + "\" is no name: lower-case letters, digits and hyphens, such as \"" +
                                 suggest_identifier(value) + "\"");
        return id.value_or(Id{});
    }
    int number(const std::string& column, int least, int most, int otherwise) {
        const std::string value = text(column);
        if (value.empty())
            return otherwise;
        int parsed = 0;
        const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (code != std::errc{} || end != value.data() + value.size() || parsed < least || parsed > most) {
            complain(column, "a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                                 " is expected, not \"" + value + "\"");
            return otherwise;
        }
        return parsed;
    }
    std::optional<std::int64_t> degrees_e6(const std::string& column, double most) {
        const std::string value = text(column);
        if (value.empty())
            return std::nullopt;
        double parsed = 0;
        const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (code != std::errc{} || end != value.data() + value.size() || !(std::fabs(parsed) <= most)) {
            complain(column, "degrees with a decimal point are expected, such as 48.753, not \"" + value + "\"");
            return std::nullopt;
        }
        return std::llround(parsed * 1e6);
    }
    void complain(const std::string& column, const std::string& what) {
        m_complaints.push_back(m_name + ":" + std::to_string(m_row.line) + ": " + column + ": " + what);
    }

private:
    const std::map<std::string, std::size_t>& m_columns;
    const CsvRow& m_row;
    const std::string& m_name;
    std::vector<std::string>& m_complaints;
};

Site read_site(Row& row, const std::string& place, std::vector<std::string>& warnings) {
    Site site;
    site.id = row.identifier<SiteId>("id");
    site.name = row.needed("nom");
    site.postcode = row.needed("code_postal");
    const std::string commune_name = row.needed("commune");
    site.commune = row.text("code_insee");
    const Commune* commune = find_commune(site.commune);
    if (site.commune.empty()) {
        const auto communes = all_communes();
        const auto found = std::find_if(communes.begin(), communes.end(), [&](const Commune& known) {
            return suggest_identifier(known.name) == suggest_identifier(commune_name);
        });
        if (found == communes.end())
            row.complain("code_insee", "is missing, and \"" + commune_name + "\" is no commune that is known by name");
        else
            site.commune = found->insee, commune = &*found;
    } else if (site.commune.size() != 5) {
        row.complain("code_insee", "five characters such as 92002 are expected, not \"" + site.commune + "\"");
    } else if (commune && suggest_identifier(commune->name) != suggest_identifier(commune_name)) {
        row.complain("commune", "\"" + commune_name + "\" does not fit code_insee " + site.commune + ", which is " +
                                    std::string(commune->name));
    }
    if (commune)
        site.ept = commune->ept;
    if (const auto types = split(row.text("typologie"), '|'); !types.empty())
        site.type = types.front();
    site.hours = row.text("horaires");
    if (!site.hours.empty())
        if (const auto hours = parse_hours(site.hours); !hours)
            warnings.push_back(place + ": horaires: " + hours.error().message + "; kept, but the site counts as always open");
    site.offers = split(row.text("offres"), '|');
    site.latitude_e6 = row.degrees_e6("latitude", 90);
    site.waiting_minutes = row.number("attente_minutes", 0, 480, 0);
    site.longitude_e6 = row.degrees_e6("longitude", 180);
    return site;
}

Screen read_screen(Row& row, const Site& site) {
    Screen screen;
    screen.id = row.identifier<ScreenId>("ecran_id");
    screen.site = site.id;
    screen.name = row.text("ecran_nom");
    if (screen.name.empty())
        screen.name = screen.id.text();
    screen.diagonal_mm = row.number("ecran_diagonale_mm", 100, 5000, screen.diagonal_mm);
    screen.distance_mm = row.number("ecran_distance_mm", 300, 30000, screen.distance_mm);
    screen.rotation = row.number("ecran_rotation", 0, 270, 0);
    if (screen.rotation % 90 != 0)
        row.complain("ecran_rotation", "0, 90, 180 or 270 is expected");
    screen.volume = row.number("ecran_volume", 0, 100, 0);
    screen.quiet = row.text("ecran_silence");
    if (!screen.quiet.empty())
        if (const auto hours = parse_hours(screen.quiet); !hours)
            row.complain("ecran_silence", hours.error().message);
    return screen;
}

} // namespace

Result<SitesFile> sites_from_csv(std::string_view text, const std::string& name) {
    if (text.size() > 16u << 20)
        return Error{Category::invalid, name + " is larger than 16 MiB"};
    auto rows = parse_csv(text);
    if (!rows)
        return in_context(name, rows.error());
    if (rows->empty())
        return Error{Category::invalid, name + " is empty: a line of column names and one row per screen are expected"};
    std::map<std::string, std::size_t> columns;
    for (std::size_t i = 0; i < rows->front().fields.size(); ++i) {
        const std::string column = trimmed(rows->front().fields[i]);
        if (column.starts_with("ecran_") &&
            std::find(screen_columns.begin(), screen_columns.end(), column) == screen_columns.end()) {
            const auto meant = nearest_of(screen_columns, column);
            return Error{Category::invalid, name + ":1: " + column + ": unknown column" +
                                                (meant ? "; did you mean \"" + *meant + "\"?" : std::string())};
        }
        if (!columns.emplace(column, i).second)
            return Error{Category::invalid, name + ":1: " + column + ": the column stands twice"};
    }
    for (const auto& column : needed_columns)
        if (!columns.contains(column))
            return Error{Category::invalid, name + ":1: the column \"" + column + "\" is missing"};

    SitesFile file;
    std::vector<std::string> complaints;
    std::map<SiteId, std::size_t> sites;
    std::map<ScreenId, std::size_t> screens;
    for (std::size_t i = 1; i < rows->size(); ++i) {
        const CsvRow& fields = (*rows)[i];
        Row row(columns, fields, name, complaints);
        if (fields.fields.size() > rows->front().fields.size())
            row.complain("", "more fields than columns: a field with a comma must stand in quotation marks");
        Site site = read_site(row, name + ":" + std::to_string(fields.line), file.warnings);
        if (const auto known = sites.find(site.id); known == sites.end()) {
            sites[site.id] = file.sites.size();
            file.sites.push_back(site);
        } else if (file.sites[known->second] != site) {
            row.complain("id", "\"" + site.id.text() + "\" stands in an earlier row with other details");
        }
        if (row.text("ecran_id").empty())
            continue; // a place without a screen yet
        Screen screen = read_screen(row, site);
        if (!screens.emplace(screen.id, fields.line).second)
            row.complain("ecran_id",
                         "\"" + screen.id.text() + "\" stands in line " + std::to_string(screens[screen.id]) + " already");
        file.screens.push_back(std::move(screen));
    }
    if (!complaints.empty())
        return Error{Category::invalid,
                     complaints.front() +
                         (complaints.size() > 1 ? " (and " + std::to_string(complaints.size() - 1) + " more)" : "")};
    return file;
}

} // namespace capsule::cli
