// What the server's refusal means. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/curl/session.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace capsule::client {

// Who asked: the remedy differs.
enum class Asker { person, device, machine_without_screen };

// One line with `what` in front, from problem+json (RFC 9457) where the body is that.
Error problem(const http::Response& response, const std::string& what, Asker asker);
// The body as JSON when the status is 2xx; otherwise the problem.
Result<nlohmann::json> json_or_problem(const http::Response& response, const std::string& what, Asker asker);

} // namespace capsule::client
