#include "content/base/result.hpp"

namespace capsule {

const char* to_string(Category category) {
    switch (category) {
    case Category::missing:
        return "missing";
    case Category::invalid:
        return "invalid";
    case Category::refused:
        return "refused";
    case Category::timeout:
        return "timeout";
    case Category::io:
        return "io";
    case Category::no_space:
        return "no-space";
    case Category::bug:
        break;
    }
    return "bug";
}

Error in_context(std::string context, Error error) {
    error.message = std::move(context) + ": " + error.message;
    return error;
}

} // namespace capsule
