#include "content/lib/json/member.hpp"

#include <nlohmann/json.hpp>

namespace capsule::json {

std::string text_in(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key); // the end, where it is no object
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace capsule::json
