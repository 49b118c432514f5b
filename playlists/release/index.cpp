#include "playlists/release/index.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace capsule {

namespace {

Result<std::optional<DocumentEntry>> read_entry(const nlohmann::json& index, DocumentKind kind) {
    const std::string name = to_string(kind);
    const auto found = index.find(name);
    if (found == index.end() || found->is_null())
        return std::optional<DocumentEntry>{};
    const Error bad{Category::invalid,
                    "index.json: \"" + name + "\" needs number (from 1), sha256 (64 hexadecimal digits) and bytes"};
    if (!found->is_object())
        return bad;
    const auto number = found->find("number"), sha256 = found->find("sha256"), bytes = found->find("bytes");
    if (number == found->end() || !number->is_number_integer() || number->get<std::int64_t>() < 1 || sha256 == found->end() ||
        !sha256->is_string() || bytes == found->end() || !bytes->is_number_unsigned())
        return bad;
    const auto digest = Digest::parse(sha256->get<std::string>());
    if (!digest)
        return bad;
    return std::optional(DocumentEntry{number->get<std::int64_t>(), *digest, bytes->get<std::uint64_t>()});
}

} // namespace

const char* to_string(DocumentKind kind) {
    switch (kind) {
    case DocumentKind::programme:
        return "programme";
    case DocumentKind::fleet:
        return "fleet";
    case DocumentKind::now:
        break;
    }
    return "now";
}

const std::optional<DocumentEntry>& ReleaseIndex::entry(DocumentKind kind) const {
    return kind == DocumentKind::programme ? programme : kind == DocumentKind::fleet ? fleet : now;
}

std::optional<DocumentEntry>& ReleaseIndex::entry(DocumentKind kind) {
    return kind == DocumentKind::programme ? programme : kind == DocumentKind::fleet ? fleet : now;
}

Result<ReleaseIndex> parse_release_index(std::string_view text) {
    auto document = json::parse_strict(text, {.bytes = 64u << 10, .depth = 8, .floats = false});
    if (!document)
        return in_context("index.json", document.error());
    if (!document->is_object())
        return Error{Category::invalid, "index.json: an object is expected"};
    const auto format = document->find("format");
    if (format == document->end() || !format->is_number_integer())
        return Error{Category::invalid, "index.json: \"format\" is missing"};
    if (format->get<std::int64_t>() != 1)
        return Error{Category::refused, "index.json: format " + format->dump() + " is newer than this program: update it"};
    if (const auto required = document->find("requires");
        required != document->end() && (!required->is_array() || !required->empty()))
        return Error{Category::refused,
                     "index.json requires " + required->dump() + ", which this program does not know: update it"};
    ReleaseIndex index;
    for (const DocumentKind kind : all_document_kinds) {
        CAPSULE_TRY(entry, read_entry(*document, kind));
        index.entry(kind) = entry;
    }
    return index;
}

std::string serialise(const ReleaseIndex& index) {
    nlohmann::ordered_json document = {{"format", 1}, {"requires", nlohmann::ordered_json::array()}};
    for (const DocumentKind kind : all_document_kinds) {
        const auto& entry = index.entry(kind);
        document[to_string(kind)] = nullptr;
        if (entry)
            document[to_string(kind)] = {{"number", entry->number}, {"sha256", entry->sha256.hex()}, {"bytes", entry->bytes}};
    }
    return document.dump();
}

std::string document_file_name(DocumentKind kind, const Digest& sha256) {
    return sha256.hex() + "." + to_string(kind) + ".json";
}

std::optional<std::pair<DocumentKind, Digest>> parse_document_file_name(std::string_view name) {
    const auto digest = Digest::parse(name.substr(0, 64));
    if (!digest)
        return std::nullopt;
    for (const DocumentKind kind : all_document_kinds)
        if (name == document_file_name(kind, *digest))
            return std::pair(kind, *digest);
    return std::nullopt;
}

std::optional<MetadataFileName> parse_metadata_file_name(std::string_view name) {
    if (name == "timestamp.json")
        return MetadataFileName{"timestamp", 0};
    std::int64_t version = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), version);
    const std::string_view rest(end, static_cast<std::size_t>(name.data() + name.size() - end));
    if (code != std::errc{} || version < 1 || name.front() < '1' || name.front() > '9')
        return std::nullopt;
    for (const char* role : {"root", "snapshot", "targets"})
        if (rest == std::string(".") + role + ".json")
            return MetadataFileName{role, version};
    return std::nullopt;
}

} // namespace capsule
