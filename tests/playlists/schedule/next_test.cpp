#include "playlists/schedule/next.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <numeric>
#include <set>

using namespace capsule;
using namespace capsule::example;

namespace {

const Instant morning = at("2026-11-23T08:00:00Z");

// Plays one after the other, as the player does: each showing moves the time on by its duration.
class Player {
public:
    explicit Player(const Release& release) : m_release(release) {}

    NextItem play() {
        auto result = next(m_release, playlist, screen, std::move(cursor), time, unplayable);
        REQUIRE(result.item);
        cursor = std::move(result.cursor);
        if (result.item->kind == ItemKind::capsule) {
            const auto duration = m_release.programme.capsules.at(result.item->capsule).versions.at(result.item->version).duration;
            time += duration;
            ++shown[result.item->capsule];
            ++total;
        }
        return *result.item;
    }
    // What app knows after a restart: the journal's rows, nothing else.
    void restart_from_journal() {
        Cursor rebuilt;
        rebuilt.playlist_digest = cursor.playlist_digest;
        rebuilt.day = cursor.day;
        rebuilt.shown = cursor.shown;
        rebuilt.last = cursor.last;
        rebuilt.last_listed = cursor.last_listed;
        rebuilt.since_qr_card = cursor.since_qr_card;
        cursor = rebuilt;
    }
    // |count − N·w/W| < 1 for every capsule, in whole numbers.
    bool keeps_shares() const {
        std::int64_t weights = 0;
        const Playlist& list = m_release.programme.playlists.at(playlist);
        for (const PlaylistItem& item : list.items)
            weights += item.weight;
        return std::all_of(list.items.begin(), list.items.end(), [&](const PlaylistItem& item) {
            const auto found = shown.find(item.capsule);
            const std::int64_t count = found == shown.end() ? 0 : found->second;
            return std::abs(count * weights - total * item.weight) < weights;
        });
    }

    Cursor cursor;
    Instant time = morning;
    std::vector<CapsuleId> unplayable;
    std::map<CapsuleId, std::int64_t> shown;
    std::int64_t total = 0;

private:
    const Release& m_release;
};

std::string order_of(Player& player, int items) {
    std::string order;
    for (int i = 0; i < items; ++i) {
        const NextItem item = player.play();
        order += (order.empty() ? "" : " ") + (item.kind == ItemKind::qr_card ? "qr:" + item.capsule.text() : item.capsule.text());
    }
    return order;
}

std::vector<int> random_weights(std::mt19937& random, std::size_t most_items, int most_weight) {
    std::vector<int> weights(1 + random() % most_items);
    for (int& weight : weights)
        weight = 1 + static_cast<int>(random() % static_cast<unsigned>(most_weight));
    return weights;
}

} // namespace

TEST_CASE("a listed playlist of equal weights is played in its order, over and over") {
    const Release release = make_release({1, 1, 1});
    Player player{release};
    CHECK(order_of(player, 7) == "c0 c1 c2 c0 c1 c2 c0");
    CHECK(player.play().reason == "C’est son tour dans la liste.");
}

TEST_CASE("a listed playlist with weights spreads the heavier capsules") {
    const Release release = make_release({2, 1, 1});
    Player player{release};
    CHECK(order_of(player, 8) == "c0 c1 c0 c2 c0 c1 c0 c2");
}

