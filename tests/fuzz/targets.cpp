#include "tests/fuzz/targets.hpp"

#include "content/capsule/metadata.hpp"
#include "content/capsule/vocabulary.hpp"
#include "content/captions/cue.hpp"
#include "content/lib/json/strict.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "content/base/csv.hpp"
#include "playlists/cli/files/playlist_file.hpp"
#include "playlists/cli/files/schedule_file.hpp"
#include "playlists/cli/files/sites_file.hpp"
#include "playlists/ledger/batch.hpp"
#include "playlists/model/release.hpp"
#include "playlists/release/index.hpp"
#include "playlists/release/metadata.hpp"
#include "playlists/release/patch.hpp"
#include "playlists/release/signing.hpp"
#include "playlists/schedule/hours.hpp"
#include "playlists/server/http/files.hpp"
#include "playlists/signing/message_signature.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace capsule::fuzz {

namespace {

void promise(bool kept, const char* what) {
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

// What was read is written and read again to the same.
template <typename Document>
void round_trip(const Result<Document>& first, Result<Document> (*parse)(std::string_view), const char* what) {
    if (!first) {
        promise(!first.error().message.empty(), "an error says something");
        return;
    }
    const std::string text = serialise(*first);
    const auto second = parse(text);
    promise(second.ok() && serialise(*second) == text, what);
}

void programme(std::string_view bytes) { round_trip(parse_programme(bytes), &parse_programme, "a programme that was read is written the same"); }
void fleet(std::string_view bytes) { round_trip(parse_fleet(bytes), &parse_fleet, "a fleet that was read is written the same"); }
void now(std::string_view bytes) { round_trip(parse_now(bytes), &parse_now, "a now document that was read is written the same"); }
void index(std::string_view bytes) {
    round_trip(parse_release_index(bytes), &parse_release_index, "an index that was read is written the same");
    (void)parse_document_file_name(bytes);
}

// As each of the four roles.
void metadata(std::string_view bytes) {
    for (const tuf::Role role : {tuf::Role::root, tuf::Role::timestamp, tuf::Role::snapshot, tuf::Role::targets}) {
        const auto read = tuf::parse_metadata(std::string{bytes}, role, "metadata.json");
        const auto* good = std::get_if<tuf::Metadata>(&read);
        if (!good)
            continue;
        promise(good->version > 0 && good->bytes == bytes, "metadata have a version and keep their bytes");
        static const auto key = *SecretKey::from_seed_hex(std::string(64, '7'));
        const tuf::Key known = tuf::ed25519_key(key.public_key());
        const std::string known_id = tuf::key_id(known);
        const tuf::RoleKeys one{{known_id}, 1};
        promise(!tuf::signed_by(*good, {{known_id, known}}, one), "nobody has signed with this key");
        const auto ours = tuf::with_signature(bytes, key);
        if (!ours)
            continue;
        const auto again = tuf::parse_metadata(*ours, role, "metadata.json");
        if (const auto* signed_now = std::get_if<tuf::Metadata>(&again))
            promise(tuf::signed_by(*signed_now, {{known_id, known}}, one), "what was signed is found signed");
    }
}

void patch(std::string_view bytes) {
    static const std::string before = R"({"format":1,"number":1,"screens":{"a":{"name":"A"},"b":{"name":"B"}},"sites":{}})";
    (void)apply_patch(before, bytes);
    (void)parse_patch_file_name(bytes);
}

void json(std::string_view bytes) {
    const auto value = json::parse_strict(bytes, {.bytes = 1u << 20, .depth = 32, .floats = false});
    if (!value)
        return;
    const auto text = json::canonical(*value);
    promise(text.ok(), "what has no floating-point number has a canonical form");
    // Control characters stand as they are in the canonical form, so it need not be JSON again; where it is, it is stable.
    if (const auto again = json::parse_strict(*text, {.bytes = 2u << 20, .depth = 32, .floats = false}))
        promise(*json::canonical(*again) == *text, "the canonical form of the canonical form is itself");
}

void ledger(std::string_view bytes) {
    const auto lines = split_batch(bytes);
    if (!lines)
        return;
    std::vector<ReceivedRow> rows;
    for (const auto line : *lines) {
        auto row = receive_row(line);
        if (!row)
            continue;
        // Fields that this program does not know stay in the bytes, not in the row.
        promise(parse_row(serialise(row->row)).ok(), "a row that was taken can be written");
        rows.push_back(std::move(*row));
    }
    (void)check_chain({}, 0, rows);
}

void capsule_toml(std::string_view bytes) { (void)metadata_from_toml(bytes, "capsule.toml"); }
void playlist_toml(std::string_view bytes) {
    const auto is_schedule = cli::is_schedule_file(bytes, "a.toml");
    if (is_schedule && *is_schedule)
        (void)cli::schedules_from_toml(bytes, "a.toml");
    else
        (void)cli::playlist_from_toml(bytes, "a.toml");
}
void sites_csv(std::string_view bytes) {
    if (const auto rows = parse_csv(bytes))
        for (const auto& row : *rows)
            if (row.fields.size() > 1 && row.fields[0].find_first_of("\r\n\xef") == std::string::npos) {
                const auto again = parse_csv(csv_line(row.fields));
                promise(again.ok() && again->size() == 1 && (*again)[0].fields.size() == row.fields.size(), "a line that is written is read");
            }
    (void)cli::sites_from_csv(bytes, "sites.csv");
}

void captions(std::string_view bytes) {
    const auto cues = read_cues(bytes);
    if (!cues)
        return;
    for (std::size_t i = 0; i < cues->size(); ++i) {
        promise((*cues)[i].end > (*cues)[i].start, "a cue ends after it begins");
        promise(i == 0 || (*cues)[i - 1].start <= (*cues)[i].start, "cues come in order");
    }
}

void hours(std::string_view bytes) {
    const auto read = parse_hours(bytes);
    if (!read)
        return;
    const auto first = std::chrono::local_days{std::chrono::year{2026} / 12 / 23};
    for (int day = 0; day < 10; ++day) {
        int until = -1;
        for (const auto& range : day_ranges(*read, first + std::chrono::days{day})) {
            promise(range.from > until && range.from < range.until && range.until <= 1440, "a day's ranges ascend and do not touch");
            until = range.until;
        }
    }
    static const Zone paris("Europe/Paris");
    const auto instant = instant_from_ms(1'795'338'000'000);
    const auto state = open_state(*read, paris, instant);
    promise(!state.next_change || *state.next_change > instant, "the next change is to come");
}

void vocabulary(std::string_view bytes) {
    for (const auto which : {Vocabulary::theme, Vocabulary::barrier, Vocabulary::audience, Vocabulary::place_type}) {
        if (const auto code = code_of(which, bytes))
            promise(is_known(which, *code), "a label's code is known");
        if (const auto near = nearest(which, bytes))
            promise(is_known(which, *near), "what may have been meant is known");
        (void)not_known(which, bytes);
    }
}

// Lines: method, path, Content-Digest, Capsule-Counter, Signature-Input, Signature, Range, If-None-Match.
void http_headers(std::string_view bytes) {
    std::array<std::string, 8> lines;
    for (std::string& line : lines) {
        const auto end = bytes.find('\n');
        line = bytes.substr(0, end);
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    if (const auto segments = server::split_path(lines[1]))
        for (const auto& segment : *segments)
            promise(segment != ".." && segment != "." && segment.find('/') == std::string::npos && segment.find('\0') == std::string::npos,
                    "no segment leads out of its folder");
    const SignedHeaders headers{lines[2], lines[3], lines[4], lines[5]};
    (void)claimed_device(headers);
    static const auto key = *SecretKey::from_seed_hex(std::string(64, '7'));
    static const auto stranger = *SecretKey::from_seed_hex(std::string(64, '8'));
    (void)verify_request(key.public_key(), lines[0], lines[1], "", headers);
    promise(!verify_request(stranger.public_key(), lines[0], lines[1], "", headers).ok(), "nobody has signed with this key");
    server::ByteRange range;
    for (const std::uint64_t size : {0ull, 1ull, 1000ull, ~0ull})
        if (server::parse_range(lines[6], size, range) == server::RangeVerdict::one)
            promise(range.length > 0 && range.first < size && range.length <= size - range.first, "a range lies within the file");
    server::RequestHead head;
    head.headers["if-none-match"] = lines[7];
    (void)server::matches_etag(head, "abc");
    (void)head.cookie("session");
}

} // namespace

const std::vector<Target>& targets() {
    static const std::vector<Target> all = {
        {"programme", &programme, 16384}, {"fleet", &fleet, 8192},         {"now", &now, 4096},
        {"index", &index, 2048},          {"json", &json, 4096},           {"ledger", &ledger, 8192},
        {"capsule", &capsule_toml, 4096}, {"playlist", &playlist_toml, 4096}, {"sites", &sites_csv, 4096},
        {"captions", &captions, 4096},    {"hours", &hours, 256},          {"vocabulary", &vocabulary, 128},
        {"http", &http_headers, 2048},    {"metadata", &metadata, 8192},   {"patch", &patch, 4096},
    };
    return all;
}

const Target* find_target(std::string_view name) {
    for (const Target& target : targets())
        if (target.name == name)
            return &target;
    return nullptr;
}

} // namespace capsule::fuzz
