// Capsules in a local store, as `capsule ingest` and `capsule samples` leave them: STORE/capsules/<id>.json and their blobs.
// Reentrant.
#pragma once

#include "content/capsule/capsule.hpp"
#include "content/store/store.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace capsule::cli {

// Where capsules are kept when --store is not given: ${XDG_DATA_HOME:-~/.local/share}/capsule/store.
Path default_store(const std::string& xdg_data_home, const std::string& home);

// The record as the server takes it. Missing: names the store and the remedy. Invalid: names file and field.
Result<nlohmann::json> read_local_record(Store& store, const CapsuleId& id);
// Every blob that the record names, each once.
Result<std::vector<BlobReference>> blobs_of_record(const CapsuleId& id, const nlohmann::json& record);

} // namespace capsule::cli
