#include "playlists/cli/ingest.hpp"

#include "content/ingest/ingest.hpp"
#include "content/ingest/record.hpp"
#include "content/ingest/report.hpp"
#include "content/samples/build.hpp"
#include "playlists/cli/local_store.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

void print_findings(std::ostream& out, const std::vector<ingest::Finding>& findings) {
    for (const ingest::Finding& finding : findings)
        if (finding.level != ingest::Level::pass)
            out << (finding.level == ingest::Level::fail ? "  bloque\u00a0: " : "  à voir\u00a0: ") << finding.text << " [" << finding.check << "]\n";
}

} // namespace

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
    const auto report = ingest::report_on(made.record, store, to_rfc3339(terminal.clock.wall()).substr(0, 10));
    if (options.json) {
        terminal.out << nlohmann::ordered_json{{"id", id},
                                               {"sha256", made.version.media.sha256.hex()},
                                               {"bytes", made.version.media.bytes},
                                               {"duration_ms", made.version.duration.count()},
                                               {"width", made.version.width},
                                               {"height", made.version.height},
                                               {"warnings", made.warnings},
                                               {"report", ingest::to_json(report)}}
                            .dump()
                     << "\n";
        return {};
    }
    terminal.out << "capsule " << id << ": " << made.version.width << " × " << made.version.height << ", "
                 << made.version.duration.count() / 1000 << " s, " << (made.version.media.bytes + 1023) / 1024 << " KiB, in "
                 << options.store << "\n";
    print_findings(terminal.out, report.findings);
    for (const ingest::VersionReport& version : report.versions)
        print_findings(terminal.out, version.findings);
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
