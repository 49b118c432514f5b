#include "playlists/ledger/batch.hpp"
#include "playlists/ledger/limits.hpp"
#include "tests/catch.hpp"

using namespace capsule;

namespace {

std::vector<ReceivedRow> chain(int length) {
    std::vector<ReceivedRow> rows;
    Digest prev;
    for (int i = 1; i <= length; ++i) {
        RowHeader header{"5f0c9a1e22b47d10", "0b6f0b6f0b6f0b6f0b6f0b6f0b6f0b6f", i, prev, "boot-1"};
        auto row = receive_row(serialise({header, GapRow{i, 0, 0, "disk-full"}}));
        REQUIRE(row.ok());
        prev = row->digest;
        rows.push_back(*row);
    }
    return rows;
}

} // namespace

TEST_CASE("a chain that continues is accepted from any row on") {
    const auto rows = chain(5);
    CHECK_FALSE(check_chain({}, 0, rows));
    CHECK_FALSE(check_chain(rows[1].digest, 2, std::span(rows).subspan(2)));
    CHECK_FALSE(check_chain({}, 0, {}));
}

TEST_CASE("a hole, an altered row, another journal each break the chain at their row") {
    auto rows = chain(5);
    std::size_t index = 2;
    SECTION("a hole") { rows.erase(rows.begin() + 2); }
    SECTION("an altered row shows in the next") {
        rows[2].digest = sha256("altered");
        index = 3;
    }
    SECTION("another journal") { rows[2].row.header.journal[0] = 'f'; }
    SECTION("another device") { rows[2].row.header.device[0] = '6'; }
    const auto fault = check_chain({}, 0, rows);
    REQUIRE(fault);
    CHECK(fault->index == index);
    CHECK(fault->seq == rows[index].row.header.seq);
}

TEST_CASE("a journal cannot begin in its middle or after an unknown row") {
    const auto rows = chain(3);
    CHECK(check_chain({}, 0, std::span(rows).subspan(1)));
    CHECK(check_chain(sha256("other"), 1, std::span(rows).subspan(1)));
}

TEST_CASE("a batch is cut into its lines") {
    const auto lines = split_batch("a\nbb\nc");
    REQUIRE(lines.ok());
    CHECK(*lines == std::vector<std::string_view>{"a", "bb", "c"});
    CHECK(split_batch("a\n")->size() == 1);
}

TEST_CASE("empty and oversized batches are refused") {
    CHECK_FALSE(split_batch("").ok());
    CHECK_FALSE(split_batch("a\n\nb").ok());
    std::string many;
    for (std::size_t i = 0; i < ledger_limits::batch_rows; ++i)
        many += "x\n";
    CHECK(split_batch(many).ok());
    CHECK_FALSE(split_batch(many + "x\n").ok());
    CHECK_FALSE(split_batch(std::string(ledger_limits::batch_bytes + 1, 'x')).ok());
}
