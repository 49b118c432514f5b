#include "content/capsule/vocabulary.hpp"

#include "content/base/identifier.hpp"
#include "content/capsule/nearest.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <stdexcept>

namespace capsule {

namespace {

using Json = nlohmann::json;

struct Kind {
    const char* key;  // in vocabulaire.json
    const char* noun; // in messages
};
constexpr std::array<Kind, 7> kinds{{{"theme", "a theme"},
                                     {"axe_feuille_de_route", "an axis of the roadmap"},
                                     {"frein", "a barrier"},
                                     {"public", "an audience"},
                                     {"niveau_lecture", "a reading level"},
                                     {"langue", "a language of the vocabulary"},
                                     {"type_lieu", "a type of place"}}};

const Kind& kind_of(Vocabulary vocabulary) { return kinds.at(static_cast<std::size_t>(vocabulary)); }

void add_terms(std::vector<Term>& to, const Json& entries, Vocabulary vocabulary) {
    for (const auto& entry : entries) {
        if (entry.is_object()) {
            to.push_back({entry.at("code").get<std::string>(), entry.at("label").get<std::string>()});
            if (entry.contains("sous"))
                add_terms(to, entry.at("sous"), vocabulary);
            continue;
        }
        const auto text = entry.get<std::string>();
        // Audiences have labels only (they are the national scheme's); their code is the first word: "tous", "familles".
        to.push_back({vocabulary == Vocabulary::audience ? suggest_identifier(text.substr(0, text.find(' '))) : text, text});
    }
}

std::array<std::vector<Term>, kinds.size()> load() {
    const auto json = json::parse_strict(vocabulary_text());
    if (!json) // it is built in: only a damaged build can bring this about
        throw std::runtime_error("vocabulaire.json: " + json.error().message);
    std::array<std::vector<Term>, kinds.size()> all;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        add_terms(all[i], json->at(kinds[i].key), static_cast<Vocabulary>(i));
    return all;
}

} // namespace

const std::vector<Term>& terms(Vocabulary vocabulary) {
    static const auto all = load();
    return all.at(static_cast<std::size_t>(vocabulary));
}

bool is_known(Vocabulary vocabulary, std::string_view code) {
    for (const auto& term : terms(vocabulary))
        if (term.code == code)
            return true;
    return false;
}

std::optional<std::string> code_of(Vocabulary vocabulary, std::string_view code_or_label) {
    for (const auto& term : terms(vocabulary))
        if (term.code == code_or_label || term.label == code_or_label)
            return term.code;
    return std::nullopt;
}

std::optional<std::string> nearest(Vocabulary vocabulary, std::string_view text) {
    std::vector<std::string> codes, labels;
    for (const auto& term : terms(vocabulary)) {
        codes.push_back(term.code);
        labels.push_back(suggest_identifier(term.label));
    }
    const std::string plain = suggest_identifier(text.substr(0, 200));
    if (auto code = nearest_of(codes, plain))
        return code;
    if (const auto by_label = nearest_of(labels, plain))
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels[i] == *by_label)
                return codes[i];
    return std::nullopt;
}

std::string label(Vocabulary vocabulary, std::string_view code) {
    for (const auto& term : terms(vocabulary))
        if (term.code == code)
            return term.label;
    return std::string(code);
}

std::string not_known(Vocabulary vocabulary, std::string_view text) {
    std::string message = "\"" + std::string(text.substr(0, 100)) + "\" is not " + kind_of(vocabulary).noun;
    if (const auto meant = nearest(vocabulary, text))
        return message + "; did you mean \"" + *meant + "\"?";
    message += "; known:";
    for (const auto& term : terms(vocabulary))
        message += " " + term.code;
    return message;
}

} // namespace capsule
