// The difference between two versions of a document, so that a small change is a small download. Reentrant.
//
// Nothing is believed of a patch: what comes of it must have the digest that signed metadata name, else the whole document is fetched.
//
//   <sha256 after>.from.<sha256 before>.fleet.json
//   {"format":1,"set":[[["screens","hall"],{…}],…],"remove":[["devices","5f0c9a1e22b47d10"],…]}   paths are keys of objects
#pragma once

#include "content/base/result.hpp"
#include "playlists/release/index.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace capsule {

// Empty when the two are no compact JSON objects, or the patch would not be smaller than half of `after`.
std::optional<std::string> make_patch(std::string_view before, std::string_view after);
// Invalid when it cannot be applied. At most 16 MiB each.
Result<std::string> apply_patch(std::string_view before, std::string_view patch);

std::string patch_file_name(DocumentKind kind, const Digest& before, const Digest& after);
struct PatchFileName {
    DocumentKind kind = DocumentKind::now;
    Digest before, after;
};
std::optional<PatchFileName> parse_patch_file_name(std::string_view name);

} // namespace capsule
