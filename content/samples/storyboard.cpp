#include "content/samples/storyboard.hpp"

#include "content/lib/json/member.hpp"
#include "content/lib/json/strict.hpp"
#include "content/samples/embedded.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace capsule::samples {

namespace {

using Json = nlohmann::json;
using json::text_in;

Milliseconds seconds_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? Milliseconds{std::llround(found->get<double>() * 1000)} : Milliseconds{-1};
}

// The national scheme's wording, as the vocabulary's codes are made: the local "everybody" is "tous".
std::string audience_code(const std::string& label) { return label == "Tous publics" ? "tous" : suggest_identifier(label); }

Result<Storyboard> parse_storyboard(const Json& object) {
    const auto id = CapsuleId::parse(text_in(object, "id"));
    if (!id)
        return Error{Category::invalid, "a storyboard has no valid \"id\""};
    const auto wrong = [&](const std::string& what) { return Error{Category::invalid, "storyboard " + id->text() + ": " + what}; };
    Storyboard story;
    story.id = *id;
    story.title = text_in(object, "titre");
    story.language = text_in(object, "langue");
    story.theme = text_in(object, "theme");
    story.axis = text_in(object, "axe");
    story.barrier = text_in(object, "frein");
    story.reading = text_in(object, "niveau_lecture");
    story.duration = seconds_of(object, "duree_s");
    if (story.title.empty() || story.language.empty() || story.theme.empty())
        return wrong("\"titre\", \"langue\" or \"theme\" is missing");
    for (const char* key : {"public", "besoins_du_lieu"})
        if (const auto list = object.find(key); list != object.end() && list->is_array())
            for (const auto& entry : *list)
                if (entry.is_string())
                    (key[0] == 'p' ? story.audience : story.needs)
                        .push_back(key[0] == 'p' ? audience_code(entry.get<std::string>()) : entry.get<std::string>());
    story.followed_by = CapsuleId::parse(text_in(object, "puis"));
    const auto screens = object.find("ecrans");
    if (screens == object.end() || !screens->is_array() || screens->empty())
        return wrong("\"ecrans\" is empty");
    for (const auto& entry : *screens) {
        const StoryScreen screen{seconds_of(entry, "debut_s"), seconds_of(entry, "fin_s"), text_in(entry, "texte")};
        const Milliseconds before = story.screens.empty() ? Milliseconds{0} : story.screens.back().end;
        if (screen.start != before || screen.end <= screen.start || screen.text.empty())
            return wrong("screen " + std::to_string(story.screens.size() + 1) + " needs a text and must begin where the one before ends");
        story.screens.push_back(screen);
    }
    if (story.duration != story.screens.back().end || story.duration > std::chrono::minutes{10})
        return wrong("\"duree_s\" must be the end of the last screen, at most ten minutes");
    return story;
}

} // namespace

Result<std::vector<Storyboard>> parse_storyboards(std::string_view text) {
    CAPSULE_TRY(document, json::parse_strict(text));
    if (!document.is_array())
        return Error{Category::invalid, "storyboards must be a JSON array"};
    std::vector<Storyboard> all;
    for (const auto& object : document) {
        CAPSULE_TRY(story, parse_storyboard(object));
        all.push_back(std::move(story));
    }
    return all;
}

Result<std::vector<Storyboard>> shipped_storyboards() {
    std::vector<Storyboard> all;
    for (const auto& file : embedded_files())
        if (file.name == "capsules_exemples.json") {
            CAPSULE_TRY(parsed, parse_storyboards(file.bytes));
            all = std::move(parsed);
        }
    for (auto& story : all)
        for (const auto& file : embedded_files())
            if (file.name == story.id.text() + "." + story.language + ".vtt")
                story.transcript = file.bytes;
    return all;
}

} // namespace capsule::samples
