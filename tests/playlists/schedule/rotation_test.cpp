#include "playlists/schedule/rotation.hpp"
#include "playlists/schedule/timetable.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace capsule;
using namespace capsule::example;
using namespace std::chrono_literals;

namespace {

const Instant morning = at("2026-11-23T08:00:00Z");

struct Shown {
    Instant began;
    NextItem item;
};

// What one screen shows of a playlist from an instant on.
std::vector<Shown> run(const Release& release, const Playlist& list, int items, Cursor cursor = {}, Instant time = morning) {
    Rotation rotation{release, screen, list};
    std::vector<Shown> all;
    for (int i = 0; i < items; ++i) {
        const auto item = rotation.next(cursor, time, {});
        if (!item)
            break;
        all.push_back({time, *item});
        time += item->kind == ItemKind::qr_card ? Milliseconds{20'000} : item->duration;
    }
    return all;
}
std::vector<Shown> run(const Release& release, int items) { return run(release, release.programme.playlists.at(playlist), items); }

std::string order_of(const std::vector<Shown>& all) {
    std::string order;
    for (const Shown& one : all)
        order += (order.empty() ? "" : " ") +
                 (one.item.kind == ItemKind::calm ? "calm" : (one.item.kind == ItemKind::qr_card ? "qr:" : "") + one.item.capsule.text());
    return order;
}

int count(const std::vector<Shown>& all, std::size_t capsule) {
    return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Shown& one) {
        return one.item.kind == ItemKind::capsule && one.item.capsule == capsule_id(capsule);
    }));
}

Playlist& the_list(Release& release) { return release.programme.playlists[playlist]; }

Playlist& add_list(Release& release, const char* id, const std::vector<std::size_t>& capsules) {
    Playlist list;
    list.id = *PlaylistId::parse(id);
    for (const std::size_t capsule : capsules) {
        PlaylistItem item;
        item.capsule = capsule_id(capsule);
        list.items.push_back(item);
        if (!release.programme.capsules.contains(item.capsule))
            release.programme.capsules[item.capsule] = make_capsule(capsule);
    }
    return release.programme.playlists[list.id] = list;
}

PlaylistItem inside(const char* id, int weight) {
    PlaylistItem item;
    item.playlist = *PlaylistId::parse(id);
    item.weight = weight;
    return item;
}

} // namespace

