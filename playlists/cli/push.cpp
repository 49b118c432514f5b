#include "playlists/cli/push.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/cli/files/playlist_file.hpp"
#include "playlists/cli/files/schedule_file.hpp"
#include "playlists/cli/files/sites_file.hpp"
#include "playlists/cli/local_store.hpp"
#include "playlists/cli/places.hpp"
#include "playlists/schedule/school_calendar.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace capsule::cli {

namespace {

struct Bundle {
    std::vector<Playlist> playlists;
    std::vector<Schedule> schedules;
    std::map<std::string, std::string> directory;
    std::vector<std::string> places; // files
    std::vector<SchoolHoliday> school_holidays;
    std::vector<Site> sites;
    std::vector<Screen> screens;
    std::map<CapsuleId, nlohmann::json> capsules;
    std::map<Digest, BlobReference> blobs;
};

// A blob on its way up, read from the store piece by piece.
class BlobSource final : public http::Source {
public:
    BlobSource(Store& store, const BlobReference& blob, std::function<void(std::uint64_t)> sent)
        : m_store(store), m_blob(blob), m_sent(std::move(sent)) {}
    std::uint64_t size() const override { return m_blob.bytes; }
    Result<std::size_t> read(std::span<char> space) override {
        CAPSULE_TRY(bytes, m_store.disk().read_part(m_store.path_of(m_blob.sha256), m_at, space.size()));
        std::copy(bytes.begin(), bytes.end(), space.begin());
        m_at += bytes.size();
        m_sent(bytes.size());
        return bytes.size();
    }

private:
    Store& m_store;
    const BlobReference& m_blob;
    std::function<void(std::uint64_t)> m_sent;
    std::uint64_t m_at = 0;
};

Result<void> read_file(const std::string& name, Terminal& terminal, Bundle& bundle) {
    CAPSULE_TRY(text, terminal.disk.read(name, 16u << 20));
    if (is_places_file(name, text)) {
        bundle.places.push_back(name);
        return {};
    }
    if (Path(name).extension() == ".csv") {
        CAPSULE_TRY(file, sites_from_csv(text, name));
        for (const auto& warning : file.warnings)
            terminal.err << "capsule: warning: " << warning << "\n";
        bundle.sites.insert(bundle.sites.end(), file.sites.begin(), file.sites.end());
        bundle.screens.insert(bundle.screens.end(), file.screens.begin(), file.screens.end());
        return {};
    }
    if (Path(name).extension() == ".ics") {
        auto calendar = read_school_calendar(text);
        if (!calendar)
            return in_context(name, calendar.error());
        for (const auto& warning : calendar->warnings)
            terminal.err << "capsule: warning: " << name << ": " << warning << "\n";
        bundle.school_holidays = std::move(calendar->holidays);
        return {};
    }
    if (Path(name).extension() != ".toml")
        return Error{Category::invalid, name + ": a .toml file (playlist, schedule), a .csv file (sites, places), a .json file (places) or an .ics file (school holidays) is expected"};
    CAPSULE_TRY(is_schedule, is_schedule_file(text, name));
    if (is_schedule) {
        CAPSULE_TRY(file, schedules_from_toml(text, name));
        bundle.schedules.insert(bundle.schedules.end(), file.schedules.begin(), file.schedules.end());
        bundle.directory.insert(file.directory.begin(), file.directory.end());
        return {};
    }
    CAPSULE_TRY(playlist, playlist_from_toml(text, name));
    bundle.playlists.push_back(std::move(playlist));
    return {};
}

std::string hint(const std::vector<std::string>& known, const std::string& word) {
    const auto meant = nearest_of(known, word);
    return meant ? "; did you mean \"" + *meant + "\"?" : "";
}

Result<void> take_blobs(const Store& store, const CapsuleId& id, const nlohmann::json& record, Bundle& bundle) {
    CAPSULE_TRY(blobs, blobs_of_record(id, record));
    for (const auto& blob : blobs) {
        if (!store.has(blob.sha256, blob.bytes))
            return Error{Category::missing, "capsule " + id.text() + ": its file " + blob.sha256.hex() + " is not in the store " +
                                                store.root().string() + ": run `capsule ingest` again"};
        bundle.blobs[blob.sha256] = blob;
    }
    return {};
}

// Capsules come from the store; one that is only at the server already is well too.
Result<void> gather_capsules(Store& store, client::ApiClient& api, Bundle& bundle) {
    std::optional<std::vector<std::string>> at_server;
    for (const auto& playlist : bundle.playlists) {
        for (const auto& item : playlist.items) {
            if (item.playlist || bundle.capsules.contains(item.capsule))
                continue;
            auto record = read_local_record(store, item.capsule);
            if (!record && record.error().category == Category::missing) {
                if (!at_server) {
                    CAPSULE_TRY(ids, api.capsule_ids());
                    at_server = ids;
                }
                if (std::find(at_server->begin(), at_server->end(), item.capsule.text()) != at_server->end())
                    continue;
            }
            if (!record)
                return in_context("playlist " + playlist.id.text(), record.error());
            CAPSULE_CHECK(take_blobs(store, item.capsule, *record, bundle));
            bundle.capsules[item.capsule] = std::move(*record);
        }
    }
    return {};
}

// What follows a capsule comes with it where the store has it; what is lacking, publishing says.
Result<void> gather_followers(Store& store, Bundle& bundle) {
    std::vector<CapsuleId> asked;
    for (const auto& [id, record] : bundle.capsules)
        asked.push_back(id);
    while (!asked.empty()) {
        const nlohmann::json named = bundle.capsules.at(asked.back()).value("followed_by", nlohmann::json());
        asked.pop_back();
        const auto follower = CapsuleId::parse(named.is_string() ? named.get<std::string>() : std::string{});
        if (!follower || bundle.capsules.contains(*follower))
            continue;
        auto record = read_local_record(store, *follower);
        if (!record)
            continue;
        CAPSULE_CHECK(take_blobs(store, *follower, *record, bundle));
        bundle.capsules[*follower] = std::move(*record);
        asked.push_back(*follower);
    }
    return {};
}

Result<void> check_playlists_of_schedules(client::ApiClient& api, const Bundle& bundle) {
    if (bundle.schedules.empty())
        return {};
    CAPSULE_TRY(known, api.playlist_ids());
    for (const auto& playlist : bundle.playlists)
        known.push_back(playlist.id.text());
    for (const auto& schedule : bundle.schedules)
        if (std::find(known.begin(), known.end(), schedule.playlist.text()) == known.end())
            return Error{Category::missing, "schedule " + schedule.id.text() + ": there is no playlist \"" +
                                                schedule.playlist.text() + "\"" + hint(known, schedule.playlist.text())};
    return {};
}

Result<std::size_t> send_blobs(Store& store, client::ApiClient& api, const Bundle& bundle, Terminal& terminal) {
    std::vector<BlobReference> missing;
    std::uint64_t total = 0, sent = 0;
    for (const auto& [digest, blob] : bundle.blobs) {
        CAPSULE_TRY(there, api.has_blob(digest));
        if (!there) {
            missing.push_back(blob);
            total += blob.bytes;
        }
    }
    Progress progress(terminal, "sending " + std::to_string(missing.size()) + " files");
    for (const auto& blob : missing) {
        BlobSource source(store, blob, [&](std::uint64_t bytes) {
            sent += bytes;
            progress.show(total ? static_cast<double>(sent) / static_cast<double>(total) : 1);
        });
        CAPSULE_CHECK(api.put_blob(blob.sha256, source));
    }
    return missing.size();
}

} // namespace

