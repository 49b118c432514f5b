#include "content/base/disk.hpp"
#include "content/captions/cue.hpp"
#include "content/captions/encoding.hpp"
#include "tests/catch.hpp"

#include <filesystem>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

std::optional<std::string> shared_file(const std::string& name) {
    SystemDisk disk;
    const auto bytes = disk.read(Path(CAPSULE_SHARED_DIR) / name, 1u << 20);
    if (!bytes) {
        WARN("skipped: " + bytes.error().message);
        return std::nullopt;
    }
    return *bytes;
}

} // namespace

TEST_CASE("WebVTT: times, lines, markup and entities are read") {
    const auto cues = read_cues("WEBVTT - title\nkind: captions\n\nNOTE a remark\nof two lines\n\nintro\n00:01.500 --> 00:00:04.000 align:start line:0\n"
                                "<v Anne>Bonjour &amp; <b>bienvenue</b></v>\n2 &lt; 3\n\n00:05.000 --> 00:06.000\n<i>tout bas</i>\n");
    REQUIRE(cues);
    REQUIRE(cues->size() == 2);
    const auto& first = cues->front();
    CHECK(first.start == 1500ms);
    CHECK(first.end == 4000ms);
    CHECK(first.lines == std::vector<std::string>{"Bonjour & bienvenue", "2 < 3"});
    CHECK(first.voice == "Anne");
    CHECK(first.settings == "align:start line:0");
    CHECK_FALSE(first.italic);
    CHECK(cues->back().italic);
}

TEST_CASE("WebVTT: a cue may follow without a blank line, and a wrong one does not take the next with it") {
    const auto cues = read_cues("WEBVTT\n\n00:00.000 --> 00:01.000\none\n00:01.000 --> 00:02.000\ntwo\n\n00:02.000 --> nonsense\nlost\n\n"
                                "00:09.000 --> 00:08.000\nbackwards\n\n100:00:00.000 --> 100:00:01.000\nlate");
    REQUIRE(cues);
    REQUIRE(cues->size() == 3);
    CHECK(cues->at(1).lines == std::vector<std::string>{"two"});
    CHECK(cues->at(2).start == 100h);
}

TEST_CASE("SubRip: numbers, commas and styles are understood, also without numbers") {
    const auto cues = read_cues("1\r\n00:00:00,000 --> 00:00:01,2\r\n<font color=\"red\">Un</font>\r\n{\\an8}deux\r\n\r\n0:0:2,5 --> 0:0:3,5 X1:1\r\ntrois\r\n");
    REQUIRE(cues);
    REQUIRE(cues->size() == 2);
    CHECK(cues->front().end == 1200ms);
    CHECK(cues->front().lines == std::vector<std::string>{"Un", "deux"});
    CHECK(cues->back().start == 2500ms);
}

TEST_CASE("what is neither WebVTT nor SubRip is refused") {
    CHECK(read_cues("").error().category == Category::invalid);
    CHECK(read_cues("Bonjour\n\nà tous\n").error().category == Category::invalid);
    CHECK(read_cues("WEBVTTX\n\nfoo\n").error().category == Category::invalid);
    CHECK(read_cues("WEBVTT").ok());
}

TEST_CASE("any encoding with its mark, any line end, any malformed byte") {
    CHECK(to_plain_utf8("\xef\xbb\xbf""a\r\nb\rc\n") == "a\nb\nc\n");
    CHECK(to_plain_utf8(std::string_view("\xfe\xff\0\xe9\xd8\x3d\xde\x00", 8)) == "é😀");
    CHECK(to_plain_utf8(std::string_view("\xff\xfe\xe9\0\x3d\xd8", 6)) == "é\ufffd");
    CHECK(to_plain_utf8("é\xff\xc3""b\xed\xa0\x80") == "é\ufffd\ufffd""b\ufffd\ufffd\ufffd");
    const auto cues = read_cues("\xef\xbb\xbfWEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\nÉté\r\n");
    REQUIRE(cues);
    CHECK(cues->at(0).lines.at(0) == "Été");
}

TEST_CASE("without a mark: UTF-16 by its first letters, Windows-1252 where nothing is UTF-8") {
    CHECK(encoding_of("") == TextEncoding::utf8);
    CHECK(to_plain_utf8(std::string_view("1\0\n\0\xe9\0", 6)) == "1\né");
    CHECK(to_plain_utf8(std::string_view("\0W\0E\0\xe9", 6)) == "WEé");
    CHECK(to_plain_utf8("L\x92\xe9t\xe9 co\xfbte 5 \x80 \x96 \xab\xa0oui\xa0\xbb") == "L’été coûte 5 € – «\u00a0oui\u00a0»");
    const auto cues = read_cues("1\r\n00:00:01,000 --> 00:00:02,000\r\nD\xe9j\xe0 vu\r\n");
    REQUIRE(cues);
    CHECK(cues->at(0).lines.at(0) == "Déjà vu");
}

TEST_CASE("written as WebVTT, cues come back as they were") {
    const auto cues = read_cues("WEBVTT\n\n00:01.500 --> 100:00:04.000\n2 &lt; 3 --&gt; a &amp; b\nsecond\n\n00:05.000 --> 00:06.000\n<i>tout\nbas</i>\n");
    REQUIRE(cues);
    const auto again = read_cues(to_webvtt(*cues));
    REQUIRE(again);
    REQUIRE(again->size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(again->at(i).start == cues->at(i).start);
        CHECK(again->at(i).end == cues->at(i).end);
        CHECK(again->at(i).lines == cues->at(i).lines);
        CHECK(again->at(i).italic == cues->at(i).italic);
    }
}

TEST_CASE("files of other programs are read as they do") {
    if (const auto bytes = shared_file("media/subtitle/webvtt.js__timings-garbage.vtt"))
        CHECK(read_cues(*bytes)->empty());
    if (const auto bytes = shared_file("media/subtitle/media__subrip_typical.srt")) {
        const auto cues = read_cues(*bytes);
        REQUIRE(cues);
        REQUIRE(cues->size() == 3);
        CHECK(cues->at(1).lines == std::vector<std::string>{"This is the second subtitle.", "Second subtitle with second line."});
        CHECK(cues->at(2).start == 2h + 4567ms);
        if (const auto wide = shared_file("media/subtitle/media__subrip_typical_utf16le.srt")) {
            const auto same = read_cues(*wide);
            REQUIRE(same);
            REQUIRE(same->size() == 3);
            for (std::size_t i = 0; i < 3; ++i)
                CHECK(same->at(i).lines == cues->at(i).lines);
        }
    }
    if (const auto bytes = shared_file("media/subtitle/media__webvtt_with_tags.vtt")) {
        const auto cues = read_cues(*bytes);
        REQUIRE(cues);
        REQUIRE(cues->size() == 4);
        CHECK(cues->at(2).lines.at(0) == "This is the third subtitle.");
        CHECK(cues->at(3).lines.at(0) == "This is the <fourth> &subtitle.");
    }
    if (const auto bytes = shared_file("media/subtitle/media__webvtt_with_overlapping_timestamps.vtt"))
        CHECK(read_cues(*bytes)->size() == 4);
    if (const auto bytes = shared_file("data/vtt/mot-de-passe.fr.vtt"))
        CHECK(read_cues(*bytes)->size() == 5);
}
