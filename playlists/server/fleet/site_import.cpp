#include "playlists/server/fleet/site_import.hpp"

#include "content/capsule/nearest.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/model/communes.hpp"
#include "playlists/places/places_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace capsule::server {

namespace {

using Json = nlohmann::json;
using Outcome = ImportedSite::Outcome;

// By code, else by name.
const Commune* commune_of(const ListedPlace& place) {
    if (const Commune* known = find_commune(place.text("code_insee")))
        return known;
    if (!place.text("code_insee").empty())
        return nullptr;
    const auto communes = all_communes();
    const auto found = std::find_if(communes.begin(), communes.end(), [&](const Commune& commune) {
        return suggest_identifier(commune.name) == suggest_identifier(place.text("commune"));
    });
    return found == communes.end() ? nullptr : &*found;
}

class Importer {
public:
    Importer(const Json& sites, const std::function<bool(const Site&)>& may_change) : m_sites(sites), m_may_change(may_change) {}

    void take(const ListedPlace& place, ImportedSite& row) {
        row.name = place.text("nom");
        const auto id = SiteId::parse(suggest_identifier(place.text("id")));
        if (!id)
            return refuse(row, "id", "\"" + place.text("id") + "\" is no name that can be made of a-z, 0-9 and hyphen");
        row.id = id->text();
        if (m_records.contains(row.id))
            return refuse(row, "id", "\"" + row.id + "\" is the site of an earlier row");
        const auto known = m_sites.find(row.id);
        Json record = known == m_sites.end() ? Json{{"zone", "Europe/Paris"}} : *known;
        const Json before = record;
        fill(record, place, row);
        const auto read = site_from_json(*id, record);
        if (!read)
            return refuse(row, "", read.error().message);
        const auto former = known == m_sites.end() ? read : site_from_json(*id, before);
        if (!m_may_change(*read) || (former && !m_may_change(*former)))
            return refuse(row, "", "it lies beyond your territory: ask somebody who coordinates the whole");
        row.outcome = known == m_sites.end() ? Outcome::added : record == before ? Outcome::same : Outcome::changed;
        if (known != m_sites.end())
            row.before = before.dump();
        if (row.outcome != Outcome::same)
            row.after = record.dump();
        m_records[row.id] = row.after.value_or(std::string{});
    }
    // Without those that stay as they are.
    std::vector<std::pair<std::string, std::string>> records() const {
        std::vector<std::pair<std::string, std::string>> changed;
        for (const auto& [id, record] : m_records)
            if (!record.empty())
                changed.emplace_back(id, record);
        return changed;
    }

private:
    static void refuse(ImportedSite& row, std::string column, std::string what) {
        row.outcome = Outcome::refused;
        row.remarks.push_back({std::move(column), std::move(what)});
    }

    static void fill(Json& record, const ListedPlace& place, ImportedSite& row) {
        const auto put = [&](const char* key, const std::string& value) {
            if (!value.empty())
                record[key] = value;
        };
        put("name", place.text("nom"));
        put("postcode", place.text("code_postal"));
        put("hours", place.text("horaires"));
        if (const auto types = place.list("typologie"); !types.empty())
            record["type"] = types.front();
        if (const Commune* commune = commune_of(place)) {
            record["commune"] = std::string(commune->insee);
            record["ept"] = std::string(commune->ept);
        } else {
            put("commune", place.text("code_insee"));
            row.remarks.push_back({"code_insee", "\"" + place.text("commune") + "\" is no commune that is known: the site belongs to no territory"});
        }
        if (place.position) {
            record["lat_e6"] = place.position->latitude_e6;
            record["lon_e6"] = place.position->longitude_e6;
        }
    }

    const Json& m_sites;
    const std::function<bool(const Site&)>& m_may_change;
    std::map<std::string, std::string> m_records;
};

// What matters for a site of what the reader says of a place.
bool concerns_sites(const std::string& column) {
    static const std::vector<std::string> columns = {"", "id", "nom", "commune", "code_postal", "horaires", "typologie", "latitude", "longitude"};
    return std::find(columns.begin(), columns.end(), column) != columns.end();
}

} // namespace

Result<std::vector<ImportedSite>> import_sites(sqlite::Database& database, FleetRegister& fleet, std::string_view text, const std::string& name,
                                               const std::function<bool(const Site&)>& may_change, Import import) {
    CAPSULE_TRY(file, read_places(text, name));
    CAPSULE_TRY(sites_text, fleet.sites(database));
    CAPSULE_TRY(sites, json::parse_strict(sites_text, {.bytes = 256u << 20}));
    Importer importer(sites, may_change);
    std::vector<ImportedSite> rows;
    for (const RowRemark& refused : file.refused)
        rows.push_back({refused.row, refused.id, {}, Outcome::refused, {{refused.column, refused.what}}, {}, {}});
    for (std::size_t i = 0; i < file.places.size(); ++i) {
        ImportedSite row;
        row.line = file.lines[i];
        for (const RowRemark& remark : file.remarks)
            if (remark.row == row.line && concerns_sites(remark.column))
                row.remarks.push_back({remark.column, remark.what});
        importer.take(file.places[i], row);
        rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end(), [](const ImportedSite& a, const ImportedSite& b) { return a.line < b.line; });
    if (import == Import::keep)
        CAPSULE_CHECK(fleet.put_sites(database, importer.records()));
    return rows;
}

} // namespace capsule::server
