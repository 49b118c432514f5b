// The directory in draft: where QR codes lead and which places screens name. Each call takes the caller's connection. Reentrant.
// What is kept: {"templates":{…},"places":null or {"sha256":…,"bytes":…,"type":…,"count":…,"received_at":…}}.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"
#include "content/lib/sqlite/database.hpp"
#include "content/store/store.hpp"
#include "playlists/places/places_file.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string_view>

namespace capsule::server {

Result<nlohmann::json> directory_document(sqlite::Database& database);
Result<void> keep_directory(sqlite::Database& database, const nlohmann::json& document);

// Reads a directory file row by row; what is taken becomes the document that screens get, as a blob of the store, in place of the
// one before. Invalid: not one place can be taken; then nothing is changed.
struct PlacesKept {
    PlacesFile file;
    BlobReference blob;
};
Result<PlacesKept> keep_places(sqlite::Database& database, Store& store, const Clock& clock, std::string_view text);
// Well also when there were none.
Result<void> forget_places(sqlite::Database& database);

// As a programme names it; empty when there is none.
std::optional<BlobReference> places_of(const nlohmann::json& directory);

} // namespace capsule::server
