#include "content/capsule/metadata.hpp"
#include "content/capsule/nearest.hpp"
#include "content/capsule/vocabulary.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace capsule;

namespace {

std::string readme_example() {
    std::ifstream file(CAPSULE_SOURCE_DIR "/content/capsule/README.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto begin = text.find("```toml\n") + 8;
    return text.substr(begin, text.find("```", begin) - begin);
}

std::string complaint(const std::string& text) {
    const auto metadata = metadata_from_toml(text, "capsule.toml");
    return metadata ? std::string() : metadata.error().message;
}

const std::string least = "id = \"a\"\ntitle = \"A\"\n";

} // namespace

TEST_CASE("the example in the README reads as it says") {
    const auto metadata = metadata_from_toml(readme_example(), "README.md");
    INFO((metadata ? std::string() : metadata.error().message));
    REQUIRE(metadata);
    const Capsule& capsule = metadata->capsule;
    CHECK(capsule.id.text() == "mot-de-passe");
    CHECK(capsule.title.at("fr") == "Un mot de passe solide");
    CHECK(capsule.title.size() == 2);
    CHECK(capsule.theme == "mots-de-passe");
    CHECK(capsule.axis == "axe2-capacitation");
    CHECK(capsule.barrier == "protection-donnees");
    CHECK(capsule.audience == std::vector<std::string>{"tous"});
    CHECK(capsule.reading == "falc-inspire");
    CHECK(capsule.needs == std::vector<std::string>{"conseiller"});
    CHECK(capsule.valid_from == "2026-01-01");
    CHECK(capsule.valid_until == "2027-01-01");
    CHECK(capsule.followed_by->text() == "pres-dici");
    CHECK(metadata->review_by == "2026-12-01");
    CHECK(metadata->hints.kind == CapsuleKind::video);
    CHECK(metadata->hints.duration == Milliseconds{10'000});
    CHECK(metadata->hints.text_in_picture);
    REQUIRE(metadata->hints.captions.size() == 1);
    CHECK(metadata->hints.captions[0].file == "mot-de-passe.fr.vtt");
    CHECK_FALSE(metadata->hints.captions[0].drawn);
    CHECK(metadata->rights.persons == "none");
    CHECK(metadata->rights.until == "2028-06-30");
    CHECK(*rights_from_json(to_json(metadata->rights), "rights") == metadata->rights);
}

TEST_CASE("an id and a title are enough") {
    const auto metadata = metadata_from_toml(least, "capsule.toml");
    REQUIRE(metadata);
    CHECK(metadata->capsule.title.at("fr") == "A");
    CHECK(metadata->hints.language == "fr");
    CHECK(metadata->capsule.versions.empty());
}

TEST_CASE("labels stand for audiences' codes, and dates may stand in quotation marks") {
    const auto metadata =
        metadata_from_toml(least + "audience = [\"Tous publics\", \"Familles et/ou enfants\"]\nvalid_from = \"2026-02-01\"", "capsule.toml");
    REQUIRE(metadata);
    CHECK(metadata->capsule.audience == std::vector<std::string>{"tous", "familles"});
    CHECK(metadata->capsule.valid_from == "2026-02-01");
}

TEST_CASE("a caption's drawing follows the picture unless said") {
    const std::string caption = "[[captions]]\nfile = \"a.vtt\"\n";
    CHECK(metadata_from_toml(least + caption, "t")->hints.captions.at(0).drawn);
    CHECK_FALSE(metadata_from_toml(least + "text_in_picture = true\n" + caption, "t")->hints.captions.at(0).drawn);
    CHECK(metadata_from_toml(least + "text_in_picture = true\n" + caption + "drawn = true\n", "t")->hints.captions.at(0).drawn);
}

TEST_CASE("mistakes are told with file, line, key and what is meant") {
    struct Mistake {
        const char* text;
        const char* line; // of the complaint
        const char* says;
    };
    const auto mistake = GENERATE(values<Mistake>({
        {"theem = \"arnaques\"", "capsule.toml:3: theem: ", "did you mean \"theme\"?"},
        {"valid_form = 2026-01-01", "capsule.toml:3: valid_form: ", "did you mean \"valid_from\"?"},
        {"zzzzzzzz = 1", "capsule.toml:3: zzzzzzzz: ", "unknown key"},
        {"theme = \"mot-de-pase\"", "capsule.toml:3: theme: ", "did you mean \"mots-de-passe\"?"},
        {"theme = \"Emploi et formation \"", "capsule.toml:3: theme: ", "did you mean \"emploi\"?"},
        {"theme = \"qwertyuiop\"", "capsule.toml:3: theme: ", "known: aide-proximite"},
        {"theme = 3", "capsule.toml:3: theme: ", "in quotation marks"},
        {"axis = \"axe2\"", "capsule.toml:3: axis: ", "did you mean \"axe2-capacitation\"?"},
        {"barrier = \"protection-donnee\"", "capsule.toml:3: barrier: ", "did you mean \"protection-donnees\"?"},
        {"reading = \"falc\"", "capsule.toml:3: reading: ", "did you mean \"falc-valide\"?"},
        {"audience = \"tous\"", "capsule.toml:3: audience: ", "list in square brackets"},
        {"audience = [\"senior\"]", "capsule.toml:3: audience: ", "did you mean \"seniors\"?"},
        {"language = \"français\"", "capsule.toml:3: language: ", "known: fr en"},
        {"kind = \"card\"", "capsule.toml:3: kind: ", "video or image"},
        {"duration = \"10\"", "capsule.toml:3: duration: ", "such as 10s"},
        {"duration = \"1h\"", "capsule.toml:3: duration: ", "1s to 10min"},
        {"valid_from = \"31/01/2026\"", "capsule.toml:3: valid_from: ", "2026-01-31"},
        {"valid_from = 2026-02-02\nvalid_until = 2026-02-02", "capsule.toml:4: valid_until: ", "after valid_from"},
        {"needs = [\"Un conseiller\"]", "capsule.toml:3: needs: ", "a-z"},
        {"followed_by = \"Près d’ici\"", "capsule.toml:3: followed_by: ", "a capsule's id"},
        {"text_in_picture = \"yes\"", "capsule.toml:3: text_in_picture: ", "true or false"},
        {"captions = \"a.vtt\"", "capsule.toml:3: captions: ", "[[captions]]"},
        {"[[captions]]\nlanguage = \"fr\"", "capsule.toml:3: captions.file: ", "is missing"},
        {"[[captions]]\nfiel = \"fr.vtt\"", "capsule.toml:4: captions.fiel: ", "did you mean \"file\"?"},
        {"[rights]\nmusic = \"free\"", "capsule.toml:4: rights.music: ", "none, licence or society"},
        {"[rights]\nperson = \"none\"", "capsule.toml:4: rights.person: ", "did you mean \"persons\"?"},
        {"theme = ", "capsule.toml:3: ", ""},
        {"id = \"b\"", "capsule.toml:3: ", ""},
    }));
    const std::string said = complaint(least + mistake.text + "\n");
    INFO(said);
    CHECK(said.starts_with(mistake.line));
    CHECK(said.find(mistake.says) != std::string::npos);
    CHECK(said.find('\n') == std::string::npos);
}

TEST_CASE("a missing or impossible id or title is told") {
    CHECK(complaint("title = \"A\"").find("id: is missing") != std::string::npos);
    CHECK(complaint("id = \"a\"").find("title: is missing") != std::string::npos);
    CHECK(complaint("id = \"Mot de passe\"\ntitle = \"A\"").find("\"mot-de-passe\"") != std::string::npos);
    CHECK(complaint("id = \"a\"\ntitle = { en = \"A\" }").find("French title") != std::string::npos);
    CHECK(complaint("id = \"a\"\nlanguage = \"ar\"\ntitle = \"A\"").find("French title") != std::string::npos);
}

TEST_CASE("a file that is not there or no file is told by its name; captions are found beside it") {
    TemporaryFolder folder;
    CHECK(read_metadata(folder.path() / "none.toml").error().category == Category::missing);
    CHECK(read_metadata(folder.path()).error().category == Category::refused);
    std::ofstream(folder.path() / "capsule.toml") << least << "[[captions]]\nfile = \"a.vtt\"\n";
    CHECK(read_metadata(folder.path() / "capsule.toml")->hints.captions.at(0).file == folder.path() / "a.vtt");
}

TEST_CASE("the vocabulary is built in") {
    CHECK(terms(Vocabulary::theme).size() == 18);
    CHECK(terms(Vocabulary::axis).size() == 5);
    CHECK(terms(Vocabulary::audience).size() == 6);
    CHECK(is_known(Vocabulary::barrier, "protection"));
    CHECK(is_known(Vocabulary::barrier, "socio-honte")); // below a family
    CHECK(is_known(Vocabulary::place_type, "RFS"));
    CHECK_FALSE(is_known(Vocabulary::theme, "RFS"));
    CHECK(code_of(Vocabulary::audience, "Tous publics") == "tous");
    CHECK(code_of(Vocabulary::audience, "Étudiants") == "etudiants");
    CHECK(label(Vocabulary::place_type, "RFS") == "France services");
    CHECK(label(Vocabulary::theme, "unknown") == "unknown");
    CHECK(nearest(Vocabulary::theme, "Mots de passe") == "mots-de-passe");
    CHECK(nearest(Vocabulary::theme, "xyzxyzxyz") == std::nullopt);
}

TEST_CASE("every sample capsule uses the vocabulary") {
    std::ifstream file(CAPSULE_SHARED_DIR "/data/capsules_exemples.json");
    if (!file) {
        WARN("skipped: the shared data folder is not here");
        return;
    }
    for (const auto& sample : nlohmann::json::parse(file)) {
        INFO(sample.at("id"));
        CHECK(is_known(Vocabulary::theme, sample.at("theme").get<std::string>()));
        CHECK(is_known(Vocabulary::axis, sample.at("axe").get<std::string>()));
        CHECK(is_known(Vocabulary::barrier, sample.at("frein").get<std::string>()));
        CHECK(is_known(Vocabulary::reading, sample.at("niveau_lecture").get<std::string>()));
        for (const auto& audience : sample.at("public"))
            CHECK(code_of(Vocabulary::audience, audience.get<std::string>()));
    }
}

TEST_CASE("edits are counted, a swap as one") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("theem", "theme") == 1);
    CHECK(nearest_of({"alpha", "beta"}, "bta") == "beta");
    CHECK(nearest_of({"alpha", "beta"}, "omega123") == std::nullopt);
}
