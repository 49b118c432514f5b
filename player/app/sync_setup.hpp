// Builds what the sync thread needs from the options. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/lib/curl/session.hpp"
#include "player/app/options.hpp"
#include "player/impressions/time_keeper.hpp"
#include "playlists/model/release.hpp"
#include "playlists/sync/release_trust.hpp"
#include "playlists/sync/source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// Every source in order, the server last if it is not among them.
std::vector<SourceOption> sources_in_order(const Options& options);
// Proxy, extra authorities, and certificates held against what `time` knows. `time` outlives every session made of it.
http::Settings http_settings(const Options& options, const TimeKeeper& time);
// What release metadata are held against, and what they tell of the time in turn. `time` outlives what is made of it.
sync::TrustSettings trust_settings(std::string first_root, TimeKeeper& time);
// One source for all of them. What is borrowed outlives it.
std::unique_ptr<sync::ReleaseSource> make_source(const Options& options, const http::Settings& http, Disk& disk, const Clock& clock,
                                                 Random& random);
// Whether large downloads may run at this moment: always without hours, or while the time is not known (a screen that cannot know
// better would otherwise never fetch anything).
bool large_downloads_allowed(const SyncOptions& options, const Release& release, const std::optional<ScreenId>& screen,
                             const TimeKeeper& time);

} // namespace capsule
