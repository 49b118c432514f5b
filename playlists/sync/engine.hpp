// Have against want, as a passive object: it is told what happened and answers what to do; it opens nothing and asks no clock.
// Reentrant: one caller at a time.
//
//   index changed ─▶ fetch the documents that differ ─▶ fetch the blobs that this screen lacks ─▶ activate ─▶ collect what is
//   left over
//
// What the engine promises:
//   - a programme or a fleet is activated only when every blob that this screen then needs is present;
//   - now.json is activated as soon as it is there, fleet.json as soon as the programme in force stays complete with it;
//   - a document with a lower number than the one in force, or one that cannot be understood, changes nothing and is reported;
//     a lower number is taken only where the keys for targets have been replaced since;
//   - at most one poll, one blob and one activation are under way at a time;
//   - what is in force, wanted or on air is never collected, and nothing else before its grace is over;
//   - what the screen needs soonest is fetched first: holes in what is in force, then what is to be; of each what plays now, then the
//     default loop, then as the schedule brings it;
//   - outside the hours for large downloads only small blobs are fetched, unless no programme is in force yet: a dark screen waits
//     for no hour.
// A machine that serves no screen activates no programme: when it is enrolled, the fleet comes first, so that its card says where
// it is, and the programme follows when it is complete.
//
// The index arrives already judged: whoever polls decides whether it can be trusted.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "playlists/sync/active_release.hpp"
#include "playlists/sync/backoff.hpp"
#include "playlists/sync/state.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace capsule::sync {

struct EngineSettings {
    std::string device;                                   // id of this machine's key
    Nanoseconds poll_interval = std::chrono::seconds(60); // give or take a tenth
    Nanoseconds retry_first = std::chrono::seconds(2);
    Nanoseconds retry_most = std::chrono::minutes(5);
    Nanoseconds grace = std::chrono::hours(24);             // of a blob that nothing wants any more
    Nanoseconds grace_when_full = std::chrono::minutes(10); // longer than any capsule: what is on air is finished by then
    std::uint64_t small_blob = 256u << 10;                  // up to this size, a blob comes at any hour
};

// Inputs.
struct Tick {};
struct IndexChanged {
    ReleaseIndex index;
    std::string etag;
};
struct IndexUnchanged {};
struct PollFailed {
    Error error;
    Trouble trouble = Trouble::none; // none: as the error's category says
};
struct DocumentFetched { // its digest and length are as the entry says
    DocumentKind kind = DocumentKind::now;
    DocumentEntry entry;
    std::string text;
};
struct DocumentFailed {
    DocumentKind kind = DocumentKind::now;
    DocumentEntry entry;
    Error error;
};
struct BlobProgress {
    Digest sha256;
    std::uint64_t bytes = 0; // that are there by now
};
struct BlobFinished {
    Digest sha256;
};
struct BlobFailed {
    Digest sha256;
    Error error;
    bool progressed = false; // some bytes came before it failed
};
struct BlobPaused { // given up since the hours for it are over; what came is kept
    Digest sha256;
};
struct TimeTold { // what the wall clock should say at this moment; not told: not known
    Instant utc{};
    ClockKnown known = ClockKnown::no;
};
struct LargeDownloads { // allowed until told otherwise
    bool allowed = true;
};
struct OnAir { // what is on screen or prepared for it
    std::set<Digest> blobs;
};
struct BlobLost { // found missing or rotten after it had been there
    Digest sha256;
};
struct Activated {};
struct ActivationFailed {
    Error error;
};
using Input = std::variant<Tick, IndexChanged, IndexUnchanged, PollFailed, DocumentFetched, DocumentFailed, BlobProgress,
                           BlobFinished, BlobFailed, BlobPaused, BlobLost, TimeTold, LargeDownloads, OnAir, Activated, ActivationFailed>;

