#include "playlists/sync/active_store.hpp"

#include "content/base/digest.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::sync {

namespace {

constexpr std::uint64_t most_document_bytes = 16u << 20;
constexpr std::uint64_t most_pointer_bytes = 64u << 10;

nlohmann::ordered_json to_json(const std::optional<DocumentEntry>& entry) {
    if (!entry)
        return nullptr;
    nlohmann::ordered_json object = {{"number", entry->number}, {"sha256", entry->sha256.hex()}};
    if (!entry->signers.empty())
        object["signers"] = entry->signers;
    return object;
}

std::optional<DocumentEntry> entry_from_json(const nlohmann::json& object) {
    if (!object.is_object() || !object.contains("number") || !object["number"].is_number_integer() ||
        !object.contains("sha256") || !object["sha256"].is_string())
        return std::nullopt;
    const auto digest = Digest::parse(object["sha256"].get<std::string>());
    if (!digest)
        return std::nullopt;
    DocumentEntry entry{object["number"].get<std::int64_t>(), *digest, 0};
    if (const auto signers = object.find("signers"); signers != object.end() && signers->is_string())
        entry.signers = signers->get<std::string>();
    return entry;
}

template <typename Document>
Result<void> put(Result<Document> parsed, std::int64_t number, Document& slot) {
    if (!parsed)
        return parsed.error();
    if (parsed->number != number)
        return Error{Category::invalid, "it says number " + std::to_string(parsed->number)};
    slot = std::move(*parsed);
    return {};
}

} // namespace

Result<void> ActiveStore::prepare() {
    CAPSULE_CHECK(m_disk.make_directories(documents()));
    return m_disk.sync_directory(m_store);
}

LoadedRelease ActiveStore::load() {
    LoadedRelease loaded;
    const Path pointer = m_store / "active.json";
    const auto text = m_disk.read(pointer, most_pointer_bytes);
    if (!text) {
        if (text.error().category != Category::missing)
            loaded.problems.push_back(text.error().message);
        return loaded;
    }
    const auto object = json::parse_strict(*text, {.bytes = most_pointer_bytes, .depth = 4, .floats = false});
    if (!object || !object->is_object() || object->value("format", nlohmann::json()) != 1) {
        loaded.problems.push_back(pointer.string() + ": " + (object ? "not a pointer of format 1" : object.error().message));
        return loaded;
    }
    Release release;
    for (const DocumentKind kind : all_document_kinds) {
        const auto found = object->find(to_string(kind));
        if (found == object->end() || found->is_null())
            continue;
        auto entry = entry_from_json(*found);
        Result<void> put_in_place = Error{Category::invalid, "the pointer is not understood"};
        if (entry) {
            auto size = m_disk.size(documents() / document_file_name(kind, entry->sha256));
            entry->bytes = size ? *size : 0;
            const auto document_text = document(kind, *entry);
            if (!document_text)
                put_in_place = document_text.error();
            else if (kind == DocumentKind::programme)
                put_in_place = put(parse_programme(*document_text), entry->number, release.programme);
            else if (kind == DocumentKind::fleet)
                put_in_place = put(parse_fleet(*document_text), entry->number, release.fleet);
            else
                put_in_place = put(parse_now(*document_text), entry->number, release.now);
        }
        if (put_in_place)
            loaded.active.index.entry(kind) = entry;
        else
            loaded.problems.push_back(std::string("the active ") + to_string(kind) +
                                      " cannot be used and is fetched anew: " + put_in_place.error().message);
    }
    loaded.active.release = std::make_shared<const Release>(std::move(release));
    return loaded;
}

Result<std::string> ActiveStore::document(DocumentKind kind, const DocumentEntry& entry) {
    const Path path = documents() / document_file_name(kind, entry.sha256);
    CAPSULE_TRY(text, m_disk.read(path, most_document_bytes));
    if (text.size() != entry.bytes || sha256(text) != entry.sha256)
        return Error{Category::missing, path.string() + " is damaged: its bytes are not those of its name"};
    return std::move(text);
}

Result<void> ActiveStore::keep_document(DocumentKind kind, const DocumentEntry& entry, std::string_view text) {
    const std::string name = document_file_name(kind, entry.sha256);
    if (text.size() != entry.bytes)
        return Error{Category::invalid,
                     name + " has " + std::to_string(text.size()) + " bytes where the index says " + std::to_string(entry.bytes)};
    if (sha256(text) != entry.sha256)
        return Error{Category::invalid, name + " has another digest than its name"};
    return write_durably(m_disk, documents() / name, text);
}

Result<void> ActiveStore::activate(const ReleaseIndex& index) {
    const nlohmann::ordered_json pointer = {
        {"format", 1}, {"programme", to_json(index.programme)}, {"fleet", to_json(index.fleet)}, {"now", to_json(index.now)}};
    return write_durably(m_disk, m_store / "active.json", pointer.dump() + "\n");
}

Result<void> ActiveStore::keep_only(const std::set<std::string>& names) {
    CAPSULE_TRY(present, m_disk.list(documents()));
    for (const auto& name : present)
        if (!names.contains(name))
            CAPSULE_CHECK(m_disk.remove(documents() / name));
    return {};
}

} // namespace capsule::sync