TEST_CASE("every share is kept at every moment of whole days, for random playlists and through restarts") {
    std::mt19937 random{20261122};
    int repeats_that_could_be_avoided = 0;
    for (int round = 0; round < 500; ++round) {
        const auto weights = random_weights(random, round % 10 == 0 ? 60 : 9, round % 3 == 0 ? 1000 : round % 3 == 1 ? 12 : 1);
        const auto order = random() % 2 ? PlaylistOrder::shuffle : PlaylistOrder::listed;
        const Release release = make_release(weights, order);
        Player player{release};
        std::optional<CapsuleId> last;
        const int showings = round % 50 == 0 ? 1200 : 150;
        for (int i = 0; i < showings; ++i) {
            if (random() % 40 == 0)
                player.restart_from_journal();
            const CapsuleId shown = player.play().capsule;
            if (!player.keeps_shares()) {
                INFO("playlist " << round << " of " << weights.size() << " capsules, showing " << i);
                REQUIRE(player.keeps_shares());
            }
            if (last == shown && weights.size() > 2 && std::set<int>(weights.begin(), weights.end()).size() == 1)
                ++repeats_that_could_be_avoided;
            last = shown;
        }
        CHECK(player.cursor.shown == player.shown);
    }
    CHECK(repeats_that_could_be_avoided < 500);
}

TEST_CASE("a cursor rebuilt from the journal goes on as the cursor itself would") {
    std::mt19937 random{7};
    for (int round = 0; round < 200; ++round) {
        const Release release =
            make_release(random_weights(random, 12, round % 2 ? 30 : 1), round % 4 < 2 ? PlaylistOrder::shuffle : PlaylistOrder::listed);
        Player straight{release}, restarted{release};
        for (int i = 0; i < 100; ++i) {
            if (random() % 10 == 0)
                restarted.restart_from_journal();
            REQUIRE(straight.play().capsule == restarted.play().capsule);
        }
    }
}

TEST_CASE("shuffle is a draw: another order each round, the same for the same cursor") {
    const Release release = make_release({1, 1, 1, 1, 1, 1}, PlaylistOrder::shuffle);
    Player player{release}, again{release};
    std::set<std::string> rounds;
    for (int i = 0; i < 30; ++i) {
        const std::string round = order_of(player, 6);
        CHECK(order_of(again, 6) == round);
        rounds.insert(round);
    }
    CHECK(rounds.size() > 20);
}

TEST_CASE("shuffle shows no capsule twice in a row where another keeps the shares") {
    const Release release = make_release({3, 2, 2, 2}, PlaylistOrder::shuffle);
    Player player{release};
    CapsuleId last;
    int repeats = 0;
    for (int i = 0; i < 900; ++i) {
        const CapsuleId shown = player.play().capsule;
        repeats += shown == last;
        last = shown;
    }
    CHECK(repeats < 45);
}

TEST_CASE("a new day and another playlist content start anew") {
    Release release = make_release({1, 1, 1});
    Player player{release};
    order_of(player, 2);
    player.time = at("2026-11-23T23:00:00Z"); // midnight in Paris
    CHECK(player.play().capsule == capsule_id(0));
    CHECK(player.cursor.day == "2026-11-24");
    order_of(player, 1);
    release.programme.playlists[playlist].items[2].weight = 3;
    CHECK(player.play().capsule == capsule_id(2));
    CHECK(player.cursor.shown.size() == 1);
    release.programme.playlists[playlist].title = "Autre titre";
    player.play();
    CHECK(player.cursor.shown.size() == 2);
}

TEST_CASE("the QR card comes after a capsule, at its interval, never first and never twice") {
    Release release = make_release({1, 1});
    release.programme.playlists[playlist].qr_card_every = Milliseconds{60000};
    Player player{release};
    CHECK(order_of(player, 7) == "c0 c1 qr:c1 c0 c1 qr:c1 c0");
    release.programme.playlists[playlist].qr_card_every = Milliseconds{1};
    Player eager{release};
    CHECK(order_of(eager, 6) == "c0 qr:c0 c1 qr:c1 c0 qr:c0");
}

