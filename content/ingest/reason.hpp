// Why a master was not taken, in words for whoever brought it. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <string>

namespace capsule::ingest {

struct Reason {
    std::string code;   // for programs, never renamed: "no-picture", "too-large", "damaged", …
    std::string text;   // French: what is wrong, and what to do
    std::string detail; // the error's own line, English
};

Reason reason_for(const Error& error);

} // namespace capsule::ingest