Result<void> run_push(const PushOptions& options, Terminal& terminal) {
    Bundle bundle;
    for (const auto& file : options.files)
        CAPSULE_CHECK(read_file(file, terminal, bundle));
    CAPSULE_TRY(places, read_places_files(bundle.places, terminal));
    CAPSULE_TRY(api, open_client(options.access, terminal));
    Store store(terminal.disk, options.store);
    CAPSULE_CHECK(gather_capsules(store, api, bundle));
    CAPSULE_CHECK(gather_followers(store, bundle));
    CAPSULE_CHECK(check_playlists_of_schedules(api, bundle));

    for (const auto& site : bundle.sites)
        CAPSULE_CHECK(api.put_site(site));
    for (const auto& screen : bundle.screens)
        CAPSULE_CHECK(api.put_screen(screen));
    CAPSULE_TRY(new_blobs, send_blobs(store, api, bundle, terminal));
    for (const auto& [id, record] : bundle.capsules)
        if (const auto code = api.put_capsule(id, record); !code)
            return code.error();
    for (const auto& playlist : bundle.playlists)
        CAPSULE_CHECK(api.put_playlist(playlist));
    for (const auto& schedule : bundle.schedules)
        CAPSULE_CHECK(api.put_schedule(schedule));
    if (!bundle.directory.empty())
        CAPSULE_CHECK(api.put_directory(bundle.directory));
    if (!bundle.places.empty())
        CAPSULE_CHECK(api.put_places(serialise(places.merged.places)));
    if (!bundle.school_holidays.empty())
        CAPSULE_CHECK(api.put_school_holidays(bundle.school_holidays));

    const auto say = [&](std::size_t count, const char* one, const char* many) {
        if (count)
            terminal.out << "  " << count << " " << (count == 1 ? one : many) << "\n";
    };
    terminal.out << "pushed to " << api.address() << ":\n";
    say(bundle.sites.size(), "site", "sites");
    say(bundle.screens.size(), "screen", "screens");
    say(bundle.capsules.size(), "capsule", "capsules");
    say(new_blobs, "new file", "new files");
    say(bundle.playlists.size(), "playlist", "playlists");
    say(bundle.schedules.size(), "schedule", "schedules");
    say(places.merged.places.size(), "place", "places");
    say(bundle.school_holidays.size(), "school holiday", "school holidays");
    if (!bundle.playlists.empty() || !bundle.schedules.empty() || !bundle.places.empty() || !bundle.school_holidays.empty())
        terminal.out << "Screens get it with `capsule publish`.\n";
    return {};
}

} // namespace capsule::cli
