#include "playlists/server/ledger/packed_sums.hpp"
#include "tests/catch.hpp"

#include <random>

using namespace capsule::server;

namespace {

std::vector<Cell> some_cells(std::mt19937_64& random) {
    const auto below = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % most); };
    const auto figure = [&] { return random() % 20 == 0 ? -below(1u << 20) : below(std::uint64_t{1} << (random() % 60)); };
    std::vector<Cell> out;
    for (std::int64_t n = below(60); n > 0; --n) {
        Cell cell;
        cell.key = {static_cast<std::uint8_t>(below(32)), static_cast<std::int8_t>(below(25) - 1),
                    static_cast<std::uint32_t>(random() % 5 == 0 ? below(0xffff'ffff) : below(30)), static_cast<Evidence>(below(5))};
        cell.sums = {figure(), figure(), figure(), figure(), figure(), figure(), random() % 2 ? figure() : 0};
        if (random() % 2)
            cell.sums.rows = cell.sums.showings;
        if (random() % 2)
            cell.sums.complete = cell.sums.showings;
        out.push_back(cell);
    }
    settle(out);
    return out;
}

} // namespace

TEST_CASE("cells that are packed come back as they were, whatever the figures") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
        const std::vector<Cell> cells = some_cells(random);
        const auto back = unpack(pack(cells));
        REQUIRE(back);
        REQUIRE(*back == cells);
    }
}

TEST_CASE("the showing of a common capsule takes some ten bytes") {
    CHECK(pack({{{0, 9, 12, Evidence::presented}, {1, 1, 1, 28'000, 700, 699, 0}}}).size() <= 11);
}

TEST_CASE("bytes that were cut short are known for it, unless a whole number of cells is left") {
    std::mt19937_64 random(2);
    for (int i = 0; i < 200; ++i) {
        const std::vector<Cell> cells = some_cells(random);
        const std::string bytes = pack(cells);
        std::vector<std::size_t> ends = {0};
        for (std::size_t n = 1; n <= cells.size(); ++n)
            ends.push_back(pack({cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(n)}).size());
        for (std::size_t length = 0; length <= bytes.size(); ++length)
            CHECK(unpack(std::string_view(bytes).substr(0, length)).has_value() ==
                  (std::find(ends.begin(), ends.end(), length) != ends.end()));
    }
    CHECK_FALSE(unpack("\x07"));
    CHECK_FALSE(unpack(std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12)));
}

TEST_CASE("equal keys are put together, and what comes to nothing is left out") {
    const CellKey one{1, 2, 3, Evidence::presented}, other{1, 2, 4, Evidence::presented};
    std::vector<Cell> cells = {{other, {1, 1, 0, 5, 5, 5, 0}}, {one, {1, 1, 1, 9, 9, 9, 0}}, {other, {-1, -1, 0, -5, -5, -5, 0}},
                               {one, {1, 0, 0, 0, 0, 0, 2}}};
    settle(cells);
    CHECK(cells == std::vector<Cell>{{one, {2, 1, 1, 9, 9, 9, 2}}});
}
