// On what grounds a capsule may be shown. Reentrant values. Empty texts: not said; publishing may refuse that.
#pragma once

#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace capsule {

struct Rights {
    std::string persons; // who is recognisable: "none" or "consent"
    std::string voice;   // "none", "consent" or "synthetic"
    std::string music;   // "none", "licence" or "society" (declared to a collecting society)
    std::string proof;   // where the papers are
    std::string until;   // local date, half-open; empty: no end
    bool operator==(const Rights&) const = default;
};

// Members that are empty are left out.
nlohmann::json to_json(const Rights& rights);
// Invalid: names the field, after `where`.
Result<Rights> rights_from_json(const nlohmann::json& object, const std::string& where);

bool is_persons_word(std::string_view text);
bool is_voice_word(std::string_view text);
bool is_music_word(std::string_view text);

} // namespace capsule
