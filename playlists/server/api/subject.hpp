// What a request is about: the object that it reads or changes, where that lies, and how it stands.
#pragma once

#include "content/base/result.hpp"

#include <optional>
#include <string>

namespace capsule::server {

enum class Subject {
    none,  // of what only reads
    bytes, // files that no record names yet, and questions that take a body
    capsule,
    playlist,
    schedule,
    directory,
    school_holidays,
    now,
    programme,   // what is published
    restoration, // of what was published before: whatever of the draft that changes
    notice,  // of one site
    notices, // the list, of which each sees her part
    site,
    site_file, // many sites at once, of which each may change her part
    screen,
    device,
    enrolment,
    enrolment_tokens, // for several screens
    keys, // that sign the release
    account, // the caller's own: password, second factor, tokens
    person,
    invitation,
    proposal,
    proposals, // the list, of which each sees her part
};

const char* to_string(Subject subject);

struct Services;
struct Call;
struct Territory;

// The id that the request names; empty where there is one object of its kind.
std::string subject_id(Subject subject, const Call& call);

// The object as it stands, as JSON text; empty when there is none of that name. Only of what can be edited.
Result<std::optional<std::string>> subject_now(Subject subject, const Services& services, const Call& call);

// Whether the object lies wholly in `reach`, as it stands and as the request would leave it. What the request says and nobody can read is
// no reason to refuse here: the handler tells. A subject that is nowhere in particular lies only in "everywhere".
Result<bool> subject_lies_in(Subject subject, const Services& services, const Call& call, const Territory& reach);

} // namespace capsule::server
