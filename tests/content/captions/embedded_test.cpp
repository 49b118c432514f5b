#include "content/captions/embedded.hpp"
#include "content/captions/find.hpp"
#include "content/captions/language.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

void write(const Path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

const std::string french = "1\n00:00:00,500 --> 00:00:01,000\nDéjà <i>là</i>\n\n2\n00:00:01,200 --> 00:00:01,800\nDeux\nlignes\n";
const std::string arabic = "1\n00:00:00,500 --> 00:00:01,000\nمرحبا 12\n";

// A film with a French and an Arabic track, made by the ffmpeg program.
Path film(const TemporaryFolder& folder, const std::string& name, const std::string& codec) {
    write(folder.path() / "a.srt", french);
    write(folder.path() / "b.srt", arabic);
    const Path file = folder.path() / name;
    const std::string command = "cd '" + folder.path().string() +
                                "' && ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=64x48:r=10:d=2 -i a.srt -i b.srt -map 0 -map 1 -map 2 -c:v mpeg4 -c:s " +
                                codec + " -metadata:s:s:0 language=fra -metadata:s:s:1 language=ara " + name + " && rm a.srt b.srt";
    REQUIRE(std::system(command.c_str()) == 0);
    return file;
}

} // namespace

TEST_CASE("text tracks in a film are listed with their languages, and read") {
    const TemporaryFolder folder;
    for (const auto& [name, codec, as] : {std::tuple{"film.mp4", "mov_text", "mov_text"}, {"film.mkv", "subrip", "subrip"},
                                          {"film.mkv", "ass", "ass"}, {"film.mkv", "webvtt", "webvtt"}, {"film.mov", "mov_text", "mov_text"}}) {
        INFO(name << " " << codec);
        const Path file = film(folder, name, codec);
        const auto tracks = list_embedded_captions(file);
        REQUIRE(tracks);
        REQUIRE(tracks->text.size() == 2);
        CHECK(tracks->refused.empty());
        CHECK(tracks->text[0].language == "fr");
        CHECK(tracks->text[0].codec == as);
        CHECK(tracks->text[1].language == "ar");
        const auto cues = read_embedded_captions(file, tracks->text[0].stream, 1u << 30);
        REQUIRE(cues);
        REQUIRE(cues->size() == 2);
        CHECK(cues->at(0).lines == std::vector<std::string>{"Déjà là"});
        CHECK(cues->at(0).start == 500ms);
        CHECK(cues->at(0).end == 1000ms);
        CHECK(cues->at(1).lines == std::vector<std::string>{"Deux", "lignes"});
        const auto other = read_embedded_captions(file, tracks->text[1].stream, 1u << 30);
        REQUIRE(other);
        REQUIRE(other->size() == 1);
        CHECK(other->at(0).lines.at(0) == "مرحبا 12");
        CHECK(read_embedded_captions(file, 0, 1u << 30).error().category == Category::missing);
        std::filesystem::remove(file);
    }
}

TEST_CASE("a film whose first picture is not at zero has its captions where its pictures are") {
    const TemporaryFolder folder;
    const Path file = film(folder, "film.mkv", "subrip");
    REQUIRE(std::system(("cd '" + folder.path().string() + "' && ffmpeg -nostdin -v error -y -copyts -itsoffset 10 -i film.mkv -map 0 -c copy -avoid_negative_ts disabled late.mkv").c_str()) == 0);
    const auto cues = read_embedded_captions(folder.path() / "late.mkv", 1, 1u << 30);
    REQUIRE(cues);
    REQUIRE(cues->size() == 2);
    CHECK(cues->at(0).start == 500ms);
}

TEST_CASE("tracks of pictures are refused in a line") {
    const TemporaryFolder folder;
    write(folder.path() / "a.srt", french);
    const Path file = folder.path() / "film.mkv";
    // Blu-ray's subtitles cannot be made by ffmpeg, DVD's can, from pictures.
    const std::string command = "cd '" + folder.path().string() +
                                "' && ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=720x576:r=10:d=1 -f lavfi -i testsrc2=s=720x576:r=10:d=1 "
                                "-i a.srt -map 0:v -map 2:s -c:v mpeg4 -c:s dvd_subtitle film.mkv >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) {
        // Only the codec's name matters to the reader: a track of SubRip renamed.
        REQUIRE(std::system(("cd '" + folder.path().string() +
                             "' && ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=64x48:r=10:d=1 -i a.srt -map 0 -map 1 -c:v mpeg4 -c:s subrip film.mkv").c_str()) == 0);
        std::ifstream in(file, std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), {});
        const auto at = bytes.find("S_TEXT/UTF8");
        REQUIRE(at != std::string::npos);
        bytes.replace(at, 11, std::string("S_VOBSUB") + std::string(3, '\0'));
        write(file, bytes);
    }
    const auto tracks = list_embedded_captions(file);
    REQUIRE(tracks);
    CHECK(tracks->text.empty());
    REQUIRE(tracks->refused.size() == 1);
    CHECK(tracks->refused[0].find("pictures, not text") != std::string::npos);
    std::filesystem::remove(folder.path() / "a.srt");
    const auto found = find_captions(file, {"fr", "*"});
    CHECK(found.cues.empty());
    REQUIRE(found.notes.size() == 1);
}

