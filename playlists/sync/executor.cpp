#include "playlists/sync/executor.hpp"

#include "content/base/digest.hpp"
#include "content/base/log.hpp"
#include "playlists/release/patch.hpp"

#include <deque>

namespace capsule::sync {

namespace {
constexpr std::uint64_t most_document_bytes = 16u << 20;
constexpr std::uint64_t least_bytes_for_patch = 8192;
} // namespace

Input Executor::execute(const Poll& action) {
    return m_trust.poll(m_source, action.etag);
}

Input Executor::execute(const FetchDocument& action) {
    const auto fetch = [&]() -> Result<std::string> {
        if (auto kept = m_active.document(action.kind, action.entry))
            return kept; // from an earlier attempt
        if (action.entry.bytes > most_document_bytes)
            return Error{Category::invalid, std::string(to_string(action.kind)) + ".json is larger than " +
                                                std::to_string(most_document_bytes >> 20) + " MiB"};
        if (auto patched = from_patch(action)) {
            CAPSULE_CHECK(m_active.keep_document(action.kind, action.entry, *patched));
            return std::move(*patched);
        }
        const std::string name = document_file_name(action.kind, action.entry.sha256);
        CAPSULE_TRY(file, m_source.file(name, "", action.entry.bytes));
        if (file.overlong)
            return Error{Category::refused, m_source.name() + " has a " + name + " that is larger than the " +
                                                std::to_string(action.entry.bytes) + " bytes that are signed"};
        CAPSULE_CHECK(m_active.keep_document(action.kind, action.entry, file.bytes));
        return std::move(file.bytes);
    };
    auto text = fetch();
    if (!text)
        return DocumentFailed{action.kind, action.entry, text.error()};
    return DocumentFetched{action.kind, action.entry, std::move(*text)};
}

// What is in force with the difference applied, if that can be had and gives what is signed.
std::optional<std::string> Executor::from_patch(const FetchDocument& action) {
    // A small document comes sooner whole than after asking for a difference that may not be there.
    const auto before = action.before && action.entry.bytes >= least_bytes_for_patch ? m_active.document(action.kind, *action.before) : Result<std::string>(Error{});
    if (!before)
        return std::nullopt;
    const auto patch = m_source.file(patch_file_name(action.kind, action.before->sha256, action.entry.sha256), "", action.entry.bytes);
    if (!patch || patch->overlong)
        return std::nullopt;
    auto after = apply_patch(*before, patch->bytes);
    if (!after || after->size() != action.entry.bytes || sha256(*after) != action.entry.sha256)
        return std::nullopt;
    return std::move(*after);
}

Input Executor::execute(const Activate& action) {
    if (const auto done = m_active.activate(action.next.index); !done)
        return ActivationFailed{done.error()};
    return Activated{};
}

Input Executor::execute(const FetchBlob& action, const BlobDownload::Progress& progress, const std::atomic<bool>* hours_over) {
    BlobDownload download(m_store, action.blob, progress, action.at_hours_only ? hours_over : nullptr);
    const auto done = download.run(m_source, action.planned);
    if (download.paused())
        return BlobPaused{action.blob.sha256};
    if (!done)
        return BlobFailed{action.blob.sha256, done.error(), download.received() > 0};
    return BlobFinished{action.blob.sha256};
}

Result<void> Executor::execute(const Collect& action) {
    for (const Digest& digest : action.blobs)
        CAPSULE_CHECK(m_store.remove(digest));
    CAPSULE_CHECK(m_active.keep_only(action.keep_documents));
    CAPSULE_TRY(names, m_store.disk().list(m_store.incoming()));
    for (const auto& name : names)
        if (const auto digest = parse_part_name(name); digest && !action.keep_partials.contains(*digest))
            CAPSULE_CHECK(m_store.disk().remove(m_store.incoming() / name));
    return {};
}

Result<Beginning> begin(ActiveStore& active, Store& store, const std::string& device) {
    CAPSULE_CHECK(store.prepare());
    CAPSULE_CHECK(active.prepare());
    Beginning beginning;
    beginning.loaded = active.load();
    CAPSULE_TRY(present, store.list());
    beginning.held.insert(present.begin(), present.end());
    for (const auto& blob : blobs_needed_on(*beginning.loaded.active.release, device))
        if (beginning.held.contains(blob.sha256) && !store.has(blob.sha256, blob.bytes)) {
            beginning.loaded.problems.push_back(store.path_of(blob.sha256).string() + " has the wrong size and is fetched anew");
            beginning.held.erase(blob.sha256);
        }
    return beginning;
}

void run_until_idle(Engine& engine, Executor& executor, const Clock& clock) {
    std::deque<Input> inputs{Tick{}};
    while (!inputs.empty()) {
        const auto actions = engine.step(inputs.front(), clock.monotonic());
        inputs.pop_front();
        for (const Action& action : actions) {
            if (const auto* blob = std::get_if<FetchBlob>(&action))
                inputs.push_back(executor.execute(*blob, {}));
            else if (const auto* poll = std::get_if<Poll>(&action))
                inputs.push_back(executor.execute(*poll));
            else if (const auto* document = std::get_if<FetchDocument>(&action))
                inputs.push_back(executor.execute(*document));
            else if (const auto* activate = std::get_if<Activate>(&action))
                inputs.push_back(executor.execute(*activate));
            else if (const auto done = executor.execute(std::get<Collect>(action)); !done)
                log_warning("sync", "tidying up failed, to be tried again: " + done.error().message);
        }
    }
}

} // namespace capsule::sync
