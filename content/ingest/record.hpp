// A capsule as the local store keeps it beside its blobs: STORE/capsules/<id>.json. Reentrant.
// The file is the record of programme.json plus "id", "rights", "review_by" and "measured"; written durably, old or new, never half.
#pragma once

#include "content/capsule/capsule.hpp"
#include "content/capsule/rights.hpp"
#include "content/ingest/measurement.hpp"
#include "content/store/store.hpp"

#include <map>
#include <string>
#include <vector>

namespace capsule::ingest {

struct Record {
    Capsule capsule;
    Rights rights;
    std::string review_by; // local date; empty: none
    std::map<Digest, Measurement> measured; // of its versions' media
    bool operator==(const Record&) const = default;
};

nlohmann::json to_json(const Record& record);
Result<Record> record_from_json(const CapsuleId& id, const nlohmann::json& object);

Path record_path(const Store& store, const CapsuleId& id);
Result<void> write_record(const Store& store, const Record& record);
// Missing: there is no such capsule in this store. Invalid: names file and field.
Result<Record> read_record(const Store& store, const CapsuleId& id);
// Of all records, sorted.
Result<std::vector<CapsuleId>> list_records(const Store& store);

} // namespace capsule::ingest
