#include "playlists/model/directory.hpp"
#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("a template is filled as the directory writes names, and what is odd is encoded") {
    Site site;
    site.commune = "92004";
    site.postcode = "92600";
    CHECK(fill_template(default_directory, site, "x") ==
          "https://soliguide.fr/fr/search/asnieres-sur-seine-92600/digital_tools_training");
    site.commune = "92077";
    site.postcode = "";
    CHECK(fill_template("https://a.example/{commune}/{postcode}/{insee}", site, "") ==
          "https://a.example/ville-d-avray/92410/92077");
    site.commune = "75056";
    site.postcode = "75/1 2";
    CHECK(fill_template("https://a.example/{commune}/{postcode}?t={theme}", site, "a&b") ==
          "https://a.example/75056/75%2F1%202?t=a%26b");
}

TEST_CASE("a code leads to the template of its theme and language, else of its language, else to the French ones") {
    const std::map<std::string, std::string> templates{
        {"fr", "f"}, {"fr/arnaques", "fa"}, {"ar", "a"}, {"en/arnaques", "ea"}};
    const auto chosen = [&](const char* theme, const char* language) { return directory_template(templates, theme, language); };
    CHECK(chosen("arnaques", "fr") == "fa");
    CHECK(chosen("arnaques", "fr-FR") == "fa");
    CHECK(chosen("mots-de-passe", "fr") == "f");
    CHECK(chosen("arnaques", "ar") == "a"); // a page that can be read goes before one on the theme
    CHECK(chosen("arnaques", "en") == "ea");
    CHECK(chosen("mots-de-passe", "en") == "f");
    CHECK(chosen("arnaques", "ta") == "fa");
    CHECK(directory_template({}, "arnaques", "fr") == default_directory);
}
