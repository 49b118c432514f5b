// What a capsule is: the record that stands in programme.json. Reentrant values, no behaviour.
// Format: playlists/release/README.md ("programme.json"). Unknown fields are ignored by readers.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

enum class CapsuleKind { video, image, card };

// Bytes kept by digest.
struct BlobReference {
    Digest sha256;
    std::uint64_t bytes = 0;
    std::string type; // media type: "video/mp4", "image/png", "text/vtt", "image/webp"
    bool operator==(const BlobReference&) const = default;
};

struct CaptionTrack {
    std::string language; // BCP 47
    BlobReference blob;
    bool drawn = true; // false: the text is in the picture already, this is its transcript
    bool operator==(const CaptionTrack&) const = default;
};

// One language of a capsule; its media's digest names it.
struct CapsuleVersion {
    std::string language;
    BlobReference media;
    Milliseconds duration{0}; // images: how long they are shown
    int width = 0, height = 0;
    int fps_numerator = 25, fps_denominator = 1;
    bool sound = false;
    int gain_mdb = 0; // thousandths of a decibel
    bool text_in_picture = false;
    std::vector<CaptionTrack> captions;
    std::optional<BlobReference> thumbnail;
    bool operator==(const CapsuleVersion&) const = default;
};

struct Capsule {
    CapsuleId id;
    std::map<std::string, std::string> title; // by language; "fr" is always there
    CapsuleKind kind = CapsuleKind::video;
    std::string code; // three of Crockford's characters, given by the server; empty before
    std::string theme, axis, barrier, reading; // codes of vocabulaire.json
    std::vector<std::string> audience;
    std::vector<std::string> needs; // of the place: "conseiller", "atelier", …
    // Half-open local dates "2026-01-01"; empty: no limit.
    std::string valid_from, valid_until;
    std::optional<CapsuleId> followed_by;
    std::vector<CapsuleVersion> versions;
    bool operator==(const Capsule&) const = default;
};

// Media (a card has none), drawn and undrawn captions and thumbnails of all versions, in that order, each once.
std::vector<BlobReference> blobs_of(const Capsule& capsule);

// The JSON object as it stands under "capsules" (without the id, which is its key).
nlohmann::json to_json(const Capsule& capsule);
// Invalid: names the field. `id` is the key it stood under.
Result<Capsule> capsule_from_json(const CapsuleId& id, const nlohmann::json& object);

} // namespace capsule