TEST_CASE("never twice within so many minutes, over midnight and from one playlist to another") {
    Release release = make_release({5, 1, 1, 1}, GENERATE(PlaylistOrder::listed, PlaylistOrder::shuffle));
    the_list(release).items[0].not_again_within = Milliseconds{120'000};
    std::optional<Instant> last;
    for (const Shown& one : run(release, the_list(release), 3000, {}, at("2026-11-23T21:00:00Z")))
        if (one.item.capsule == capsule_id(0)) {
            if (last)
                REQUIRE(one.began - *last >= 120s);
            last = one.began;
        }
    Rotation first{release, screen, the_list(release)};
    Cursor cursor;
    while (cursor.last != capsule_id(0))
        first.next(cursor, morning, {});
    Rotation other{release, screen, add_list(release, "autre", {0, 1})};
    release.programme.playlists.at(*PlaylistId::parse("autre")).items[0].not_again_within = Milliseconds{120'000};
    Rotation spaced{release, screen, release.programme.playlists.at(*PlaylistId::parse("autre"))};
    CHECK(spaced.next(cursor, morning + 30s, {})->capsule == capsule_id(1));
}

TEST_CASE("where every capsule must wait, a calm still keeps the screen lit") {
    Release release = make_release({1, 1});
    the_list(release).not_again_within = Milliseconds{90'000};
    CHECK(order_of(run(release, 8)) == "c0 c1 calm calm calm c0 c1 calm");
    CHECK(run(release, 3)[2].item.duration == 10s);
}

TEST_CASE("themes stay apart") {
    Release release = make_release({1, 1, 1, 1});
    for (std::size_t i = 0; i < 4; ++i)
        release.programme.capsules[capsule_id(i)].theme = i < 2 ? "argent" : "sante";
    the_list(release).themes_apart = true;
    const auto all = run(release, 400);
    for (std::size_t i = 1; i < all.size(); ++i)
        CHECK(release.programme.capsules[all[i].item.capsule].theme != release.programme.capsules[all[i - 1].item.capsule].theme);
    CHECK(count(all, 1) == 100);
}

TEST_CASE("a capsule brings its follower, its QR card and the stills come between") {
    Release release = make_release({1, 1});
    release.programme.capsules[capsule_id(9)] = make_capsule(9);
    release.programme.capsules[capsule_id(0)].followed_by = capsule_id(9);
    the_list(release).items[0].qr_card_after = true;
    CHECK(order_of(run(release, 7)) == "c0 c9 qr:c0 c1 c0 c9 qr:c0");
    the_list(release).calm_percent = 25; // 10 s of calm for 30 s
    CHECK(order_of(run(release, 9)) == "c0 c9 qr:c0 calm calm c1 calm c0 c9");
    // A quarter of the time, cards and followers reckoned in.
    Milliseconds calm{0}, all{0};
    for (const Shown& one : run(release, 400)) {
        const Milliseconds lasts = one.item.kind == ItemKind::qr_card ? Milliseconds{20'000} : one.item.duration;
        all += lasts;
        calm += one.item.kind == ItemKind::calm ? lasts : Milliseconds{0};
    }
    CHECK(static_cast<double>(calm.count()) / static_cast<double>(all.count()) == Approx(0.25).margin(0.004));
    release.programme.capsules[capsule_id(9)].valid_until = "2026-11-23";
    CHECK(order_of(run(release, 4)) == "c0 qr:c0 calm c1");
}

TEST_CASE("a card plays only where the player can draw it") {
    Release release = make_release({1});
    const CapsuleId nearby = *CapsuleId::parse("pres-dici");
    Capsule& card = release.programme.capsules[nearby];
    card.id = nearby;
    card.kind = CapsuleKind::card;
    release.programme.capsules[capsule_id(0)].followed_by = nearby;
    const Instant noon = at("2026-11-24T11:00:00Z");
    const auto why = [&](const std::vector<CapsuleId>& aside = {}) { return obstacle(release, screen, nearby, noon, aside).value_or(""); };
    CHECK(why() == "Aucun annuaire de lieux n’est publié.");
    CHECK(order_of(run(release, 2)) == "c0 c0");
    release.programme.directory_places = BlobReference{sha256("places"), 10, "application/json"};
    CHECK(why() == "La position du lieu n’est pas connue.");
    release.fleet.sites.begin()->second.latitude_e6 = 48'753'300;
    release.fleet.sites.begin()->second.longitude_e6 = 2'296'700;
    CHECK(why() == "");
    CHECK(order_of(run(release, 3)) == "c0 pres-dici c0");
    CHECK(run(release, 2)[1].item.duration == 20s);
    CHECK(why({nearby}) == "La carte n’a rien à montrer ici pour le moment.");
    card.needs = {"conseiller"};
    CHECK(why() == "Le lieu n’offre pas ce que la capsule annonce\u00a0: conseiller.");
    card.needs.clear();
    card.id = capsule_id(7);
    release.programme.capsules[capsule_id(7)] = card;
    CHECK(obstacle(release, screen, capsule_id(7), noon, {}) == "Les écrans ne savent pas dessiner cette carte.");
}

TEST_CASE("an image stays as long as its item, its playlist or itself says") {
    Release release = make_release({1});
    release.programme.capsules[capsule_id(0)].kind = CapsuleKind::image;
    release.programme.capsules[capsule_id(0)].versions[0].media.type = "image/png";
    CHECK(run(release, 1)[0].item.duration == 30s);
    the_list(release).still_duration = 12s;
    CHECK(run(release, 1)[0].item.duration == 12s);
    the_list(release).items[0].duration = 7s;
    CHECK(run(release, 1)[0].item.duration == 7s);
}

TEST_CASE("a playlist inside another has its part, or counts as written there") {
    Release release = make_release({1});
    add_list(release, "dedans", {1, 2, 3});
    the_list(release).items.push_back(inside("dedans", 1));
    auto all = run(release, 600);
    CHECK(count(all, 0) == 300);
    CHECK(count(all, 2) == 100);
    CHECK(all[1].item.playlist.text() == "dedans");
    the_list(release).items[1].weight = 0;
    all = run(release, 400);
    CHECK(count(all, 0) == 100);
    CHECK(order_of(run(release, 5)) == "c0 c1 c2 c3 c0");
    // What cannot play gives its part to its neighbours in its own playlist.
    the_list(release).items[1].weight = 1;
    release.programme.capsules[capsule_id(1)].valid_until = "2026-01-01";
    all = run(release, 400);
    CHECK(count(all, 0) == 200);
    CHECK(count(all, 3) == 100);
}

TEST_CASE("playlists that hold each other are cut and complained of") {
    Release release = make_release({1});
    add_list(release, "a", {1}).items.push_back(inside("b", 2));
    add_list(release, "b", {2}).items.push_back(inside("a", 2));
    the_list(release).items.push_back(inside("a", 1));
    the_list(release).items.push_back(inside("nulle-part", 1));
    const auto flat = flatten(release.programme, the_list(release), [](const CapsuleId&) { return true; });
    CHECK(flat.items.size() == 3);
    CHECK(flat.complaints == std::vector<std::string>{"the playlist b holds a, which holds it in turn",
                                                      "the playlist accueil holds nulle-part, which does not exist"});
}

TEST_CASE("a campaign has its percentage of the showings beside the loop") {
    Release release = make_release({1, 2});
    add_list(release, "campagne", {5, 6});
    Evaluation evaluation;
    evaluation.playlist = playlist;
    evaluation.campaigns = {{*ScheduleId::parse("c"), *PlaylistId::parse("campagne"), 40}};
    const auto all = run(release, playlist_in_force(release.programme, evaluation), 1000);
    CHECK(count(all, 5) + count(all, 6) == 400);
    CHECK(std::abs(count(all, 0) - 200) <= 1);
    CHECK(std::any_of(all.begin(), all.end(), [](const Shown& one) { return one.item.playlist.text() == "campagne"; }));
}

TEST_CASE("languages are mixed in the parts that the playlist says, as far as the capsules have them") {
    Release release = make_release({1, 1, 1});
    for (std::size_t i = 0; i < 2; ++i) {
        auto& versions = release.programme.capsules[capsule_id(i)].versions;
        versions.push_back(versions[0]);
        versions[1].language = "ar";
        versions[1].media.sha256 = sha256("ar" + std::to_string(i));
    }
    the_list(release).languages = {{"fr", 3}, {"ar", 1}};
    int arabic = 0;
    for (const Shown& one : run(release, 400)) {
        arabic += one.item.version == 1;
        CHECK((one.item.version == 0 || one.item.capsule != capsule_id(2)));
    }
    CHECK(arabic == 100);
}

// CAPSULE_ROUNDS raises the number of random playlists; 10,000 take some minutes.
TEST_CASE("shares are kept and no rule above them is broken, in random playlists, days and restarts") {
    const char* asked = std::getenv("CAPSULE_ROUNDS");
    const int rounds = asked ? std::atoi(asked) : 120;
    std::mt19937 random{42};
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    int exact = 0, spaced = 0, kills = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<int> weights(static_cast<std::size_t>(1 + pick(12)));
        for (int& weight : weights)
            weight = 1 + pick(round % 3 == 0 ? 1 : 20);
        Release release = make_release(weights, pick(2) ? PlaylistOrder::shuffle : PlaylistOrder::listed);
        const bool rules = round % 2 == 1;
        Playlist& list = the_list(release);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            auto& capsule = release.programme.capsules[capsule_id(i)];
            capsule.theme = "t" + std::to_string(pick(4));
            capsule.versions[0].duration = std::chrono::seconds{8 + pick(50)};
            if (rules && pick(4) == 0)
                list.items[i].at_most_per_hour = 1 + pick(8);
            if (rules && pick(4) == 0)
                list.items[i].not_again_within = std::chrono::seconds{pick(600)};
        }
        list.themes_apart = rules && pick(3) == 0;
        if (pick(3) == 0)
            list.qr_card_every = std::chrono::minutes{1 + pick(10)};
        list.calm_percent = pick(4) ? 0 : pick(40);
        Rotation rotation{release, screen, list};
        Cursor cursor;
        Instant time = at("2027-03-27T06:00:00Z") + std::chrono::minutes{pick(60)}; // the day before the clocks go forward
        std::map<CapsuleId, std::int64_t> shown;
        std::map<CapsuleId, std::vector<Instant>> began;
        std::int64_t total = 0;
        std::string day, last_theme;
        const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
        const Instant end = time + (asked || round % 20 == 0 ? std::chrono::hours{30} : std::chrono::hours{4}); // over midnight and the change of clocks
        std::vector<CapsuleId> ids;
        for (std::size_t i = 0; i < weights.size(); ++i)
            ids.push_back(capsule_id(i));
        const auto restart = [&] { // what the journal knows
            Cursor rebuilt;
            rebuilt.playlist_digest = cursor.playlist_digest;
            rebuilt.day = cursor.day;
            rebuilt.shown = cursor.shown;
            rebuilt.languages = cursor.languages;
            rebuilt.last = cursor.last;
            rebuilt.last_listed = cursor.last_listed;
            rebuilt.last_theme = cursor.last_theme;
            rebuilt.since_qr_card = cursor.since_qr_card;
            rebuilt.began = cursor.began;
            cursor = rebuilt;
        };
        for (int i = 0; time < end; ++i) {
            if (pick(120) == 0)
                restart();
            const bool killed = pick(120) == 0; // in mid-item: no row says that it began
            const Cursor before = killed ? cursor : Cursor{};
            const auto next = rotation.next(cursor, time, {});
            REQUIRE(next);
            const NextItem& item = *next;
            if (item.kind != ItemKind::capsule) {
                time += item.kind == ItemKind::qr_card ? Milliseconds{20'000} : item.duration;
                continue;
            }
            if (cursor.day != day) {
                day = cursor.day;
                shown.clear();
                total = 0;
            }
            ++shown[item.capsule];
            ++total;
            const std::size_t index = static_cast<std::size_t>(std::stoi(item.capsule.text().substr(1)));
            std::string broken; // asked millions of times: said only then
            if (rules) {
                auto& starts = began[item.capsule];
                if (!starts.empty() && time - starts.back() < list.items[index].not_again_within)
                    broken = "not_again_within";
                starts.push_back(time);
                if (const auto most = list.items[index].at_most_per_hour)
                    if (std::count_if(starts.rbegin(), starts.rbegin() + std::min<std::ptrdiff_t>(std::ssize(starts), *most + 1),
                                      [&](Instant start) { return start > time - 1h; }) > *most)
                        broken = "at_most_per_hour";
                if (list.themes_apart && release.programme.capsules[item.capsule].theme == last_theme)
                    broken = "themes_apart";
                last_theme = release.programme.capsules[item.capsule].theme;
                ++spaced;
            } else {
                for (std::size_t other = 0; other < weights.size(); ++other)
                    if (std::abs(shown[ids[other]] * sum - total * weights[other]) >= sum)
                        broken = "the share of " + ids[other].text();
                ++exact;
            }
            if (!broken.empty())
                FAIL("round " << round << ", showing " << i << " of " << item.capsule.text() << ": " << broken);
            // Cut in mid-item now and then: it counts as begun.
            time += killed || pick(30) == 0 ? item.duration / 3 : item.duration;
            if (killed) {
                cursor = before;
                restart();
                if (cursor.day == day) {
                    --shown[item.capsule];
                    --total;
                } else { // it was the first of its day
                    day = cursor.day;
                    shown.clear();
                    total = 0;
                }
                if (rules)
                    began[item.capsule].pop_back();
                last_theme = cursor.last_theme;
                ++kills;
            }
        }
    }
    CHECK(exact > rounds);
    CHECK(spaced > rounds);
    CHECK(kills > rounds);
}
