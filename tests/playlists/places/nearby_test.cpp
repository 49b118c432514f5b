#include "playlists/places/in_words.hpp"

#include "tests/catch.hpp"

#include <cmath>

using namespace capsule;

namespace {

const Zone paris("Europe/Paris");

Instant at(const std::string& local) { // "2026-11-24 10:00"
    const auto day = *parse_day(local.substr(0, 10));
    return paris.instant(day + std::chrono::hours{std::stoi(local.substr(11, 2))} + std::chrono::minutes{std::stoi(local.substr(14, 2))});
}

ListedPlace place_at(const std::string& id, double latitude, double longitude, const std::string& confirmed = "2026-10-01") {
    ListedPlace place;
    place.columns = {{"id", id}, {"nom", id}, {"date_maj", confirmed}};
    place.position = Position{std::llround(latitude * 1e6), std::llround(longitude * 1e6)};
    return place;
}

std::string opening(const std::string& hours, const std::string& local) {
    return in_words::opening(open_today(hours, paris, at(local)), *parse_day(local.substr(0, 10)));
}

const Position antony{48'753'300, 2'296'700};

} // namespace

TEST_CASE("distances are those along the ellipsoid, to the metre") {
    // By GeographicLib 2.0 (C. Karney), WGS84.
    const auto [from, to, metres] = GENERATE(table<Position, Position, double>({
        {{48'753'300, 2'296'700}, {48'739'070, 2'288'935}, 1682.332},
        {{48'845'000, 2'375'200}, {48'936'600, 2'462'200}, 12019.553},
        {{43'526'090, 5'414'230}, {48'892'400, 2'215'300}, 645405.685},
        {{-37'951'033, 144'424'868}, {-37'652'821, 143'926'496}, 54972.227},
        {{0, 0}, {0, 1'000'000}, 111319.491},
    }));
    CHECK(distance_metres(from, to) == Approx(metres).margin(0.01));
    CHECK(distance_metres(to, from) == Approx(metres).margin(0.01));
    CHECK(distance_metres(from, from) == 0);
}

