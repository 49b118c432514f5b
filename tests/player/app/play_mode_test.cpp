#include "player/app/play_mode.hpp"
#include "player/media/reader.hpp"

#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("files are given in order, as many passes as asked for") {
    FileSource source({"/x/a.mp4", "/x/b.mp4"}, 2, false);
    std::vector<std::string> names;
    while (auto item = source.next())
        names.push_back(item->name);
    CHECK(names == std::vector<std::string>{"a.mp4", "b.mp4", "a.mp4", "b.mp4"});
}

TEST_CASE("a file that failed is left out of the later passes; when all have, there is nothing more") {
    FileSource source({"/x/a.mp4", "/x/b.mp4"}, 0, false);
    source.failed(*source.next(), {Category::missing, "/x/a.mp4 is missing"});
    CHECK(source.any_playable());
    for (int i = 0; i < 5; ++i)
        CHECK(source.next()->name == "b.mp4");
    source.failed(*source.next(), {Category::missing, "/x/b.mp4 is missing"});
    CHECK_FALSE(source.next().has_value());
    CHECK_FALSE(source.any_playable());
}

TEST_CASE("captions are looked for in the languages asked for") {
    CHECK(FileSource({"/x/a.mp4"}, 1, false, {"ar", "fr"}).next()->look_for_captions == std::vector<std::string>{"ar", "fr"});
    CHECK(FileSource({"/x/a.mp4"}, 1, false).next()->look_for_captions.empty());
}

TEST_CASE("a file that was begun early is given away once, with the first item") {
    FileSource source({"/x/a.mp4"}, 2, false);
    source.begin();
    const auto first = source.next(), second = source.next();
    REQUIRE(first->begun);
    CHECK_FALSE(second->begun);
    auto reader = first->begun(SessionOptions{});
    REQUIRE(reader);
    const auto opened = reader->wait_first_frame(std::chrono::seconds(5));
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().category == Category::missing);
}
