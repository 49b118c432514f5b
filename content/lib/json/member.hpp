// A member of an object that may be anything. Reentrant.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace capsule::json {

// Its text; empty when there is none, when it is no text, or when `object` is no object.
std::string text_in(const nlohmann::json& object, const char* key);

} // namespace capsule::json
