#include "content/base/csv.hpp"

#include "tests/catch.hpp"

using namespace capsule;

namespace {

// "LINE:first|second" of each row, "LINE!" of each that cannot be read.
std::vector<std::string> read(const std::string& text) {
    std::vector<std::string> rows;
    CsvReader reader(text);
    while (const auto row = reader.next()) {
        std::string said = std::to_string(reader.line()) + (*row ? ":" : "!");
        if (*row)
            for (const std::string& field : (*row)->fields)
                said += (said.back() == ':' ? "" : "|") + field;
        rows.push_back(said);
    }
    return rows;
}

} // namespace

TEST_CASE("a row that cannot be read costs no other row") {
    CHECK(read("a,b\n1,2\nx\"y,2\n3,4\n") == std::vector<std::string>{"1:a|b", "2:1|2", "3!", "4:3|4"});
    CHECK(read("a,b\n\"1,2\n3,4\n5,6\n") == std::vector<std::string>{"1:a|b", "2!", "3:3|4", "4:5|6"});
    CHECK(read("a,b\n\"1,2\n\"3\",4\n") == std::vector<std::string>{"1:a|b", "2!", "3:3|4"});
    CHECK(read("a,b\nh\xe9,2\n3,4\n") == std::vector<std::string>{"1:a|b", "2!", "3:3|4"});
    CHECK(read("a\n\"b") == std::vector<std::string>{"1:a", "2!"});
}

TEST_CASE("lines are counted through fields of several lines and empty lines") {
    CHECK(read("a,b\r\n\r\n\"1\n2\",3\r\n4,5") == std::vector<std::string>{"1:a|b", "3:1\n2|3", "5:4|5"});
}

TEST_CASE("whoever finds that a row swallowed others goes back behind its first line") {
    const std::string text = "a,b\n\"1,2\n3,4\"\n5,6\n";
    CsvReader reader(text);
    (void)reader.next();
    REQUIRE((*reader.next())->fields.size() == 1);
    reader.go_back();
    const auto after = reader.next();
    REQUIRE(after);
    CHECK(reader.line() == 3);
    CHECK_FALSE(*after); // what is left of it is said, not dropped
    CHECK((*reader.next())->fields == std::vector<std::string>{"5", "6"});
    CHECK_FALSE(reader.next());
}
