#include "player/app/sync_setup.hpp"

#include "playlists/schedule/zone.hpp"
#include "playlists/sync/folder_source.hpp"
#include "playlists/sync/http_source.hpp"
#include "playlists/sync/source_list.hpp"

#include <algorithm>

namespace capsule {

std::vector<SourceOption> sources_in_order(const Options& options) {
    std::vector<SourceOption> sources = options.sync.sources;
    if (std::none_of(sources.begin(), sources.end(), [&](const SourceOption& source) { return source.address == options.server; }))
        sources.push_back({options.server, 0});
    return sources;
}

http::Settings http_settings(const Options& options, const TimeKeeper& time) {
    http::Settings http;
    http.proxy = options.sync.proxy;
    http.ca_bundle = options.sync.ca_bundle;
    http.certificate_time = [&time] {
        const TimeEstimate now = time.now();
        return http::CertificateTime{to_ms(now.error ? now.utc : time.floor()) / 1000, now.error.has_value()};
    };
    return http;
}

sync::TrustSettings trust_settings(std::string first_root, TimeKeeper& time) {
    sync::TrustSettings trust;
    trust.first_root = std::move(first_root);
    trust.known_time = [&time] {
        const TimeEstimate now = time.now();
        return sync::KnownTime{now.error ? std::optional(now.utc) : std::nullopt, time.floor()};
    };
    trust.signed_time = [&time](Instant signed_at) { time.raise_floor(signed_at); };
    return trust;
}

std::unique_ptr<sync::ReleaseSource> make_source(const Options& options, const http::Settings& http, Disk& disk, const Clock& clock,
                                                 Random& random) {
    std::vector<std::unique_ptr<sync::ReleaseSource>> made;
    for (const SourceOption& source : sources_in_order(options)) {
        if (!is_web_address(source.address)) {
            made.push_back(std::make_unique<sync::FolderSource>(disk, source.address));
            continue;
        }
        http::Settings own = http;
        own.bytes_per_second = source.bytes_per_second > 0 ? source.bytes_per_second : options.sync.bytes_per_second;
        made.push_back(std::make_unique<sync::HttpSource>(source.address, own));
    }
    if (made.size() == 1)
        return std::move(made.front());
    return std::make_unique<sync::SourceList>(std::move(made), clock, random);
}

bool large_downloads_allowed(const SyncOptions& options, const Release& release, const std::optional<ScreenId>& screen,
                             const TimeKeeper& time) {
    if (!options.hours || time.clock_known() != ClockKnown::yes)
        return true;
    std::string zone = "Europe/Paris";
    if (screen)
        if (const auto found = release.fleet.screens.find(*screen); found != release.fleet.screens.end())
            if (const auto site = release.fleet.sites.find(found->second.site); site != release.fleet.sites.end() && !site->second.zone.empty())
                zone = site->second.zone;
    return is_open(*options.hours, Zone(zone).local(time.now().utc));
}

} // namespace capsule
