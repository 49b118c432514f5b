#include "content/samples/staging.hpp"

#include <algorithm>
#include <array>

namespace capsule::samples {

namespace {

struct Scheme {
    std::uint32_t ground, ground_end, glow, accent;
};

constexpr Scheme teal{0x12475a, 0x0a2c39, 0x2f8299, 0xffcb69};
constexpr Scheme indigo{0x2c3170, 0x1a1c46, 0x5560b8, 0xffc98f};
constexpr Scheme plum{0x5b2452, 0x381334, 0x94498a, 0xffd479};
constexpr Scheme forest{0x18503c, 0x0d3024, 0x36876b, 0xffd57a};
constexpr Scheme night{0x17426f, 0x0d2746, 0x3a75b0, 0xffd166};
constexpr Scheme brick{0x6b2b23, 0x441912, 0xa9584a, 0xffd9a0};
constexpr Scheme slate{0x34465a, 0x1f2c3b, 0x62809f, 0x9be8d0};

struct Part {
    std::string_view id;
    Scheme scheme;
    std::vector<Pictogram> pictograms;
};

using enum Pictogram;

const std::vector<Part>& parts() {
    static const std::vector<Part> all{
        {"mot-de-passe", teal, {key, password, keys, phone_refused, two_people}},
        {"message-frauduleux", brick, {hook, window_checked, stop, message, shield}},
        {"aide-proche", forest, {laptop_question, two_people, reception, heart, pin}},
        {"premiere-demarche", night, {checklist, papers, window_checked, lifebuoy, together}},
        {"aidants-connect", indigo, {laptop_question, together, signature, lock, reception}},
        {"ateliers-collectifs", plum, {group, clock, laptop_heart, door, calendar}},
        {"peur-de-se-tromper", slate, {laptop_question, undo, group, together, speech_question}},
        {"franceconnect", night, {keys, cursor, person_card, window, reception}},
        {"adresse-mail", teal, {envelope, person_card, signature, clock, together}},
        {"telephone-confort", indigo, {text_size, gear, toggle, undo, group}},
        {"parents-ecrans", plum, {family, speech, meal, school, calendar}},
        {"ordinateur-solidaire", forest, {home, wrench, pin, papers, laptop_heart}},
        {"pas-envie", slate, {phone_refused, reception, heart, door, speech}},
    };
    return all;
}

// Labels as in the vocabulary.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> theme_labels{{
    {"aide-proximite", "Être aidé près de chez soi"},
    {"demarches-en-ligne", "Démarches en ligne"},
    {"identite-numerique", "FranceConnect et identité numérique"},
    {"mots-de-passe", "Mots de passe"},
    {"arnaques", "Arnaques et messages frauduleux"},
    {"messagerie", "Adresse mail"},
    {"smartphone", "Téléphone et tablette"},
    {"equipement-solidaire", "Matériel et connexion à prix solidaire"},
    {"parentalite", "Parentalité et école"},
    {"ateliers", "Ateliers collectifs"},
}};

Palette calm_palette(const Scheme& scheme) {
    Palette palette;
    palette.ground = Colour::rgb(scheme.ground);
    palette.ground_end = Colour::rgb(scheme.ground_end);
    palette.glow = Colour::rgb(scheme.glow).faded(0.34);
    palette.disc = mix(palette.ground, Colour::rgb(scheme.glow), 0.42);
    palette.figure = Colour::rgb(0xfbfcfc);
    palette.accent = palette.mark = Colour::rgb(scheme.accent);
    palette.text = white;
    palette.soft = mix(white, palette.ground, 0.14);
    return palette;
}

// The same colours turned round: dark words on the light of the accent, so that the change itself says "now you".
Palette call_palette(const Scheme& scheme) {
    Palette palette;
    const Colour accent = Colour::rgb(scheme.accent);
    palette.ground = mix(accent, white, 0.62);
    palette.ground_end = mix(accent, white, 0.28);
    palette.glow = white.faded(0.55);
    palette.disc = Colour::rgb(scheme.ground);
    palette.figure = Colour::rgb(0xfbfcfc);
    palette.accent = accent;
    palette.text = palette.soft = palette.mark = Colour::rgb(scheme.ground_end);
    return palette;
}

} // namespace

Staging staging_of(const Storyboard& story) {
    Staging staging;
    const auto& all = parts();
    const auto part = std::find_if(all.begin(), all.end(), [&](const Part& entry) { return entry.id == story.id.text(); });
    const Scheme scheme = part == all.end() ? teal : part->scheme;
    staging.calm = calm_palette(scheme);
    staging.call = call_palette(scheme);
    if (part != all.end())
        staging.pictograms = part->pictograms;
    staging.pictograms.resize(story.screens.size(), Pictogram::info);
    for (const auto& [code, label] : theme_labels)
        if (code == story.theme)
            staging.theme_label = label;
    return staging;
}

} // namespace capsule::samples
