#include "playlists/server/app/server.hpp"

#include "content/base/log.hpp"
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/change_request.hpp"
#include "playlists/server/app/data_folder.hpp"
#include "playlists/server/app/housekeeping.hpp"
#include "playlists/server/app/release_keeper.hpp"
#include "playlists/server/app/schema.hpp"
#include "playlists/server/ledger/rebuild.hpp"
#include "playlists/server/ledger/scans.hpp"

namespace capsule::server {

namespace {

// All scans of a moment in one transaction.
Result<void> keep_scans(ServerDatabase& database, const std::vector<ScannedLink>& scans) {
    std::vector<CountedScan> counted;
    for (const ScannedLink& scan : scans)
        counted.push_back({{scan.screen_code, SiteId::parse(scan.site).value_or(SiteId{}),
                            CapsuleId::parse(scan.capsule).value_or(CapsuleId{}), scan.zone},
                           scan.at,
                           scan.times});
    CAPSULE_TRY(lease, database.lease());
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(*lease));
    CAPSULE_CHECK(count_scans(*lease, counted));
    return transaction.commit();
}

// What is derived from rows was made by an older program, or by none.
Result<void> bring_ledger_up_to_date(sqlite::Database& database, const FleetRegister& fleet) {
    CAPSULE_TRY(current, ledger_is_current(database));
    if (current)
        return {};
    log_info("server", "the sums of the ledger are made anew from its rows; this can take some minutes");
    CAPSULE_TRY(registered, fleet.fleet(database));
    return rebuild_ledger(database, [&](const SiteId& site) {
        const auto known = registered.sites.find(site);
        return known == registered.sites.end() ? std::string{} : known->second.zone;
    });
}

} // namespace

// In the order in which they need each other; taken down in the reverse.
struct Server::Parts {
    DataFolder folder;
    Store store;
    std::unique_ptr<ServerDatabase> database;
    std::unique_ptr<tuf::SignedRelease> signed_release; // before the writer, which refers to it
    std::unique_ptr<ReleaseWriter> release;
    ChangeLog changes;
    Accounts accounts;
    SecondFactor second_factor;
    Tokens tokens;
    Proposals proposals;
    People people;
    Catalogue catalogue;
    Publisher publisher;
    FleetRegister fleet;
    EnrolmentDesk enrolments;
    EnrolmentTokens enrolment_tokens;
    Pages pages;
    Redirector redirector;
    Refusals refusals;
    UploadDesk uploads;
    JobRunner jobs;
    Services services;
    Api api;
    std::string address;
    std::optional<std::string> first_secret;
    std::unique_ptr<Housekeeping> housekeeping;
    std::unique_ptr<HttpServer> http;
    std::unique_ptr<ReleaseKeeper> keeper;

    Parts(DataFolder opened, const Store& blobs, std::unique_ptr<ServerDatabase> db, std::unique_ptr<tuf::SignedRelease> signer,
          std::unique_ptr<ReleaseWriter> writer, const ServerSettings& settings, const Clock& clock, Random& random)
        : folder(std::move(opened)), store(blobs), database(std::move(db)), signed_release(std::move(signer)),
          release(std::move(writer)), changes(clock), accounts(clock, random), second_factor(clock, random), tokens(clock, random),
          proposals(clock), people(clock, random, accounts, second_factor, tokens, changes),
          catalogue(clock, random, store), publisher(clock, store, *release), fleet(clock, random, *release),
          enrolments(clock, random), enrolment_tokens(clock, random),
          pages(settings.console),
          redirector(
              clock, [this](const auto& scans) { return keep_scans(*database, scans); }, settings.scans_per_minute),
          refusals(clock), uploads(clock, random, store.disk(), folder.uploads()),
          jobs(clock, random, *database, store, catalogue, uploads),
          services{clock, *database,  store,    *release, people,           catalogue,           publisher,
                   fleet, redirector, refusals, pages,    folder.release(), settings.public_url, settings.version,
                    *signed_release, enrolments, enrolment_tokens, uploads, jobs, changes, accounts, second_factor, tokens, proposals},
          api(services) {}
};

