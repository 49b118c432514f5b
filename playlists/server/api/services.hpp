// What handlers work with. Everything is borrowed from `app/`, which outlives them, and thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/store/store.hpp"
#include "playlists/release/writer.hpp"
#include "playlists/server/catalogue/catalogue.hpp"
#include "playlists/server/catalogue/publisher.hpp"
#include "playlists/server/changes/change_log.hpp"
#include "playlists/server/database/database.hpp"
#include "playlists/server/fleet/enrolment_desk.hpp"
#include "playlists/server/fleet/enrolment_tokens.hpp"
#include "playlists/server/fleet/fleet_register.hpp"
#include "playlists/server/ledger/refusals.hpp"
#include "playlists/server/pages/pages.hpp"
#include "playlists/server/people/people.hpp"
#include "playlists/server/proposals/proposals.hpp"
#include "playlists/server/jobs/job_runner.hpp"
#include "playlists/server/redirect/redirector.hpp"
#include "playlists/server/uploads/upload_desk.hpp"

#include <functional>
#include <string>

namespace capsule::server {

struct Services {
    const Clock& clock;
    ServerDatabase& database;
    Store& store;
    ReleaseWriter& release;
    People& people;
    Catalogue& catalogue;
    Publisher& publisher;
    FleetRegister& fleet;
    Redirector& redirector;
    Refusals& refusals;
    const Pages& pages;
    Path release_folder;
    std::string public_url; // empty: scans are not measured
    std::string version;    // of the program
    tuf::SignedRelease& signed_release;
    EnrolmentDesk& enrolments;
    EnrolmentTokens& enrolment_tokens;
    UploadDesk& uploads;
    JobRunner& jobs;
    const ChangeLog& changes;
    const Accounts& accounts;
    const SecondFactor& second_factor;
    const Tokens& tokens;
    const Proposals& proposals;

    // Makes the redirect table anew; after whatever changes it.
    Result<void> refresh_redirects(sqlite::Database& database) const;
};

} // namespace capsule::server