// Actions. Each but Collect is answered by an input.
struct Poll {
    std::string etag;
};
struct FetchDocument {
    DocumentKind kind = DocumentKind::now;
    DocumentEntry entry;
    std::optional<DocumentEntry> before = {}; // in force now, and just one number lower: the difference may be had
};
struct FetchBlob { // from where an earlier attempt left off
    BlobReference blob;
    std::vector<BlobReference> planned; // this and all other missing blobs: what must fit on the disk
    bool at_hours_only = false;      // to be given up, with BlobPaused, when the hours for large downloads end
};
struct Activate {
    ActiveRelease next;
};
struct Collect {
    std::vector<Digest> blobs;            // to remove
    std::set<std::string> keep_documents; // names; others are removed
    std::set<Digest> keep_partials;       // partial downloads; others are removed
};
using Action = std::variant<Poll, FetchDocument, FetchBlob, Activate, Collect>;

class Engine {
public:
    // `active` is what was in force before, `held` the blobs that are present and verified. `random` outlives the engine.
    Engine(EngineSettings settings, Random& random, ActiveRelease active, std::set<Digest> held);

    std::vector<Action> step(const Input& input, Nanoseconds now);
    // When step(Tick) has something to do if nothing else happens before.
    Nanoseconds next_deadline() const;

    const ActiveRelease& active() const { return m_active; }
    State state() const;

private:
    struct Retry {
        Backoff backoff;
        Nanoseconds at{0};
        void failed(Random& random, Nanoseconds now) { at = now + backoff.failed(random); }
    };

    void take(const Input& input, Nanoseconds now);
    void take_contact(Nanoseconds now);
    void take_index(const IndexChanged& input, Nanoseconds now);
    void take_document(const DocumentFetched& input);
    void take_blob_failure(const BlobFailed& input, Nanoseconds now);

    void poll_if_due(Nanoseconds now, std::vector<Action>& actions);
    void fetch_documents(Nanoseconds now, std::vector<Action>& actions);
    void activate_if_complete(Nanoseconds now, std::vector<Action>& actions);
    void fetch_blob(Nanoseconds now, std::vector<Action>& actions);
    void collect(Nanoseconds now, std::vector<Action>& actions);

    bool lacks(DocumentKind kind) const;
    bool bound_to_hours(const BlobReference& blob) const;
    bool may_come_now(const BlobReference& blob) const { return m_large_allowed || !bound_to_hours(blob); }
    ActiveRelease combined(bool programme, bool fleet) const;
    bool complete(const ActiveRelease& next) const;
    bool settled() const;
    std::optional<ActiveRelease> next_release() const;
    void plan(Nanoseconds now);
    void drop_candidate(DocumentKind kind);
    Retry new_retry() const { return {Backoff(m_settings.retry_first, m_settings.retry_most), Nanoseconds{0}}; }

    const EngineSettings m_settings;
    Random& m_random;
    ActiveRelease m_active;
    std::set<Digest> m_held;

    ReleaseIndex m_wanted;                            // the last index, where it may replace what is in force
    ReleaseIndex m_candidates;                        // entries of the documents that are here but not in force
    Release m_candidate;                              // their contents
    std::map<DocumentKind, DocumentEntry> m_rejected; // not understood: not fetched again

    std::string m_etag;
    Retry m_poll;
    std::map<DocumentKind, Retry> m_document_retry;
    std::set<DocumentKind> m_documents_under_way;
    std::map<Digest, Retry> m_blob_retry;
    Retry m_blobs; // after failures that another blob would meet as well
    bool m_poll_under_way = false;
    std::optional<Digest> m_blob_under_way;
    std::uint64_t m_blob_bytes = 0;
    std::optional<ActiveRelease> m_activating;
    Retry m_activation;
    bool m_activation_waits = false;
    bool m_disk_full = false;
    bool m_large_allowed = true;
    TimeTold m_time;           // of the schedule
    Nanoseconds m_time_at{0};  // when it was told
    std::set<Digest> m_on_air;

    bool m_changed = true;             // the plan is out of date
    std::vector<BlobReference> m_plan; // what is missing, soonest needed first
    std::set<Digest> m_needed;         // by what is in force or wanted
    std::map<Digest, Nanoseconds> m_unneeded_since;
    bool m_leftovers = true; // documents and partial downloads may have to go

    std::optional<Nanoseconds> m_contact;
    std::map<std::string, Problem> m_problems; // by what failed; gone when that succeeds
};

} // namespace capsule::sync
