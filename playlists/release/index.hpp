// index.json: which programme, fleet and now document are in force. Format: README.md of this folder. Reentrant values.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace capsule {

enum class DocumentKind { programme, fleet, now };
inline constexpr std::array all_document_kinds = {DocumentKind::programme, DocumentKind::fleet, DocumentKind::now};

// "programme", "fleet", "now".
const char* to_string(DocumentKind kind);

struct DocumentEntry {
    std::int64_t number = 0; // rises with each version of that document
    Digest sha256;
    std::uint64_t bytes = 0;
    // On a screen: which set of keys stood for targets when this was announced, as 16 hexadecimal digits; empty: not known. It says
    // nothing about the document, so it is not compared.
    std::string signers = {};
    bool operator==(const DocumentEntry& other) const {
        return number == other.number && sha256 == other.sha256 && bytes == other.bytes;
    }
};

struct ReleaseIndex {
    // Empty: never published.
    std::optional<DocumentEntry> programme, fleet, now;

    std::optional<DocumentEntry>& entry(DocumentKind kind);
    const std::optional<DocumentEntry>& entry(DocumentKind kind) const;
    bool operator==(const ReleaseIndex&) const = default;
};

// Invalid: names the field. Refused: a newer format, or `requires` names something that this program does not know.
Result<ReleaseIndex> parse_release_index(std::string_view text);
std::string serialise(const ReleaseIndex& index);

// "<sha256>.programme.json": the document's name in the release folder and below /release/.
std::string document_file_name(DocumentKind kind, const Digest& sha256);
// The reverse; empty when `name` is not such a name.
std::optional<std::pair<DocumentKind, Digest>> parse_document_file_name(std::string_view name);

// "timestamp.json", "3.root.json", "17.snapshot.json", "12.targets.json": the names of signed metadata. Empty for others.
struct MetadataFileName {
    std::string role;
    std::int64_t version = 0; // 0: none, of the timestamp
};
std::optional<MetadataFileName> parse_metadata_file_name(std::string_view name);

} // namespace capsule
