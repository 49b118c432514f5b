#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/indicators/example_data.hpp"
#include "playlists/server/indicators/report.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

// Names from the catalogue and the fleet as they are now.
class CurrentLabels final : public Labels {
public:
    static Result<CurrentLabels> read(const Services& services, sqlite::Database& database) {
        CurrentLabels labels;
        CAPSULE_TRY(fleet, services.fleet.fleet(database));
        labels.m_fleet = std::move(fleet);
        CAPSULE_TRY(capsules, services.catalogue.list(database, RecordKind::capsule));
        CAPSULE_TRY(records, json::parse_strict(capsules, {.bytes = 256u << 20}));
        for (const auto& [id, record] : records.items()) {
            labels.m_titles.emplace(id, record.value(Json::json_pointer("/title/fr"), std::string{}));
            labels.m_themes.emplace(id, record.value("theme", std::string{}));
        }
        CAPSULE_TRY(since, services.fleet.enrolled_since(database));
        labels.m_since = std::move(since);
        return labels;
    }
    std::string capsule_title(const std::string& capsule) const override { return in(m_titles, capsule); }
    std::string capsule_theme(const std::string& capsule) const override { return in(m_themes, capsule); }
    std::string site_name(const std::string& site) const override { return of(site, &Site::name); }
    std::string site_commune(const std::string& site) const override { return of(site, &Site::commune); }
    std::string site_ept(const std::string& site) const override { return of(site, &Site::ept); }
    std::vector<ExpectedScreen> expected_screens() const override {
        std::vector<ExpectedScreen> out;
        for (const auto& [id, screen] : m_fleet.screens) {
            const auto since = m_since.find(id.text());
            const auto site = m_fleet.sites.find(screen.site);
            if (since != m_since.end() && site != m_fleet.sites.end())
                out.push_back({id.text(), site->second.hours, site->second.zone, since->second});
        }
        return out;
    }

private:
    static std::string in(const std::map<std::string, std::string>& texts, const std::string& id) {
        const auto found = texts.find(id);
        return found == texts.end() ? std::string{} : found->second;
    }
    std::string of(const std::string& id, std::string Site::*member) const {
        const auto parsed = SiteId::parse(id);
        const auto found = parsed ? m_fleet.sites.find(*parsed) : m_fleet.sites.end();
        return found == m_fleet.sites.end() ? std::string{} : found->second.*member;
    }

    Fleet m_fleet;
    std::map<std::string, std::string> m_titles, m_themes;
    std::map<std::string, Instant> m_since;
};

Response make_report(const Services& services, Call& call) {
    const auto from = parse_day(call.request.parameter("from")), to = parse_day(call.request.parameter("to"));
    const auto by = parse_dimensions(call.request.parameter("by"));
    const std::string source = call.request.parameter("source");
    if (!from || !to)
        return problem(422, "from and to: dates such as 2026-11-01 are expected");
    if (!by)
        return problem(422,
                       "by: capsule, theme, site, commune, ept, day, month or hour is expected, or several with commas between");
    if (!source.empty() && source != "sums" && source != "rows")
        return problem(422, "source: sums or rows is expected");
    const auto labels = CurrentLabels::read(services, call.database);
    if (!labels)
        return error_response(labels.error());
    const ReportQuery query{*from, *to, *by, !services.public_url.empty(),
                            source == "rows" ? ReportSource::rows : ReportSource::sums};
    const auto made = report(call.database, query, *labels, services.clock.wall());
    if (!made)
        return error_response(made.error());
    const auto example = has_example_data(call.database, *from, *to);
    if (!example)
        return error_response(example.error());
    std::string text = report_json(*made);
    if (*example) // before all else, for whoever reads only the beginning
        text.insert(1, R"("example_data":"données d’exemple",)");
    return json_response(std::move(text));
}

} // namespace

void add_statistics_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/report", Admission::Body::none, 0,
               [&services](Call& call) { return make_report(services, call); }});
}

} // namespace capsule::server
