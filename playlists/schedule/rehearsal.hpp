// Whether playlists can keep what they promise: each is reckoned, and played for some hours, where all its capsules can play. Pure.
// Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <string>
#include <vector>

namespace capsule {

class Rehearsal {
public:
    explicit Rehearsal(const Programme& programme);

    // English, one line each: what, where, what to do.
    struct Outcome {
        std::vector<std::string> impossible; // it cannot be met anywhere: nothing to publish
        std::vector<std::string> doubtful;   // it is met, but not as closely as one would expect
    };
    Outcome of(const PlaylistId& playlist) const;

private:
    Release m_release; // one place that offers everything, capsules without dates
};

} // namespace capsule
