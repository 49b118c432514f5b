#include "playlists/cli/local_store.hpp"

#include "content/capsule/nearest.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace capsule::cli {

Path default_store(const std::string& xdg_data_home, const std::string& home) {
    return (xdg_data_home.empty() ? Path(home.empty() ? "." : home) / ".local" / "share" : Path(xdg_data_home)) / "capsule" /
           "store";
}

Result<std::vector<std::string>> local_capsules(Store& store) {
    CAPSULE_TRY(names, store.disk().list(store.root() / "capsules"));
    std::vector<std::string> ids;
    for (const auto& name : names)
        if (name.ends_with(".json") && is_identifier(name.substr(0, name.size() - 5)))
            ids.push_back(name.substr(0, name.size() - 5));
    return ids;
}

Result<nlohmann::json> read_local_record(Store& store, const CapsuleId& id) {
    const Path path = store.root() / "capsules" / (id.text() + ".json");
    const auto text = store.disk().read(path, 1u << 20);
    if (!text && text.error().category == Category::missing) {
        std::string hint;
        if (const auto known = local_capsules(store); known)
            if (const auto meant = nearest_of(*known, id.text()))
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
    std::vector<BlobReference> blobs;
    std::set<Digest> seen;
    const auto add = [&](const BlobReference& blob) {
        if (seen.insert(blob.sha256).second)
            blobs.push_back(blob);
    };
    for (const auto& version : capsule.versions) {
        add(version.media);
        for (const auto& track : version.captions)
            add(track.blob);
        if (version.thumbnail)
            add(*version.thumbnail);
    }
    return blobs;
}

} // namespace capsule::cli