TEST_CASE("what cannot play here is passed over, and the others share what remains") {
    Release release = make_release({1, 1, 1, 1, 1, 1, 2});
    auto& capsules = release.programme.capsules;
    capsules[capsule_id(0)].valid_from = "2026-11-24";
    capsules[capsule_id(1)].valid_until = "2026-11-23";
    capsules[capsule_id(2)].needs = {"atelier"};
    capsules[capsule_id(3)].versions.clear();
    release.now.withdrawn.push_back({capsule_id(4), std::nullopt});
    Player player{release};
    order_of(player, 30);
    CHECK(player.shown == std::map<CapsuleId, std::int64_t>{{capsule_id(5), 10}, {capsule_id(6), 20}});
    CHECK(player.play().version == 0);
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(obstacle(release, screen, capsule_id(i), morning, {}));
    CHECK_FALSE(obstacle(release, screen, capsule_id(5), morning, {}));
    CHECK(obstacle(release, screen, capsule_id(5), morning, {capsule_id(5)}));
    CHECK_FALSE(obstacle(release, screen, capsule_id(0), at("2026-11-23T23:00:00Z"), {})); // midnight in Paris

    player.unplayable = {capsule_id(5), capsule_id(6)};
    CHECK_FALSE(next(release, playlist, screen, player.cursor, morning, player.unplayable).item);
    CHECK_FALSE(next(release, *PlaylistId::parse("absent"), screen, player.cursor, morning, {}).item);
    CHECK_FALSE(next(release, playlist, *ScreenId::parse("absent"), player.cursor, morning, {}).item);
}

TEST_CASE("a capsule that becomes playable in the day is not shown over and over to catch up") {
    Release release = make_release({1, 1, 1});
    Player player{release};
    player.unplayable = {capsule_id(2)};
    order_of(player, 400);
    player.unplayable.clear();
    std::map<CapsuleId, int> since;
    for (int i = 0; i < 30; ++i)
        ++since[player.play().capsule];
    CHECK(since[capsule_id(2)] == 10);
}

TEST_CASE("a capsule that stands twice in a list has both its weights") {
    Release release = make_release({1, 1, 1});
    auto& items = release.programme.playlists[playlist].items;
    items.push_back(items[0]);
    Player player{release};
    std::map<CapsuleId, int> shown;
    for (int i = 0; i < 40; ++i)
        ++shown[player.play().capsule];
    CHECK(shown[capsule_id(0)] == 20);
}

TEST_CASE("at least so often an hour is reached, at most is never passed in any hour") {
    Release release = make_release({1, 40, 40, 40}, GENERATE(PlaylistOrder::listed, PlaylistOrder::shuffle));
    auto& items = release.programme.playlists[playlist].items;
    items[0].at_least_per_hour = 6;
    items[1].at_most_per_hour = 4;
    Player player{release};
    std::vector<std::pair<Instant, CapsuleId>> all;
    while (player.time < morning + std::chrono::hours{8}) {
        const Instant began = player.time;
        all.emplace_back(began, player.play().capsule);
    }
    const auto count = [&](Instant from, const CapsuleId& id) {
        return std::count_if(all.begin(), all.end(), [&](const auto& one) {
            return one.second == id && one.first >= from && one.first < from + std::chrono::hours{1};
        });
    };
    for (Instant from = morning; from < morning + std::chrono::hours{7}; from += std::chrono::minutes{1}) {
        CHECK(count(from, capsule_id(0)) >= 6);
        CHECK(count(from, capsule_id(1)) <= 4);
        CHECK(count(from, capsule_id(1)) >= 2);
    }
}

TEST_CASE("the version is in the screen's first language that the capsule has, else French, else the first") {
    Release release = make_release({1});
    auto& versions = release.programme.capsules[capsule_id(0)].versions;
    versions.insert(versions.begin(), versions[0]);
    versions[0].language = "ar";
    versions[0].media.sha256 = sha256("ar");
    auto& languages = release.fleet.screens[screen].languages;
    const auto version = [&] { return next(release, playlist, screen, {}, morning, {}).item->version; };
    CHECK(version() == 1);
    languages = {"ta", "ar", "fr"};
    CHECK(version() == 0);
    languages = {"ta"};
    CHECK(version() == 1);
    versions.pop_back();
    CHECK(version() == 0);
}

