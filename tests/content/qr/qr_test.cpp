#include "content/qr/qr.hpp"
#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("a short link in capitals takes 25 modules as long as its host has at most 21 characters") {
    CHECK(QrCode::encode("HTTPS://" + std::string(21, 'H') + "/Q/7K32P4")->modules() == 25);
    CHECK(QrCode::encode("HTTPS://" + std::string(22, 'H') + "/Q/7K32P4")->modules() == 29);
    CHECK(QrCode::encode("https://" + std::string(21, 'h') + "/q/7k32p4")->modules() == 29);
}

TEST_CASE("a code has its three finders and its timing pattern") {
    const auto code = QrCode::encode("HTTPS://EXEMPLE.FR/Q/7K32P4");
    REQUIRE(code);
    const int last = code->modules() - 1;
    for (const auto& [x, y] : {std::pair{0, 0}, std::pair{last - 6, 0}, std::pair{0, last - 6}}) {
        CHECK(code->dark(x, y));
        CHECK(code->dark(x + 6, y + 6));
        CHECK_FALSE(code->dark(x + 1, y + 1));
        CHECK(code->dark(x + 3, y + 3));
    }
    CHECK(code->dark(8, 6));
    CHECK_FALSE(code->dark(9, 6));
}

TEST_CASE("what no code can hold is refused") {
    CHECK(QrCode::encode("").error().category == Category::invalid);
    CHECK(QrCode::encode(std::string(3000, 'a')).error().category == Category::invalid);
}

TEST_CASE("the width needed grows with the distance and with the modules") {
    CHECK(qr_width_needed_mm(3000, 25) == Approx(300));
    CHECK(qr_width_needed_mm(3000, 29) == Approx(348));
    CHECK(qr_width_needed_mm(1500, 25) == Approx(150));
}
