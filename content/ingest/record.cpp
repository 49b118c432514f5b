#include "content/ingest/record.hpp"

#include "content/capsule/fields.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::ingest {

namespace {

constexpr std::uint64_t most_bytes = 1u << 20;

} // namespace

nlohmann::json to_json(const Record& record) {
    nlohmann::json json = capsule::to_json(record.capsule);
    json["id"] = record.capsule.id.text();
    json["rights"] = capsule::to_json(record.rights);
    json["review_by"] = record.review_by.empty() ? nlohmann::json(nullptr) : nlohmann::json(record.review_by);
    for (const auto& [digest, measurement] : record.measured)
        json["measured"][digest.hex()] = to_json(measurement);
    return json;
}

Result<Record> record_from_json(const CapsuleId& id, const nlohmann::json& object) {
    CAPSULE_TRY(capsule, capsule_from_json(id, object));
    Fields fields(object, id.text());
    CAPSULE_TRY(rights, rights_from_json(fields.object("rights", 64), fields.path("rights")));
    Record record{std::move(capsule), std::move(rights), fields.checked_or_empty("review_by", is_date, "a date such as 2026-01-31"), {}};
    for (const auto& [name, value] : fields.object("measured", 64).items())
        if (const auto digest = Digest::parse(name))
            if (auto measurement = measurement_from_json(value)) // an older program's: it is measured anew with the next version
                record.measured.emplace(*digest, std::move(*measurement));
    if (!fields.ok())
        return fields.error();
    return record;
}

Path record_path(const Store& store, const CapsuleId& id) { return store.root() / "capsules" / (id.text() + ".json"); }

Result<void> write_record(const Store& store, const Record& record) {
    const Path path = record_path(store, record.capsule.id);
    if (!store.disk().exists(path.parent_path())) {
        CAPSULE_CHECK(store.disk().make_directories(path.parent_path()));
        CAPSULE_CHECK(store.disk().sync_directory(store.root()));
    }
    return write_durably(store.disk(), path, to_json(record).dump(1) + "\n");
}

Result<Record> read_record(const Store& store, const CapsuleId& id) {
    const Path path = record_path(store, id);
    auto bytes = store.disk().read(path, most_bytes);
    if (!bytes && bytes.error().category == Category::missing)
        return Error{Category::missing, "there is no capsule \"" + id.text() + "\" in " + store.root().string()};
    if (!bytes)
        return bytes.error();
    auto json = json::parse_strict(*bytes);
    if (!json)
        return in_context(path.string(), json.error());
    auto record = record_from_json(id, *json);
    if (!record)
        return in_context(path.string(), record.error());
    return record;
}

Result<std::vector<CapsuleId>> list_records(const Store& store) {
    std::vector<CapsuleId> ids;
    CAPSULE_TRY(names, store.disk().list(store.root() / "capsules"));
    for (const auto& name : names)
        if (name.ends_with(".json"))
            if (const auto id = CapsuleId::parse(std::string_view(name).substr(0, name.size() - 5)))
                ids.push_back(*id);
    return ids;
}

} // namespace capsule::ingest
