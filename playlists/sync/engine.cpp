#include "playlists/sync/engine.hpp"

#include <algorithm>
#include <array>

namespace capsule::sync {

namespace {

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// What is obeyed first is fetched first.
constexpr std::array fetch_order = {DocumentKind::now, DocumentKind::fleet, DocumentKind::programme};

// Of what keys that were replaced since have signed, not even the number counts: whoever stole them may have driven it up.
bool signed_by_others(const DocumentEntry& offered, const DocumentEntry& active) {
    return !offered.signers.empty() && !active.signers.empty() && offered.signers != active.signers;
}

Trouble trouble_of_fetch(const Error& error) {
    switch (error.category) {
    case Category::invalid:
    case Category::refused:
        return Trouble::not_a_release;
    case Category::no_space:
        return Trouble::disk_full;
    default:
        return Trouble::unreachable;
    }
}

} // namespace

Engine::Engine(EngineSettings settings, Random& random, ActiveRelease active, std::set<Digest> held)
    : m_settings(std::move(settings)), m_random(random), m_active(std::move(active)), m_held(std::move(held)),
      m_wanted(m_active.index), m_poll(new_retry()), m_blobs(new_retry()), m_activation(new_retry()) {}

std::vector<Action> Engine::step(const Input& input, Nanoseconds now) {
    take(input, now);
    std::vector<Action> actions;
    if (std::holds_alternative<BlobProgress>(input))
        return actions;
    poll_if_due(now, actions);
    fetch_documents(now, actions);
    activate_if_complete(now, actions);
    if (m_changed)
        plan(now);
    fetch_blob(now, actions);
    collect(now, actions);
    return actions;
}

void Engine::take(const Input& input, Nanoseconds now) {
    std::visit(Overloaded{
                   [](const Tick&) {},
                   [&](const IndexChanged& changed) { take_index(changed, now); },
                   [&](const IndexUnchanged&) { take_contact(now); },
                   [&](const PollFailed& failed) {
                       m_poll_under_way = false;
                       m_poll.failed(m_random, now);
                       m_problems["poll"] = {failed.trouble != Trouble::none ? failed.trouble : trouble_of_fetch(failed.error),
                                             failed.error.message};
                   },
                   [&](const DocumentFetched& fetched) { take_document(fetched); },
                   [&](const DocumentFailed& failed) {
                       m_documents_under_way.erase(failed.kind);
                       m_document_retry.try_emplace(failed.kind, new_retry()).first->second.failed(m_random, now);
                       m_problems[to_string(failed.kind)] = {trouble_of_fetch(failed.error), failed.error.message};
                   },
                   [&](const BlobProgress& progress) {
                       if (progress.sha256 == m_blob_under_way)
                           m_blob_bytes = progress.bytes;
                   },
                   [&](const BlobFinished& finished) {
                       m_held.insert(finished.sha256);
                       m_blob_retry.erase(finished.sha256);
                       m_blob_under_way.reset();
                       m_blobs = new_retry();
                       m_disk_full = false;
                       m_problems.erase("blobs");
                       m_changed = true;
                   },
                   [&](const BlobFailed& failed) { take_blob_failure(failed, now); },
                   [&](const BlobPaused&) { m_blob_under_way.reset(); },
                   [&](const TimeTold& told) {
                       m_time = told;
                       m_time_at = now;
                       m_changed = true;
                   },
                   [&](const LargeDownloads& large) { m_large_allowed = large.allowed; },
                   [&](const OnAir& on_air) { m_on_air = on_air.blobs; },
                   [&](const BlobLost& lost) {
                       m_held.erase(lost.sha256);
                       m_changed = true;
                   },
                   [&](const Activated&) {
                       m_active = std::move(*m_activating);
                       m_activating.reset();
                       m_activation = new_retry();
                       m_problems.erase("activation");
                       for (const DocumentKind kind : all_document_kinds)
                           if (m_candidates.entry(kind) == m_active.index.entry(kind))
                               drop_candidate(kind);
                       m_changed = m_leftovers = true;
                   },
                   [&](const ActivationFailed& failed) {
                       m_activating.reset();
                       m_activation.failed(m_random, now);
                       const bool full = failed.error.category == Category::no_space;
                       m_problems["activation"] = {full ? Trouble::disk_full : Trouble::disk_failed, failed.error.message};
                       m_changed = true;
                   },
               },
               input);
}

void Engine::take_contact(Nanoseconds now) {
    m_poll_under_way = false;
    m_contact = now;
    m_problems.erase("poll");
    m_poll = new_retry();
    const auto tenth = m_settings.poll_interval / 10;
    m_poll.at = now + m_settings.poll_interval - tenth +
                Nanoseconds{static_cast<std::int64_t>(m_random.number() % static_cast<std::uint64_t>(2 * tenth.count() + 1))};
}

void Engine::take_index(const IndexChanged& input, Nanoseconds now) {
    take_contact(now);
    m_etag = input.etag;
    m_problems.erase("index");
    for (const DocumentKind kind : all_document_kinds) {
        const auto& offered = input.index.entry(kind);
        const auto& active = m_active.index.entry(kind);
        const auto before = m_wanted.entry(kind);
        const bool taken = offered && (!active || offered->number >= active->number || signed_by_others(*offered, *active));
        m_wanted.entry(kind) = taken ? offered : active;
        if (offered && !taken)
            m_problems["index"] = {Trouble::older,
                                   "the source offers " + std::string(to_string(kind)) + " " + std::to_string(offered->number) +
                                       ", but " + std::to_string(active->number) +
                                       " is in force: it stays; start with an empty store if the server was set up anew"};
        if (m_wanted.entry(kind) == before)
            continue;
        if (m_candidates.entry(kind) != m_wanted.entry(kind))
            drop_candidate(kind);
        m_rejected.erase(kind);
        m_document_retry.erase(kind);
        m_problems.erase(to_string(kind));
    }
    m_changed = m_leftovers = true;
}

void Engine::take_document(const DocumentFetched& input) {
    m_documents_under_way.erase(input.kind);
    if (m_wanted.entry(input.kind) != input.entry)
        return; // the source has moved on meanwhile
    std::optional<Error> error;
    std::int64_t number = 0;
    const auto keep = [&](auto parsed, auto& slot) {
        if (!parsed) {
            error = parsed.error();
            return;
        }
        number = parsed->number;
        if (number == input.entry.number)
            slot = std::move(*parsed);
    };
    if (input.kind == DocumentKind::programme)
        keep(parse_programme(input.text), m_candidate.programme);
    else if (input.kind == DocumentKind::fleet)
        keep(parse_fleet(input.text), m_candidate.fleet);
    else
        keep(parse_now(input.text), m_candidate.now);
    if (!error && number != input.entry.number)
        error = Error{Category::invalid, std::string(to_string(input.kind)) + ".json says number " + std::to_string(number) +
                                             ", but the index " + std::to_string(input.entry.number) + ": publish again"};
    if (error) {
        drop_candidate(input.kind);
        m_rejected[input.kind] = input.entry;
        m_problems[to_string(input.kind)] = {
            error->category == Category::refused ? Trouble::not_understood : Trouble::not_a_release, error->message};
        return;
    }
    m_candidates.entry(input.kind) = input.entry;
    m_document_retry.erase(input.kind);
    m_problems.erase(to_string(input.kind));
    m_changed = true;
}

void Engine::take_blob_failure(const BlobFailed& input, Nanoseconds now) {
    m_blob_under_way.reset();
    Retry& retry = m_blob_retry.try_emplace(input.sha256, new_retry()).first->second;
    if (input.progressed)
        retry.backoff.succeeded();
    retry.failed(m_random, now);
    const Category category = input.error.category;
    // A blob that the source lacks or that is wrong holds up only itself; a network or disk that fails would fail the others too.
    const bool only_this = category == Category::missing || category == Category::invalid;
    if (!only_this)
        m_blobs.at = retry.at;
    m_disk_full = category == Category::no_space;
    m_problems["blobs"] = {only_this ? Trouble::incomplete : trouble_of_fetch(input.error), input.error.message};
}

void Engine::poll_if_due(Nanoseconds now, std::vector<Action>& actions) {
    if (m_poll_under_way || now < m_poll.at)
        return;
    m_poll_under_way = true;
    actions.push_back(Poll{m_etag});
}

bool Engine::lacks(DocumentKind kind) const {
    const auto& wanted = m_wanted.entry(kind);
    const auto rejected = m_rejected.find(kind);
    return wanted && wanted != m_active.index.entry(kind) && wanted != m_candidates.entry(kind) &&
           (rejected == m_rejected.end() || rejected->second != *wanted);
}

bool Engine::settled() const {
    return m_contact && std::none_of(fetch_order.begin(), fetch_order.end(), [this](DocumentKind kind) { return lacks(kind); });
}

void Engine::fetch_documents(Nanoseconds now, std::vector<Action>& actions) {
    for (const DocumentKind kind : fetch_order) {
        const auto retry = m_document_retry.find(kind);
        if (!lacks(kind) || m_documents_under_way.contains(kind) || (retry != m_document_retry.end() && now < retry->second.at))
            continue;
        m_documents_under_way.insert(kind);
        const auto& active = m_active.index.entry(kind);
        const bool next = active && active->number + 1 == m_wanted.entry(kind)->number;
        actions.push_back(FetchDocument{kind, *m_wanted.entry(kind), next ? active : std::nullopt});
    }
}

void Engine::drop_candidate(DocumentKind kind) {
    m_candidates.entry(kind).reset();
    if (kind == DocumentKind::programme)
        m_candidate.programme = {};
    else if (kind == DocumentKind::fleet)
        m_candidate.fleet = {};
    else
        m_candidate.now = {};
}

ActiveRelease Engine::combined(bool programme, bool fleet) const {
    ActiveRelease next = m_active;
    Release release = *m_active.release;
    if (programme && m_candidates.programme) {
        next.index.programme = m_candidates.programme;
        release.programme = m_candidate.programme;
    }
    if (fleet && m_candidates.fleet) {
        next.index.fleet = m_candidates.fleet;
        release.fleet = m_candidate.fleet;
    }
    if (m_candidates.now) {
        next.index.now = m_candidates.now;
        release.now = m_candidate.now;
    }
    next.release = std::make_shared<const Release>(std::move(release));
    return next;
}

bool Engine::complete(const ActiveRelease& next) const {
    if (!screen_of(next.release->fleet, m_settings.device))
        return next.index.programme == m_active.index.programme;
    const auto needed = blobs_needed_on(*next.release, m_settings.device);
    return std::all_of(needed.begin(), needed.end(), [this](const BlobReference& blob) { return m_held.contains(blob.sha256); });
}

std::optional<ActiveRelease> Engine::next_release() const {
    const bool programme = m_candidates.programme.has_value(), fleet = m_candidates.fleet.has_value();
    if (programme && fleet)
        if (auto next = combined(true, true); complete(next))
            return next;
    if (fleet)
        if (auto next = combined(false, true); complete(next))
            return next;
    if (programme)
        if (auto next = combined(true, false); complete(next))
            return next;
    if (fleet && !screen_of(m_active.release->fleet, m_settings.device)) {
        // Nothing plays here yet: say where this is at once, and play when the programme is complete.
        ActiveRelease next = combined(false, true);
        Release release = *next.release;
        release.programme = {};
        next.index.programme.reset();
        next.release = std::make_shared<const Release>(std::move(release));
        return next;
    }
    if (m_candidates.now)
        return combined(false, false);
    return std::nullopt;
}

void Engine::activate_if_complete(Nanoseconds now, std::vector<Action>& actions) {
    if (m_activating || (!m_changed && !m_activation_waits))
        return;
    auto next = next_release();
    m_activation_waits = next && now < m_activation.at;
    if (!next || m_activation_waits)
        return;
    m_activating = *next;
    actions.push_back(Activate{std::move(*next)});
}

void Engine::plan(Nanoseconds now) {
    m_changed = false;
    m_plan.clear();
    m_needed.clear();
    const auto add = [this](const std::vector<BlobReference>& blobs) {
        for (const auto& blob : blobs)
            if (m_needed.insert(blob.sha256).second && !m_held.contains(blob.sha256))
                m_plan.push_back(blob);
    };
    const ActiveRelease target = combined(true, true);
    for (const Release* release : {m_active.release.get(), target.release.get()})
        add(message_blobs_on(*release, m_settings.device));
    const Instant instant = m_time.utc + std::chrono::duration_cast<Milliseconds>(now - m_time_at);
    for (const Release* release : {m_active.release.get(), target.release.get()}) // a hole in what is playing comes before what is to come
        add(blobs_soonest_first(*release, m_settings.device, instant, m_time.known));
    // What is withdrawn now may come back at once, and then must be there.
    Release without_now{target.release->programme, target.release->fleet, {}};
    add(blobs_needed_on(without_now, m_settings.device));
    for (auto it = m_blob_retry.begin(); it != m_blob_retry.end();)
        it = m_needed.contains(it->first) ? std::next(it) : m_blob_retry.erase(it);
    if (m_plan.empty()) {
        m_problems.erase("blobs");
        m_disk_full = false;
    }
}

bool Engine::bound_to_hours(const BlobReference& blob) const {
    return blob.bytes > m_settings.small_blob && m_active.index.programme.has_value();
}

void Engine::fetch_blob(Nanoseconds now, std::vector<Action>& actions) {
    if (m_blob_under_way || m_plan.empty() || now < m_blobs.at)
        return;
    const auto next = std::find_if(m_plan.begin(), m_plan.end(), [&](const BlobReference& blob) {
        const auto retry = m_blob_retry.find(blob.sha256);
        return may_come_now(blob) && (retry == m_blob_retry.end() || now >= retry->second.at);
    });
    if (next == m_plan.end())
        return;
    m_blob_under_way = next->sha256;
    m_blob_bytes = 0;
    actions.push_back(FetchBlob{*next, m_plan, bound_to_hours(*next)});
}

void Engine::collect(Nanoseconds now, std::vector<Action>& actions) {
    if (!settled() || m_activating)
        return;
    Collect collect;
    for (auto it = m_unneeded_since.begin(); it != m_unneeded_since.end();)
        it = m_needed.contains(it->first) || m_on_air.contains(it->first) || !m_held.contains(it->first) ? m_unneeded_since.erase(it)
                                                                                                        : std::next(it);
    for (const Digest& digest : m_held) {
        if (m_needed.contains(digest) || m_on_air.contains(digest))
            continue;
        const Nanoseconds since = m_unneeded_since.try_emplace(digest, now).first->second;
        if (now - since >= (m_disk_full ? m_settings.grace_when_full : m_settings.grace))
            collect.blobs.push_back(digest);
    }
    if (collect.blobs.empty() && !m_leftovers)
        return;
    m_leftovers = false;
    for (const Digest& digest : collect.blobs) {
        m_held.erase(digest);
        m_unneeded_since.erase(digest);
    }
    for (const DocumentKind kind : all_document_kinds)
        for (const auto& entry : {m_active.index.entry(kind), m_wanted.entry(kind)})
            if (entry)
                collect.keep_documents.insert(document_file_name(kind, entry->sha256));
    for (const auto& blob : m_plan)
        collect.keep_partials.insert(blob.sha256);
    if (m_blob_under_way)
        collect.keep_partials.insert(*m_blob_under_way);
    actions.push_back(std::move(collect));
}

Nanoseconds Engine::next_deadline() const {
    Nanoseconds deadline = m_poll_under_way ? Nanoseconds::max() : m_poll.at;
    for (const DocumentKind kind : fetch_order) {
        const auto retry = m_document_retry.find(kind);
        if (lacks(kind) && !m_documents_under_way.contains(kind))
            deadline = std::min(deadline, retry == m_document_retry.end() ? Nanoseconds{0} : retry->second.at);
    }
    if (m_activation_waits && !m_activating)
        deadline = std::min(deadline, m_activation.at);
    if (!m_blob_under_way)
        for (const auto& blob : m_plan) {
            if (!may_come_now(blob))
                continue;
            const auto retry = m_blob_retry.find(blob.sha256);
            deadline = std::min(deadline, std::max(m_blobs.at, retry == m_blob_retry.end() ? Nanoseconds{0} : retry->second.at));
        }
    if (settled() && !m_activating)
        for (const auto& [digest, since] : m_unneeded_since)
            deadline = std::min(deadline, since + (m_disk_full ? m_settings.grace_when_full : m_settings.grace));
    return deadline;
}

State Engine::state() const {
    constexpr std::array gravest_first = {Trouble::disk_failed, Trouble::disk_full,     Trouble::not_understood,
                                          Trouble::untrusted,   Trouble::older,         Trouble::stale,
                                          Trouble::not_a_release, Trouble::unreachable, Trouble::incomplete};
    State state;
    for (const Trouble trouble : gravest_first)
        for (const auto& [what, problem] : m_problems)
            if (problem.trouble == trouble && state.problem.trouble == Trouble::none)
                state.problem = problem;
    state.contact = m_contact;
    state.blobs_missing = m_plan.size();
    for (const auto& blob : m_plan)
        state.bytes_missing += blob.bytes - (blob.sha256 == m_blob_under_way ? std::min(m_blob_bytes, blob.bytes) : 0);
    state.waits_for_hours = !m_plan.empty() && !m_blob_under_way && std::none_of(m_plan.begin(), m_plan.end(), [this](const BlobReference& blob) { return may_come_now(blob); });
    const bool enrolled = screen_of(m_active.release->fleet, m_settings.device).has_value();
    state.up_to_date = m_contact.has_value();
    for (const DocumentKind kind : all_document_kinds)
        if (m_wanted.entry(kind) != m_active.index.entry(kind) && (enrolled || kind != DocumentKind::programme))
            state.up_to_date = false;
    return state;
}

} // namespace capsule::sync
