// capsule.toml: what people write beside a master. Reentrant. The keys, with an example: README.md of this folder.
#pragma once

#include "content/base/disk.hpp"
#include "content/capsule/capsule.hpp"
#include "content/capsule/rights.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct CaptionHint {
    std::string language;
    Path file;         // relative to capsule.toml's folder when read from a file
    bool drawn = true; // false: its text is in the picture
};

// What the version made from the master is told, beyond what the master itself tells.
struct MediaHints {
    std::string language = "fr";
    std::optional<CapsuleKind> kind;      // what the master is expected to be
    std::optional<Milliseconds> duration; // of an image on screen
    bool text_in_picture = false;
    std::vector<CaptionHint> captions;
};

struct Metadata {
    Capsule capsule; // without versions
    MediaHints hints;
    Rights rights;
    std::string review_by; // local date; empty: none
};

// Errors name file, line, key, what is expected and, for a word that is not known, the nearest that is. Unknown keys are errors.
Result<Metadata> read_metadata(const Path& file);
// `name` stands for the file in messages; captions' files stay as written.
Result<Metadata> metadata_from_toml(std::string_view text, const std::string& name);

} // namespace capsule
