// How this screen is brought up to date: from where, how fast, at which hours. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/schedule/hours.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct SourceOption {
    std::string address;            // http://…, https://… or a folder
    std::int64_t bytes_per_second = 0; // 0: as `SyncOptions::bytes_per_second` says
    bool operator==(const SourceOption&) const = default;
};

struct SyncOptions {
    std::vector<SourceOption> sources; // in order of preference; the server comes last if it is not among them
    std::int64_t bytes_per_second = 0; // for sources without a ceiling of their own; 0: none
    std::optional<OpeningHours> hours; // for large downloads, in the site's local time; empty: any
    std::string hours_text;            // as written
    std::string proxy, ca_bundle;
};

// "500kB/s", "4Mbit/s", "2MB/s" ("/s" may be left out); 1 k is 1000. Empty when it is not that, or not above zero.
std::optional<std::int64_t> parse_bandwidth(std::string_view text);
// Whether `text` is an address of the web.
bool is_web_address(std::string_view text);
// Sets `options.hours`. Invalid: says what is expected.
Result<void> set_hours(SyncOptions& options, const std::string& text);

} // namespace capsule
