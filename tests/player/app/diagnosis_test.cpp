#include "player/app/diagnosis.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cstdio>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

DiagnosisFacts facts() {
    DiagnosisFacts facts;
    facts.screen = "France services Antony – Hall";
    facts.device = "5f0c9a1e22b47d10";
    facts.server = "https://capsule.exemple.fr";
    facts.programme = 42;
    facts.clock_known = true;
    facts.free_bytes = 12'000'000'000;
    facts.sync.contact = 100s;
    return facts;
}

std::string value(const DiagnosticPanel& panel, const std::string& what) {
    const auto found = std::find_if(panel.lines.begin(), panel.lines.end(), [&](const auto& line) { return line.first == what; });
    return found == panel.lines.end() ? "" : found->second;
}

} // namespace

TEST_CASE("a screen that is well says so, with what somebody on the phone asks for") {
    const auto panel = diagnosis(facts(), 130s);
    CHECK(panel.well);
    CHECK(panel.code == "C00");
    CHECK(panel.state == "Tout va bien.");
    CHECK(value(panel, "Appareil") == "5F0C 9A1E 22B4 7D10");
    CHECK(value(panel, "Dernier contact") == "à l’instant");
    CHECK(value(panel, "Serveur") == "https://capsule.exemple.fr");
}

TEST_CASE("trouble has a code and a sentence, and what plays goes on") {
    auto given = facts();
    given.sync.problem = {sync::Trouble::unreachable, "connect: refused"};
    auto panel = diagnosis(given, 100s + 26h);
    CHECK_FALSE(panel.well);
    CHECK(panel.code == "C10");
    CHECK(panel.state == "Le serveur ne répond pas. Le programme continue.");
    CHECK(value(panel, "Dernier contact") == "il y a 26\u00a0h");
    given.sync.contact.reset();
    given.programme = 0;
    panel = diagnosis(given, 100s);
    CHECK(panel.state == "Le serveur ne répond pas.");
    CHECK(value(panel, "Dernier contact") == "aucun depuis l’allumage");
    CHECK(value(panel, "Programme") == "aucun");
}

TEST_CASE("before the first answer nothing is claimed") {
    auto given = facts();
    given.sync.contact.reset();
    const auto panel = diagnosis(given, 5s);
    CHECK(panel.code == "C01");
    CHECK(panel.state == "Connexion au serveur…");
}

TEST_CASE("every kind of trouble has a code of its own") {
    std::vector<std::string> codes;
    for (int i = 0; i <= static_cast<int>(sync::Trouble::incomplete); ++i)
        codes.push_back(support_code(static_cast<sync::Trouble>(i)));
    std::sort(codes.begin(), codes.end());
    CHECK(std::adjacent_find(codes.begin(), codes.end()) == codes.end());
}

TEST_CASE("what is still to come is counted, with the hours it waits for") {
    auto given = facts();
    given.hours = "20:00-06:00";
    given.sync.blobs_missing = 3;
    given.sync.bytes_missing = 119'400'000;
    given.sync.waits_for_hours = true;
    CHECK(value(diagnosis(given, 100s), "À recevoir") == "3 fichiers, 120\u00a0Mo – aux heures prévues (20:00-06:00)");
}

TEST_CASE("spans are said in words") {
    CHECK(ago(5s) == "à l’instant");
    CHECK(ago(12min) == "il y a 12\u00a0min");
    CHECK(ago(3h) == "il y a 3\u00a0h");
    CHECK(ago(96h) == "il y a 4\u00a0jours");
}

TEST_CASE("the panel stays on the stage, whatever its size") {
    auto given = facts();
    given.sync.problem = {sync::Trouble::disk_full, "full"};
    given.other = std::string(400, 'x');
    for (const Size size : {Size{1920, 1080}, Size{1080, 1920}, Size{320, 180}, Size{64, 64}}) {
        const auto placed = draw_diagnostic_panel(diagnosis(given, 100s), size);
        CHECK(placed.x >= 0);
        CHECK(placed.y >= 0);
        CHECK(placed.x + placed.picture.size.width <= size.width);
        CHECK(placed.y + placed.picture.size.height <= size.height);
    }
}