TEST_CASE("captions are chosen by language: a file before a track, then what says none") {
    const TemporaryFolder folder;
    const Path file = film(folder, "film.mkv", "subrip");
    CHECK(find_captions(file, {"fr"}).origin == "film.mkv, subrip");
    CHECK(find_captions(file, {"ar", "fr"}).language == "ar");
    CHECK(find_captions(file, {"es"}).cues.empty());
    CHECK(find_captions(file, {"es", "*"}).language == "fr");
    write(folder.path() / "film.fr.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nÀ côté\n");
    write(folder.path() / "film.es.srt", "1\n00:00:00,0 --> 00:00:01,0\nHola\n");
    write(folder.path() / "film.srt", "1\n00:00:00,0 --> 00:00:01,0\nSans langue\n");
    write(folder.path() / "film2.fr.srt", "1\n00:00:00,0 --> 00:00:01,0\nUn autre\n");
    write(folder.path() / "film.notes.txt", "x");
    const auto found = find_captions(file, {"fr-FR"});
    CHECK(found.origin == "film.fr.vtt");
    CHECK(found.cues.at(0).lines.at(0) == "À côté");
    CHECK(find_captions(file, {"es"}).language == "es");
    CHECK(find_captions(file, {"ar"}).origin == "film.mkv, subrip");
    CHECK(find_captions(file, {"ka"}).origin == "film.srt");
    // A file that cannot be read does not hide the others.
    write(folder.path() / "film.fr.vtt", "nothing");
    const auto other = find_captions(file, {"fr"});
    CHECK(other.origin == "film.mkv, subrip");
    REQUIRE(other.notes.size() == 1);
    CHECK(other.notes[0].find("film.fr.vtt") != std::string::npos);
}

TEST_CASE("what is no film has no captions, and says nothing about it") {
    const TemporaryFolder folder;
    write(folder.path() / "film.mp4", "no film");
    const auto found = find_captions(folder.path() / "film.mp4", {"fr", "*"});
    CHECK(found.cues.empty());
    CHECK(found.notes.empty());
    CHECK(find_captions("/nowhere/film.mp4", {"fr"}).cues.empty());
}

TEST_CASE("a real film with SubRip inside is read") {
    const Path file = Path(CAPSULE_SHARED_DIR) / "media/video/media__mkv_sample_with_srt.mkv";
    if (!std::filesystem::exists(file)) {
        WARN("skipped: " + file.string() + " is not there");
        return;
    }
    const auto found = find_captions(file, {"fr", "*"});
    CHECK(found.cues.size() > 0);
}

TEST_CASE("lines of ASS and 3GPP text give their words alone") {
    CHECK(text_of_ass_line("0,0,Default,,0,0,0,,{\\an8\\i1}Bonjour, vous{\\i0}\\Nà tous\\h!") == "Bonjour, vous\nà tous\u00a0!");
    CHECK(text_of_ass_line("1,0,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}mots{\\pos(1,2)} ici") == "mots ici");
    CHECK(text_of_ass_line("no fields").empty());
    CHECK(text_of_timed_text(std::string("\0\3oui\0\0\0\x16styl", 13)) == "oui");
    CHECK(text_of_timed_text(std::string("\0\6\xfe\xff\0A\0\xe9", 8)) == "Aé");
    CHECK(text_of_timed_text(std::string("\0\x63non", 5)) == "non"); // shorter than it says
    CHECK(text_of_timed_text("\0").empty());
}

TEST_CASE("languages are named as on the web, however the file writes them") {
    CHECK(language_tag("fre") == "fr");
    CHECK(language_tag("FRA") == "fr");
    CHECK(language_tag("fr_FR") == "fr-FR");
    CHECK(language_tag("per") == "fa");
    CHECK(language_tag("fsl") == "fsl");
    for (const char* none : {"", "und", "x", "film", "été", "f1", "fr/.."})
        CHECK(language_tag(none).empty());
    CHECK(same_language("fr", "fr-CA"));
    CHECK(same_language("ara", "ar"));
    CHECK_FALSE(same_language("fr", "en"));
    CHECK_FALSE(same_language("und", ""));
}
