// playlist.toml: one playlist as people write it. Reentrant. Keys and an example: README.md of this folder.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/programme.hpp"

#include <string>
#include <string_view>

namespace capsule::cli {

// Whether the TOML text is a schedule file (it has [[schedule]]) rather than a playlist. Invalid: no TOML.
Result<bool> is_schedule_file(std::string_view text, const std::string& name);

// `name` stands for the file in messages: "accueil.toml:7: item.capsule: …". Unknown keys are errors.
Result<Playlist> playlist_from_toml(std::string_view text, const std::string& name);

} // namespace capsule::cli
