#include "playlists/release/refusal.hpp"

namespace capsule::tuf {

const char* to_string(Reason reason) {
    switch (reason) {
    case Reason::malformed:
        return "malformed";
    case Reason::wrong_role:
        return "wrong-role";
    case Reason::signatures:
        return "signatures";
    case Reason::rollback:
        return "rollback";
    case Reason::mismatch:
        return "mismatch";
    case Reason::expired:
        return "expired";
    case Reason::too_large:
        return "too-large";
    case Reason::missing:
        return "missing";
    case Reason::unavailable:
        return "unavailable";
    case Reason::storage:
        return "storage";
    case Reason::unknown_target:
        break;
    }
    return "unknown-target";
}

Error to_error(const Refusal& refusal) {
    Category category = Category::refused;
    if (refusal.reason == Reason::malformed)
        category = Category::invalid;
    else if (refusal.reason == Reason::missing || refusal.reason == Reason::unknown_target)
        category = Category::missing;
    else if (refusal.reason == Reason::unavailable || refusal.reason == Reason::storage)
        category = Category::io;
    return {category, refusal.file + ": [" + to_string(refusal.reason) + "] " + refusal.detail};
}

} // namespace capsule::tuf
