#include "playlists/server/catalogue/places.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr const char* type_of_places = "application/json";

} // namespace

Result<Json> directory_document(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT document FROM directory"));
    CAPSULE_TRY(row, select.step());
    Json document{{"templates", Json::object()}, {"places", nullptr}};
    if (!row)
        return document;
    CAPSULE_TRY(kept, json::parse_strict(select.text(0)));
    document.update(kept);
    return document;
}

Result<void> keep_directory(sqlite::Database& database, const Json& document) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO directory(id, document) VALUES(1, ?1)"
                                         " ON CONFLICT(id) DO UPDATE SET document=excluded.document"));
    insert.bind(1, std::string_view(document.dump()));
    return insert.run();
}

Result<PlacesKept> keep_places(sqlite::Database& database, Store& store, const Clock& clock, std::string_view text) {
    CAPSULE_TRY(file, read_places(text, "the directory"));
    if (file.places.empty())
        return Error{Category::invalid, "the directory has no place in it: nothing was changed"};
    PlacesKept kept{std::move(file), {}};
    CAPSULE_TRY(stored, store.add_bytes(serialise(kept.file.places)));
    kept.blob = {stored.digest, stored.bytes, type_of_places};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(type, database.prepare("INSERT INTO blob_types(sha256, type) VALUES(?1, ?2)"
                                       " ON CONFLICT(sha256) DO UPDATE SET type=excluded.type"));
    type.bind(1, std::string_view(kept.blob.sha256.hex()));
    type.bind(2, std::string_view(kept.blob.type));
    CAPSULE_CHECK(type.run());
    CAPSULE_TRY(document, directory_document(database));
    document["places"] = {{"sha256", kept.blob.sha256.hex()},
                          {"bytes", kept.blob.bytes},
                          {"type", kept.blob.type},
                          {"count", kept.file.places.size()},
                          {"received_at", to_rfc3339(std::chrono::floor<std::chrono::seconds>(clock.wall()))}};
    CAPSULE_CHECK(keep_directory(database, document));
    CAPSULE_CHECK(transaction.commit());
    return kept;
}

Result<void> forget_places(sqlite::Database& database) {
    CAPSULE_TRY(document, directory_document(database));
    document["places"] = nullptr;
    return keep_directory(database, document);
}

std::optional<BlobReference> places_of(const Json& directory) {
    const auto places = directory.find("places");
    if (places == directory.end() || !places->is_object())
        return std::nullopt;
    const auto digest = Digest::parse(places->value("sha256", std::string{}));
    if (!digest)
        return std::nullopt;
    return BlobReference{*digest, places->value("bytes", std::uint64_t{0}), places->value("type", std::string{type_of_places})};
}

} // namespace capsule::server
