#include "playlists/cli/local_store.hpp"

#include "content/capsule/nearest.hpp"
#include "content/ingest/record.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

Path default_store(const std::string& xdg_data_home, const std::string& home) {
    return (xdg_data_home.empty() ? Path(home.empty() ? "." : home) / ".local" / "share" : Path(xdg_data_home)) / "capsule" /
           "store";
}

Result<nlohmann::json> read_local_record(Store& store, const CapsuleId& id) {
    const Path path = ingest::record_path(store, id);
    const auto text = store.disk().read(path, 1u << 20);
    if (!text && text.error().category == Category::missing) {
        std::string hint;
        std::vector<std::string> known;
        if (const auto records = ingest::list_records(store))
            for (const CapsuleId& record : *records)
                known.push_back(record.text());
        if (const auto meant = nearest_of(known, id.text()))
            hint = "; did you mean \"" + *meant + "\"?";
        return Error{Category::missing,
                     "capsule \"" + id.text() + "\" is not in the store " + store.root().string() + hint +
                         (hint.empty() ? ": make it with `capsule ingest`, or name its store with --store" : "")};
    }
    if (!text)
        return text.error();
    auto record = json::parse_strict(*text, {.bytes = 1u << 20, .depth = 16, .floats = false});
    if (!record)
        return in_context(path.string(), record.error());
    if (!record->is_object())
        return Error{Category::invalid, path.string() + " is no capsule record: make it anew with `capsule ingest`"};
    record->erase("id");
    record->erase("code"); // the server gives it
    if (const auto capsule = capsule_from_json(id, *record); !capsule)
        return in_context(path.string(), capsule.error());
    return std::move(*record);
}

Result<std::vector<BlobReference>> blobs_of_record(const CapsuleId& id, const nlohmann::json& record) {
    CAPSULE_TRY(capsule, capsule_from_json(id, record));
    return blobs_of(capsule);
}

} // namespace capsule::cli