Server::Server() = default;
Server::~Server() {
    stop();
}

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings, const Clock& clock, Disk& disk, Random& random) {
    // The port first: when it is taken, the data folder is not touched.
    CAPSULE_TRY(socket, ListeningSocket::open(settings.listen));
    CAPSULE_TRY(folder, DataFolder::open(disk, settings.data));
    Store store(disk, settings.data);
    CAPSULE_CHECK(store.prepare());
    CAPSULE_TRY(database, ServerDatabase::open(folder.database(), server_migrations(), clock));
    CAPSULE_TRY(release, ReleaseWriter::open(disk, folder.release(), clock));
    CAPSULE_TRY(signer, tuf::SignedRelease::open(disk, folder.release(), folder.keys(), clock, settings.validity));
    CAPSULE_CHECK(release->sign_with(*signer));

    std::unique_ptr<Server> self(new Server);
    HttpSettings http;
    http.uploads = folder.uploads();
    http.patience = settings.patience;
    self->m_parts =
        std::make_unique<Parts>(std::move(folder), store, std::move(database), std::move(signer), std::move(release),
                                            settings, clock, random);
    Parts& parts = *self->m_parts;
    {
        CAPSULE_TRY(lease, parts.database->lease());
        CAPSULE_CHECK(parts.publisher.ensure_now());
        CAPSULE_CHECK(parts.fleet.write_document(*lease));
        CAPSULE_CHECK(parts.services.refresh_redirects(*lease));
        CAPSULE_CHECK(bring_ledger_up_to_date(*lease, parts.fleet));
        CAPSULE_CHECK(note_unlogged_publication(parts.services, *lease));
        CAPSULE_TRY(secret, parts.people.issue_first_secret(*lease));
        parts.first_secret = secret;
    }
    parts.keeper = std::make_unique<ReleaseKeeper>(*parts.release, *parts.signed_release);
    parts.address = socket.address();
    CAPSULE_TRY(listening, HttpServer::start(std::move(socket), parts.api, clock, random, http));
    parts.http = std::move(listening);
    parts.jobs.start();
    if (settings.keep_rows_days > 0)
        parts.housekeeping = std::make_unique<Housekeeping>(*parts.database, clock, settings.keep_rows_days);
    return self;
}

void Server::stop() {
    if (m_parts) {
        m_parts->keeper.reset();
        m_parts->jobs.stop(); // what is under way begins anew at the next start
    }
    if (m_parts && m_parts->http) {
        m_parts->http->stop();
        m_parts->http.reset();
        m_parts->housekeeping.reset();
        if (auto lease = m_parts->database->lease())
            (void)m_parts->refusals.write(**lease);
    }
}

const std::string& Server::address() const {
    return m_parts->address;
}
const std::optional<std::string>& Server::first_secret() const {
    return m_parts->first_secret;
}
bool Server::root_is_provisional() const {
    return m_parts->signed_release->key_state().provisional;
}
Result<void> Server::check() const {
    CAPSULE_TRY(lease, m_parts->database->lease());
    CAPSULE_TRY(select, lease->prepare("SELECT 1"));
    CAPSULE_TRY(answered, select.step());
    (void)answered;
    return {};
}
const RouteTable& Server::routes() const {
    return m_parts->api.routes();
}

Result<std::string> check_public_url(const std::string& url) {
    const Error bad{Category::invalid,
                    "--public-url \"" + url + "\": an address such as https://ecrans.example.fr is expected, without a path"};
    std::string rest;
    for (const std::string_view scheme : {"https://", "http://"})
        if (url.starts_with(scheme))
            rest = url.substr(scheme.size());
    if (rest.ends_with('/'))
        rest.pop_back();
    if (rest.empty())
        return bad;
    for (const char c : rest) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                          c == ':' || c == '[' || c == ']';
        if (!fine)
            return bad;
    }
    return url.substr(0, url.find("://") + 3) + rest;
}

} // namespace capsule::server