TEST_CASE("points at opposite ends of the earth have a distance all the same") {
    CHECK(distance_metres({48'850'000, 2'350'000}, {-48'850'000, -177'600'000}) == Approx(20'003'700).margin(30'000));
    CHECK(distance_metres({0, 0}, {0, 180'000'000}) == Approx(20'003'931).margin(30'000));
}

TEST_CASE("the nearest come first, and only those that were confirmed, have a position and receive people") {
    std::vector<ListedPlace> places{place_at("far", 48.80, 2.30), place_at("near", 48.754, 2.297), place_at("old", 48.7533, 2.2967, "2025-11-23"),
                              place_at("middle", 48.76, 2.30), place_at("too-far", 48.85, 2.35), place_at("undated", 48.7533, 2.2967, "?")};
    places.push_back(place_at("hidden", 48.7533, 2.2967));
    places.back().columns["modalites_acces"] = "Téléphoner|Ce lieu n'accueille pas de public";
    places.push_back(place_at("nowhere", 48.7533, 2.2967));
    places.back().position.reset();
    const auto ids = [&](NearbyQuestion question) {
        std::string list;
        for (const NearbyPlace& found : nearby(places, question, paris))
            list += found.place->text("id") + " ";
        return list;
    };
    CHECK(ids({antony, at("2026-11-24 10:00")}) == "near middle far ");
    CHECK(ids({antony, at("2026-11-24 10:00"), 2}) == "near middle ");
    CHECK(ids({antony, at("2026-11-22 10:00")}) == "old near middle far "); // confirmed within twelve months on that day
    CHECK(ids({antony, at("2027-10-01 00:00")}) == "");
    CHECK(ids({antony, at("2026-11-24 10:00"), 9, 15'000}) == "near middle far too-far ");
    CHECK(ids({antony, at("2030-11-24 10:00"), 2, 10'000, Confirmed::any}) == "old undated ");
}

TEST_CASE("a confirmation lasts to the same date a year later, and one that lies ahead confirms nothing") {
    const auto confirmed = [](const std::string& date, const std::string& today) { return is_confirmed(place_at("a", 0, 0, date), *parse_day(today)); };
    CHECK(confirmed("2026-11-22", "2026-11-22"));
    CHECK(confirmed("2025-11-23", "2026-11-22"));
    CHECK_FALSE(confirmed("2025-11-22", "2026-11-22"));
    CHECK_FALSE(confirmed("2026-11-23", "2026-11-22"));
    CHECK(confirmed("2024-02-29", "2025-02-28"));
    CHECK_FALSE(confirmed("2024-02-29", "2025-03-01"));
}

TEST_CASE("what is said of the hours is true at that moment in the site's time") {
    const std::string hours = "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00; PH off";
    CHECK(opening(hours, "2026-11-24 09:00") == "Ouvert jusqu’à 12\u00a0h");
    CHECK(opening(hours, "2026-11-24 11:59") == "Ouvert jusqu’à 12\u00a0h");
    CHECK(opening(hours, "2026-11-24 12:00") == "Ouvre à 14\u00a0h, jusqu’à 17\u00a0h\u00a030");
    CHECK(opening(hours, "2026-11-24 17:30") == "Fermé, ouvre demain à 9\u00a0h");
    CHECK(opening(hours, "2026-11-28 12:00") == "Fermé, ouvre lundi à 9\u00a0h");
    CHECK(opening(hours, "2026-11-11 10:00") == "Fermé, ouvre demain à 9\u00a0h"); // a public holiday
    CHECK(opening("Mo 10:00-24:00; Tu 00:00-02:00", "2026-11-23 22:00") == "Ouvert jusqu’à 2\u00a0h demain");
    CHECK(opening("Mo 10:00-24:00", "2026-11-23 22:00") == "Ouvert jusqu’à minuit");
    CHECK(opening("24/7", "2026-11-23 22:00") == "Ouvert jour et nuit");
    CHECK(opening("off", "2026-11-23 22:00") == "Fermé");
    CHECK(opening("sur rendez-vous", "2026-11-23 22:00") == "");
    CHECK(opening("", "2026-11-23 22:00") == "");
    // 09:00 in Paris, whatever the season.
    CHECK(opening(hours, "2026-07-15 08:59") == "Ouvre à 9\u00a0h, jusqu’à 12\u00a0h");
    CHECK(opening(hours, "2026-07-15 09:00") == "Ouvert jusqu’à 12\u00a0h");
}

TEST_CASE("the hours of a day and dates are said as people write them") {
    const LocalDay tuesday = *parse_day("2026-11-24");
    CHECK(in_words::hours_of("Mo-Fr 09:00-12:00,14:00-17:30", tuesday, {}) ==
          "9\u00a0h\u00a0–\u00a012\u00a0h et 14\u00a0h\u00a0–\u00a017\u00a0h\u00a030");
    CHECK(in_words::hours_of("Mo 09:00-12:00", tuesday, {}) == "fermé");
    CHECK(in_words::hours_of("24/7", tuesday, {}) == "ouvert jour et nuit");
    CHECK(in_words::hours_of("le matin", tuesday, {}) == "");
    CHECK(in_words::hours_of("", tuesday, {}) == "");
    CHECK(in_words::weekday_and_date(tuesday) == "mardi 24\u00a0novembre");
    CHECK(in_words::date(*parse_day("2026-08-01")) == "1er\u00a0août\u00a02026");
}

TEST_CASE("distances are said as people say them") {
    using in_words::distance;
    CHECK(distance(12) == "moins de 50\u00a0m");
    CHECK(distance(354) == "350\u00a0m");
    CHECK(distance(994) == "990\u00a0m");
    CHECK(distance(996) == "1\u00a0km");
    CHECK(distance(1240) == "1,2\u00a0km");
    CHECK(distance(1960) == "2\u00a0km");
    CHECK(distance(9'960) == "10\u00a0km");
    CHECK(distance(12'400) == "12\u00a0km");
}

TEST_CASE("telephone numbers are in pairs, and what is no number is not shown as one") {
    CHECK(in_words::telephone("+33199001234") == "01\u00a099\u00a000\u00a012\u00a034");
    CHECK(in_words::telephone("01.99.00.12.34") == "01\u00a099\u00a000\u00a012\u00a034");
    CHECK(in_words::telephone("3949") == "3949");
    CHECK(in_words::telephone("+32212345678") == "+32212345678");
    CHECK(in_words::telephone("voir le site") == "");
    CHECK(in_words::telephone("") == "");
}

TEST_CASE("of access, cost and programmes is said what is known") {
    const auto notes = [](const std::string& access, const std::string& fees, const std::string& programmes) {
        ListedPlace place;
        place.columns = {{"modalites_acces", access}, {"frais_a_charge", fees}, {"dispositif_programmes_nationaux", programmes}};
        std::string all;
        for (const std::string& note : in_words::notes(place))
            all += (all.empty() ? "" : ", ") + note;
        return all;
    };
    CHECK(notes("Se présenter|Téléphoner", "Gratuit", "France Services|Aidants Connect") == "Sans rendez-vous, Gratuit, Aidants Connect");
    CHECK(notes("Prendre un RDV en ligne|Se présenter", "Gratuit|Payant", "") == "Avec ou sans rendez-vous, Gratuit ou payant");
    CHECK(notes("Prendre un RDV en ligne", "Gratuit sous condition", "") == "Sur rendez-vous, Gratuit sous condition");
    CHECK(notes("Téléphoner", "", "") == "Téléphoner avant");
    CHECK(notes("", "", "") == "");
}
