// schedule.toml: which playlist plays where and when, as people write it. Reentrant. Keys and an example: README.md of this
// folder.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/programme.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::cli {

struct ScheduleFile {
    std::vector<Schedule> schedules;
    std::map<std::string, std::string> directory; // templates by language; empty: not spoken of
};

// `name` stands for the file in messages. Unknown keys are errors. `when` is checked as opening hours.
Result<ScheduleFile> schedules_from_toml(std::string_view text, const std::string& name);

} // namespace capsule::cli
