#include "player/app/qr_address.hpp"

#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("the short link is in capitals as far as case does not count, so that the code stays small") {
    const QrAddress address = short_link("https://ecrans.example.fr", "7K3", "2P4");
    CHECK(address.url == "HTTPS://ECRANS.EXAMPLE.FR/Q/7K32P4");
    CHECK(address.domain == "ecrans.example.fr");
}

TEST_CASE("a public address is used as given: its port stays, its path keeps its case") {
    CHECK(short_link("http://127.0.0.1:8080", "7K3", "2P4").url == "HTTP://127.0.0.1:8080/Q/7K32P4");
    CHECK(short_link("http://127.0.0.1:8080", "7K3", "2P4").domain == "127.0.0.1:8080");
    CHECK(short_link("https://example.fr/Ecrans//", "7K3", "2P4").url == "HTTPS://EXAMPLE.FR/Ecrans/Q/7K32P4");
}

TEST_CASE("without a public address the code carries the directory's address for the commune") {
    Programme programme;
    Site site;
    site.commune = "92002";
    site.postcode = "92160";
    SECTION("the programme's template") {
        programme.directory_templates = {{"fr", "https://annuaire.example/{commune}-{postcode}/{theme}?insee={insee}"},
                                         {"en", "https://annuaire.example/en/{commune}"}};
        const QrAddress french = directory_address(programme, site, "mots-de-passe", "fr");
        CHECK(french.url == "https://annuaire.example/antony-92160/mots-de-passe?insee=92002");
        CHECK(french.domain == "annuaire.example");
        CHECK(directory_address(programme, site, "mots-de-passe", "en").url == "https://annuaire.example/en/antony");
        CHECK(directory_address(programme, site, "mots-de-passe", "ar").url == french.url);
    }
    SECTION("the known directory when the programme names none") {
        CHECK(directory_address(programme, site, "mots-de-passe", "fr").url ==
              "https://soliguide.fr/fr/search/antony-92160/digital_tools_training");
    }
    SECTION("a commune that is not known by name goes by its code") {
        site.commune = "01001";
        programme.directory_templates = {{"fr", "https://annuaire.example/{commune}"}};
        CHECK(directory_address(programme, site, "", "fr").url == "https://annuaire.example/01001");
    }
}
