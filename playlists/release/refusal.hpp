// Why metadata was not taken, as a code that reports can carry. Reentrant values.
#pragma once

#include "content/base/result.hpp"

#include <string>

namespace capsule::tuf {

enum class Reason {
    malformed,   // no metadata of the specification's form, or beyond a limit of size or depth
    wrong_role,  // metadata of another role than the one asked for
    signatures,  // too few good signatures of distinct keys
    rollback,    // a version lower than one that was trusted, or a role that vanished
    mismatch,    // not the version, length or digest that signed metadata announces
    expired,     // too old: whoever answers may be holding back what is newer
    too_large,   // more bytes than there can be
    missing,     // not there
    unavailable, // it could not be fetched
    storage,     // the trusted copy cannot be read or written
    unknown_target,
};

// "rollback": stable, for reports.
const char* to_string(Reason reason);

struct Refusal {
    Reason reason = Reason::malformed;
    std::string file;   // "timestamp.json"
    std::string detail; // one line
};

// "timestamp.json: [rollback] version 3 after 5". Expired and distrusted metadata are `refused`; malformed `invalid`; others
// as they came about.
Error to_error(const Refusal& refusal);

} // namespace capsule::tuf
