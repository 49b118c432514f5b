#include "content/capsule/rights.hpp"

#include "content/capsule/fields.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

bool is_persons_word(std::string_view text) { return text == "none" || text == "consent"; }
bool is_voice_word(std::string_view text) { return text == "none" || text == "consent" || text == "synthetic"; }
bool is_music_word(std::string_view text) { return text == "none" || text == "licence" || text == "society"; }

nlohmann::json to_json(const Rights& rights) {
    nlohmann::json json = nlohmann::json::object();
    const auto put = [&](const char* key, const std::string& text) {
        if (!text.empty())
            json[key] = text;
    };
    put("persons", rights.persons);
    put("voice", rights.voice);
    put("music", rights.music);
    put("proof", rights.proof);
    put("until", rights.until);
    return json;
}

Result<Rights> rights_from_json(const nlohmann::json& object, const std::string& where) {
    Fields fields(object, where);
    Rights rights;
    rights.persons = fields.checked_or_empty("persons", is_persons_word, "none or consent");
    rights.voice = fields.checked_or_empty("voice", is_voice_word, "none, consent or synthetic");
    rights.music = fields.checked_or_empty("music", is_music_word, "none, licence or society");
    rights.proof = fields.text_or("proof", 1000, {});
    rights.until = fields.checked_or_empty("until", is_date, "a date such as 2026-01-31");
    if (!fields.ok())
        return fields.error();
    return rights;
}

} // namespace capsule
