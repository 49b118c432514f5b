// What a job is asked to do: the body of POST /api/v1/jobs. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/capsule/metadata.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

struct GivenCaptions {
    std::string language;
    std::string text; // WebVTT or SRT, UTF-8
    bool drawn = true;
};

struct JobRequest {
    std::string upload; // 32 hexadecimal digits
    MediaHints hints;   // without caption files
    std::vector<GivenCaptions> captions;
};

// Invalid: names the member and what is expected.
Result<JobRequest> read_job_request(std::string_view body);

} // namespace capsule::server
