#include "playlists/cli/ingest.hpp"

#include "content/ingest/ingest.hpp"
#include "content/ingest/record.hpp"
#include "content/samples/build.hpp"
#include "playlists/cli/local_store.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

Result<void> run_ingest(const IngestOptions& options, Terminal& terminal) {
    Store store(terminal.disk, options.store);
    CAPSULE_CHECK(store.prepare());
    ingest::IngestedCapsule made;
    {
        Progress progress(terminal, "ingest " + Path(options.master).filename().string());
        ingest::Options how;
        how.progress = [&](double fraction) { progress.show(fraction); };
        CAPSULE_TRY(ingested, ingest::ingest_capsule(options.master, options.meta, store, how));
        made = std::move(ingested);
    }
    for (const auto& warning : made.warnings)
        terminal.err << "capsule: warning: " << warning << "\n";
    const std::string id = made.record.capsule.id.text();
    if (options.json) {
        terminal.out << nlohmann::ordered_json{{"id", id},
                                               {"sha256", made.version.media.sha256.hex()},
                                               {"bytes", made.version.media.bytes},
                                               {"duration_ms", made.version.duration.count()},
                                               {"width", made.version.width},
                                               {"height", made.version.height},
                                               {"warnings", made.warnings}}
                            .dump()
                     << "\n";
        return {};
    }
    terminal.out << "capsule " << id << ": " << made.version.width << " × " << made.version.height << ", "
                 << made.version.duration.count() / 1000 << " s, " << (made.version.media.bytes + 1023) / 1024 << " KiB, in "
                 << options.store << "\n";
    return {};
}

Result<void> run_samples(const std::string& store, Terminal& terminal) {
    {
        Progress progress(terminal, "samples");
        CAPSULE_CHECK(
            samples::build_samples(store, [&](const std::string& text, double fraction) { progress.show(fraction, text); }));
    }
    Store kept(terminal.disk, store);
    CAPSULE_TRY(ids, ingest::list_records(kept));
    terminal.out << ids.size() << " capsules in " << store << "\n";
    return {};
}

} // namespace capsule::cli
