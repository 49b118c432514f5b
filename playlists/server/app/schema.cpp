#include "playlists/server/app/schema.hpp"

#include "playlists/server/catalogue/catalogue.hpp"
#include "playlists/server/catalogue/publications.hpp"
#include "playlists/server/catalogue/review.hpp"
#include "playlists/server/changes/change_log.hpp"
#include "playlists/server/codes/codes.hpp"
#include "playlists/server/fleet/enrolment_tokens.hpp"
#include "playlists/server/fleet/fleet_register.hpp"
#include "playlists/server/indicators/example_data.hpp"
#include "playlists/server/ledger/late_rows.hpp"
#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/schema.hpp"
#include "playlists/server/jobs/job_book.hpp"
#include "playlists/server/people/ownership.hpp"
#include "playlists/server/people/people.hpp"
#include "playlists/server/proposals/proposals.hpp"
#include "playlists/server/uploads/upload_desk.hpp"

namespace capsule::server {

std::vector<Migration> server_migrations() {
    return {
        {1, "people", std::string(people_schema())},
        {2, "codes", std::string(codes_schema())},
        {3, "catalogue", std::string(catalogue_schema())},
        {4, "fleet", std::string(fleet_schema())},
        {5, "ledger", std::string(ledger_schema())},
        {6, "ledger losses", std::string(losses_schema())},
        {7, "ledger sums", ledger_rollup_schema()},
        {8, "uploads", std::string(uploads_schema())},
        {9, "jobs", std::string(jobs_schema())},
        {10, "ledger sums, packed", ledger_packed_schema()},
        {11, "ledger rows found again", std::string(late_rows_schema())},
        {12, "review", std::string(review_schema())},
        {13, "territories", std::string(people_standing_schema()) + std::string(ownership_schema())},
        {14, "changes", std::string(changes_schema())},
        {15, "invitations", std::string(invitations_schema()) + std::string(proposals_schema())},
        {16, "publications", std::string(publications_schema())},
        {17, "enrolment tokens", std::string(enrolment_tokens_schema())},
        {18, "example data", std::string(example_data_schema())},
    };
}

} // namespace capsule::server
