// The server's API as people's tools use it, with a bearer token. Thread-bound: one call at a time. Every call waits for its
// answer. Errors: see README.md; the message is one line that can be shown as it is.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/result.hpp"
#include "content/lib/curl/session.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "playlists/client/answers.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace capsule::client {

class ApiClient {
public:
    // `address` is "http://HOST:PORT"; `token` is empty before sign_in.
    ApiClient(std::string address, std::string token, http::Settings settings = {});

    const std::string& address() const { return m_address; }

    // The first account of a new server; `secret` is its one-time link's.
    Result<void> create_first_account(const std::string& secret, const std::string& login, const std::string& password);
    // The token is used from now on and returned to be kept. `code`: of the second factor, where the account has one.
    Result<SignedIn> sign_in(const std::string& login, const std::string& password, const std::string& code = {});

    Result<bool> has_blob(const Digest& sha256);
    // The bytes go to `sink`, which sees the answer's status first.
    Result<void> get_blob(const Digest& sha256, http::Sink& sink);
    Result<void> put_blob(const Digest& sha256, http::Source& bytes);
    // `record`: as in programme.json, plus "rights". Returns the code that the server gave.
    Result<std::string> put_capsule(const CapsuleId& id, const nlohmann::json& record);
    Result<void> put_playlist(const Playlist& playlist);
    Result<void> put_schedule(const Schedule& schedule);
    // Where QR codes lead, by language.
    Result<void> put_directory(const std::map<std::string, std::string>& templates);
    // The places that screens name nearby: a file of the national scheme, or the document made of several.
    Result<void> put_places(const std::string& places);
    Result<void> put_school_holidays(const std::vector<SchoolHoliday>& holidays);
    Result<std::vector<std::string>> capsule_ids();
    Result<std::vector<std::string>> playlist_ids();
    Result<Published> publish();

    Result<void> put_site(const Site& site);
    Result<void> put_screen(const Screen& screen);
    Result<std::vector<std::string>> site_ids();
    Result<std::vector<ScreenStatus>> screens();
    Result<void> put_device(const PublicKey& key, const ScreenId& screen);
    Result<std::vector<DeviceStatus>> devices();
    // The machine that shows `code` serves that screen from now on. Missing: no machine shows it. Refused: the screen is served, and
    // `replace` is false.
    struct NewScreen {
        std::string site, name;
    };
    Result<Enrolled> enrol(const std::string& code, const std::variant<ScreenId, NewScreen>& screen, bool replace);
    // One per screen; former unused ones of these screens count no more.
    Result<std::vector<EnrolmentToken>> make_enrolment_tokens(const std::vector<ScreenId>& screens, Milliseconds valid_for);
    Result<void> revoke_device(const std::string& device);

    // Local dates "2026-11-22", `to` included; `by` is capsule, theme, site, commune, ept, day, month or hour, or several with
    // commas.
    Result<Report> report(const std::string& from, const std::string& to, const std::string& by);

    // The answers as they come: journals of a device or of all that served a screen (empty: all); one page of a journal's batches
    // after the one before (0: the first; days of receipt, empty: all); corrections of closed hours.
    Result<std::string> ledger(const std::string& device, const std::string& screen);
    Result<std::string> ledger_page(const std::string& device, const std::string& journal, std::int64_t after,
                                    const std::string& from, const std::string& to);
    Result<std::string> ledger_corrections(const std::string& from, const std::string& to);
    // Administrators: a page of the log of changes, those after that number, as it comes.
    Result<std::string> changes_after(std::int64_t seq);
    // Administrators: whose keys sign the release.
    Result<ReleaseKeys> release_keys();
    Result<ReleaseKeys> prepare_key_rotation();
    // `root` is a signed root.json. Invalid: the server says what is wrong with it.
    Result<ReleaseKeys> put_root(const std::string& root);

    // What screens see: release/`name`. Missing when it is not there, refused when it has more than `most` bytes.
    Result<std::string> release_file(const std::string& name, std::uint64_t most = 16u << 20);

private:
    Result<nlohmann::json> call(const std::string& method, const std::string& path, const nlohmann::json* body,
                                const std::string& what);
    Result<std::string> text_of(const std::string& path, const std::string& what);
    Result<ReleaseKeys> keys_of(Result<nlohmann::json> answer);
    Result<std::vector<std::string>> ids(const std::string& list);

    const std::string m_address;
    std::string m_token;
    http::Session m_session;
};

} // namespace capsule::client
