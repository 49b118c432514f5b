#include "playlists/changes/change.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <vector>

using namespace capsule;

namespace {

std::vector<Change> some_rows(int count) {
    std::vector<Change> rows;
    std::string prev = first_prev();
    for (int i = 1; i <= count; ++i) {
        Change row;
        row.seq = i;
        row.at = instant_from_ms(1'795'338'000'000 + i);
        row.who = "anne";
        row.by = "session";
        row.action = "change";
        row.subject = "playlist";
        row.id = "accueil";
        row.before = i == 1 ? std::nullopt : std::optional<std::string>(R"({"title":"é \"«\" )" + std::to_string(i - 1) + "\"}");
        row.after = R"({"title":"é )" + std::to_string(i) + "\"}";
        row.prev = prev;
        row.digest = prev = digest_of(row);
        rows.push_back(row);
    }
    return rows;
}

bool holds(const std::vector<Change>& rows) {
    ChangeChain chain;
    for (const Change& row : rows)
        if (!chain.add(row))
            return false;
    return true;
}

} // namespace

TEST_CASE("a chain as it was written holds, also after a way through JSON") {
    auto rows = some_rows(5);
    REQUIRE(holds(rows));
    for (Change& row : rows)
        row = *change_from_json(nlohmann::json::parse(to_json(row).dump()));
    CHECK(holds(rows));
}

TEST_CASE("whatever is altered in a row shows, even when its own digest was made anew") {
    const std::vector<std::function<void(Change&)>> alterations = {
        [](Change& row) { row.who = "zoe"; },
        [](Change& row) { row.by = "token"; },
        [](Change& row) { row.at += Milliseconds(1); },
        [](Change& row) { row.action = "delete"; },
        [](Change& row) { row.subject = "capsule"; },
        [](Change& row) { row.id = "autre"; },
        [](Change& row) { row.before = std::nullopt; },
        [](Change& row) { row.after = "{}"; },
        [](Change& row) { row.note = "x"; },
    };
    for (std::size_t i = 0; i < alterations.size(); ++i) {
        INFO(i);
        auto rows = some_rows(5);
        alterations[i](rows[2]);
        CHECK_FALSE(holds(rows));
        rows[2].digest = digest_of(rows[2]);
        CHECK_FALSE(holds(rows)); // the next one says so
    }
}

TEST_CASE("rows that are missing, doubled, exchanged or put in show") {
    auto missing = some_rows(5);
    missing.erase(missing.begin() + 2);
    CHECK_FALSE(holds(missing));
    auto doubled = some_rows(5);
    doubled.insert(doubled.begin() + 2, doubled[2]);
    CHECK_FALSE(holds(doubled));
    auto exchanged = some_rows(5);
    std::swap(exchanged[2], exchanged[3]);
    CHECK_FALSE(holds(exchanged));
    auto beheaded = some_rows(5);
    beheaded.erase(beheaded.begin());
    CHECK_FALSE(holds(beheaded));
}

TEST_CASE("a digest that was kept tells whether the rows before it are still those") {
    const auto rows = some_rows(5);
    ChangeChain chain(3, rows[2].digest);
    CHECK(chain.add(rows[3]).ok());
    CHECK(chain.add(rows[4]).ok());
    ChangeChain other(3, std::string(64, 'a'));
    CHECK_FALSE(other.add(rows[3]).ok());
}

TEST_CASE("what is no row is told") {
    CHECK_FALSE(change_from_json(nlohmann::json::parse("[]")).ok());
    auto object = to_json(some_rows(1).front());
    CHECK(change_from_json(object).ok());
    object["after"] = 7;
    CHECK_FALSE(change_from_json(object).ok());
}
