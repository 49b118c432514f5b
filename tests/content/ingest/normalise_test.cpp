// Clips made for the purpose: what each comes out as.
#include "content/ingest/ingest.hpp"
#include "content/ingest/loudness.hpp"
#include "content/ingest/profile.hpp"
#include "tests/content/ingest/media.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace capsule;
using ingest::ingest_media;

namespace {

using Arguments = std::vector<std::string>;

ingest::Options quick() {
    ingest::Options options;
    options.preset = "superfast";
    options.time = std::chrono::seconds(60);
    return options;
}

ingest::Ingested made(StoreFixture& f, const Path& master, const MediaHints& hints = {}) {
    auto ingested = ingest_media(master, hints, f.store, quick());
    INFO((ingested ? std::string() : ingested.error().message));
    REQUIRE(ingested);
    return *ingested;
}

Path media_of(StoreFixture& f, const ingest::Ingested& ingested) { return f.store.path_of(ingested.version.media.sha256); }

// Red above, blue below.
Arguments two_halves(const std::string& size, const std::string& rate, const std::string& seconds) {
    return {"-f", "lavfi", "-i", "color=red:s=" + size + ":r=" + rate + ":d=" + seconds + ",drawbox=y=ih/2:h=ih/2:c=blue:t=fill"};
}

Arguments with(Arguments first, const Arguments& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

const Arguments x264{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"};

} // namespace

TEST_CASE("fifty and sixty pictures a second become twenty-five and thirty, large ones fit") {
    StoreFixture f;
    const auto sixty = made(f, make_clip(f.file("60.mp4"), with(two_halves("320x180", "60", "1"), x264)));
    CHECK(sixty.version.fps_numerator == 30);
    CHECK(sixty.version.duration == Milliseconds{1000});
    const auto fifty = made(f, make_clip(f.file("50.mp4"), with(two_halves("320x180", "50", "1"), x264)));
    CHECK(fifty.version.fps_numerator == 25);
    const auto large = made(f, make_clip(f.file("large.mp4"), with(two_halves("2560x1600", "25", "0.2"), x264)));
    CHECK(large.version.width == 1728);
    CHECK(large.version.height == 1080);
    const auto tall = made(f, make_clip(f.file("tall.mp4"), with(two_halves("1440x2560", "25", "0.2"), x264)));
    CHECK(tall.version.width == 1080);
    CHECK(tall.version.height == 1920);
}

TEST_CASE("groups are closed and at most two seconds") {
    StoreFixture f;
    const auto ingested = made(f, make_clip(f.file("a.mp4"), with({"-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=5"}, x264)));
    const std::string packets = run_for_output({"ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time,flags",
                                                "-of", "csv=p=0", media_of(f, ingested).string()});
    std::vector<double> keys;
    for (std::size_t at = 0; at < packets.size(); at = packets.find('\n', at) + 1)
        if (packets.substr(at, packets.find('\n', at) - at).find(",K") != std::string::npos)
            keys.push_back(std::stod(packets.substr(at)));
    REQUIRE(keys.size() >= 3);
    CHECK(keys.front() == Approx(0).margin(0.001));
    for (std::size_t i = 1; i < keys.size(); ++i)
        CHECK(keys[i] - keys[i - 1] <= 2.001);
}

TEST_CASE("a rotation is applied") {
    StoreFixture f;
    make_clip(f.file("flat.mp4"), with(two_halves("320x180", "25", "0.4"), x264));
    // Version 5 knows the tag only, version 7 the option only.
    ChildCommand rotate;
    rotate.arguments = {"ffmpeg", "-nostdin", "-v", "error", "-y", "-display_rotation", "90", "-i", f.file("flat.mp4").string(), "-c", "copy",
                        f.file("turned.mp4").string()};
    rotate.isolation = Isolation::none;
    if (const auto outcome = run_child(rotate); !outcome || !outcome->good())
        make_clip(f.file("turned.mp4"), {"-i", f.file("flat.mp4").string(), "-c", "copy", "-metadata:s:v:0", "rotate=90"});
    const auto ingested = made(f, f.file("turned.mp4"));
    CHECK(ingested.version.width == 180);
    CHECK(ingested.version.height == 320);
    const bool red_left = is_near(mean_colour(media_of(f, ingested), "40:40:20:140"), 254, 0, 0);
    const bool red_right = is_near(mean_colour(media_of(f, ingested), "40:40:120:140"), 254, 0, 0);
    CHECK(red_left != red_right);
}

TEST_CASE("oblong pixels become square, interlaced pictures progressive") {
    StoreFixture f;
    const auto wide = made(f, make_clip(f.file("pal.mpg"), with(two_halves("720x576", "25", "0.4"),
                                                                {"-vf", "setfield=tff", "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-aspect", "16:9"})));
    CHECK(wide.version.width == 1024);
    CHECK(wide.version.height == 576);
    const auto video = ffprobe(media_of(f, wide)).at("streams").at(0);
    CHECK(video.at("field_order") == "progressive");
    CHECK(is_near(mean_colour(media_of(f, wide), "400:200:20:20"), 254, 0, 0));
    CHECK(is_near(mean_colour(media_of(f, wide), "400:200:20:350"), 0, 0, 254));
}

TEST_CASE("colours survive the change of matrix and range") {
    StoreFixture f;
    const auto ingested = made(f, make_clip(f.file("sd.mp4"), with(two_halves("320x180", "25", "0.4"),
                                                                   {"-vf", "scale=out_color_matrix=smpte170m:out_range=pc", "-c:v", "libx264",
                                                                    "-pix_fmt", "yuvj420p", "-colorspace", "smpte170m"})));
    CHECK(is_near(mean_colour(media_of(f, ingested), "200:60:20:10"), 254, 0, 0));
    CHECK(is_near(mean_colour(media_of(f, ingested), "200:60:20:110"), 0, 0, 254));
}

TEST_CASE("high dynamic range is mapped to standard range") {
    StoreFixture f;
    const auto ingested = made(f, make_clip(f.file("hdr.mkv"), {"-f", "lavfi", "-i", "color=gray:s=320x180:r=25:d=0.4", "-pix_fmt", "yuv420p10le",
                                                                "-c:v", "ffv1", "-color_trc", "smpte2084", "-color_primaries", "bt2020",
                                                                "-colorspace", "bt2020nc"}));
    const auto video = ffprobe(media_of(f, ingested)).at("streams").at(0);
    CHECK(video.at("pix_fmt") == "yuv420p");
    CHECK(video.at("color_transfer") == "bt709");
}

TEST_CASE("white of high dynamic range stays bright, and what is brighter still differs from it") {
    StoreFixture f;
    // PQ in ten bits, limited range: 573 is 203 cd/m², the white of captions and paper; 722 is 1000 cd/m², a highlight.
    const auto ingested = made(f, make_clip(f.file("pq.mkv"),
                                            {"-f", "lavfi", "-i", "nullsrc=s=320x180:r=25:d=0.4,format=yuv420p10le,geq=lum='if(lt(X,160),573,722)':cb=512:cr=512",
                                             "-c:v", "ffv1", "-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc",
                                             "-color_range", "tv"}));
    CHECK(is_near(mean_colour(media_of(f, ingested), "120:100:20:40"), 228, 228, 228));
    CHECK(is_near(mean_colour(media_of(f, ingested), "120:100:180:40"), 254, 254, 254));
}

TEST_CASE("sound is as long as the picture and its gain leads to the house's loudness") {
    StoreFixture f;
    const auto sound = [&](const std::string& name, const std::string& filter) {
        return made(f, make_clip(f.file(name), with(two_halves("320x180", "25", "2"),
                                                    {"-f", "lavfi", "-i", filter, "-c:v", "mpeg4", "-c:a", "pcm_s16le"})));
    };
    SECTION("a quiet one is raised, within limits") {
        const auto quiet = sound("quiet.mkv", "sine=1000:d=1:r=44100,volume=-20dB");
        CHECK(quiet.version.sound);
        const auto audio = ffprobe(media_of(f, quiet)).at("streams").at(1);
        CHECK(audio.at("sample_rate") == "48000");
        CHECK(audio.at("channels") == 2);
        CHECK(std::stod(audio.at("duration").get<std::string>()) == Approx(2).margin(0.25));
        const auto loudness = ingest::measure_loudness(media_of(f, quiet));
        REQUIRE(loudness);
        CHECK(quiet.version.gain_mdb == ingest::house_gain_mdb(*loudness));
        CHECK(quiet.version.gain_mdb == 12'000); // it would need more
    }
    SECTION("a loud one is lowered to -23 LUFS") {
        const auto loud = sound("loud.mkv", "sine=1000:d=3:r=48000,volume=6dB");
        const auto loudness = ingest::measure_loudness(media_of(f, loud));
        REQUIRE(loudness);
        CHECK(loudness->integrated_lufs + loud.version.gain_mdb / 1000.0 == Approx(-23).margin(0.01));
        CHECK(loud.version.gain_mdb < 0);
    }
    SECTION("silence is no sound") {
        const auto silent = sound("silent.mkv", "anullsrc=d=2");
        CHECK_FALSE(silent.version.sound);
        CHECK(silent.version.gain_mdb == 0);
    }
}

TEST_CASE("the gain keeps the peak below -1 dBTP and within twelve decibels") {
    CHECK(ingest::house_gain_mdb({-30, -20, false}) == 7'000);
    CHECK(ingest::house_gain_mdb({-30, -4, false}) == 3'000); // the peak allows no more
    CHECK(ingest::house_gain_mdb({-50, -45, false}) == 12'000);
    CHECK(ingest::house_gain_mdb({-5, 0, false}) == -12'000);
    CHECK(ingest::house_gain_mdb({0, 0, true}) == 0);
}

TEST_CASE("the thumbnail of a clip that begins in black is not black") {
    StoreFixture f;
    const auto ingested = made(f, make_clip(f.file("dark.mp4"), with({"-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=8", "-f", "lavfi", "-i",
                                                                      "color=white:s=320x180:r=25:d=2", "-filter_complex", "concat"},
                                                                     x264)));
    const std::string colour = mean_colour(f.store.path_of(ingested.version.thumbnail->sha256), "iw:ih:0:0");
    CHECK(static_cast<unsigned char>(colour.at(0)) > 60);
}

TEST_CASE("the same master gives the same bytes") {
    StoreFixture f;
    const Path master = make_clip(f.file("a.mp4"), with(two_halves("320x180", "25", "1"), x264));
    CHECK(made(f, master).version == made(f, master).version);
    CHECK(f.store.list()->size() == 2);
}

TEST_CASE("images are turned upright, laid on white and made to fit") {
    StoreFixture f;
    make_clip(f.file("clear.png"), {"-f", "lavfi", "-i", "color=red@0.0:s=4000x1000,format=rgba", "-frames:v", "1"});
    MediaHints hints;
    hints.duration = std::chrono::seconds(7);
    const auto clear = made(f, f.file("clear.png"), hints);
    CHECK(clear.kind == CapsuleKind::image);
    CHECK(clear.version.width == 1920);
    CHECK(clear.version.height == 480);
    CHECK(clear.version.duration == Milliseconds{7000});
    CHECK(is_near(mean_colour(media_of(f, clear), "iw:ih:0:0"), 255, 255, 255));
    const auto photo = made(f, make_clip(f.file("photo.jpg"), with(two_halves("640x480", "1", "1"), {"-frames:v", "1"})));
    CHECK(photo.version.media.type == "image/jpeg");
    CHECK(is_near(mean_colour(media_of(f, photo), "600:200:20:20"), 254, 0, 0));
    const auto still = made(f, make_clip(f.file("still.gif"), with(two_halves("320x180", "1", "1"), {"-frames:v", "1"})));
    CHECK(still.kind == CapsuleKind::image);
    const auto moving = made(f, make_clip(f.file("moving.gif"), {"-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=1"}));
    CHECK(moving.kind == CapsuleKind::video);
}

TEST_CASE("a script in a video's clothes opens no other file") {
    StoreFixture f;
    make_clip(f.file("inner.mp4"), with(two_halves("320x180", "25", "0.4"), x264)); // it would decode
    const auto refuse = [&](const std::string& text) {
        const Path script = f.file("script.mp4");
        std::ofstream(script) << text;
        const auto ingested = ingest_media(script, {}, f.store, quick());
        REQUIRE_FALSE(ingested.ok());
        INFO(ingested.error().message);
        CHECK(ingested.error().message.find("script.mp4") != std::string::npos);
        CHECK(ingested.error().message.find('\n') == std::string::npos);
        CHECK(f.store.list()->empty());
        // The program refuses as well, whatever it is told the file to be: the probe is not the only lock.
        for (const char* format : {"mov", "concat", "hls", "sdp"}) {
            ingest::Probe lie;
            lie.format = format;
            const int input = open(script.c_str(), O_RDONLY | O_CLOEXEC), output = open(f.file("out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            ChildCommand command;
            command.arguments = ingest::video_arguments(lie, "superfast");
            command.descriptors = {input, output};
            command.isolation = Isolation::none; // by its lists alone
            command.limits.time = std::chrono::seconds(20);
            const auto outcome = run_child(command);
            REQUIRE(outcome);
            CHECK_FALSE(outcome->good());
            CHECK(lseek(output, 0, SEEK_END) == 0);
            close(input);
            close(output);
        }
    };
    refuse("ffconcat version 1.0\nfile 'inner.mp4'\n");
    refuse("ffconcat version 1.0\nfile '" + f.file("inner.mp4").string() + "'\n");
    refuse("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + f.file("inner.mp4").string() + "\n#EXT-X-ENDLIST\n");
    refuse("v=0\nm=video 9 RTP/AVP 26\nc=IN IP4 127.0.0.1\n");
}

TEST_CASE("what is no file with a picture is refused in one line") {
    StoreFixture f;
    const auto reason = [&](const Path& master) {
        const auto ingested = ingest_media(master, {}, f.store, quick());
        REQUIRE_FALSE(ingested.ok());
        CHECK(ingested.error().message.find(master.string()) != std::string::npos);
        CHECK(ingested.error().message.find('\n') == std::string::npos);
        return ingested.error();
    };
    CHECK(reason(f.file("none.mp4")).category == Category::missing);
    std::ofstream(f.file("empty.mp4")).flush();
    CHECK(reason(f.file("empty.mp4")).message.find("empty") != std::string::npos);
    CHECK(reason(f.folder.path()).message.find("not a regular file") != std::string::npos);
    REQUIRE(mkfifo(f.file("fifo.mp4").c_str(), 0600) == 0);
    CHECK(reason(f.file("fifo.mp4")).message.find("not a regular file") != std::string::npos);
    std::ofstream(f.file("text.mp4")) << "This is a letter, not a video.\n";
    reason(f.file("text.mp4"));
    make_clip(f.file("sound.mp4"), {"-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"});
    CHECK(reason(f.file("sound.mp4")).message.find("sound only") != std::string::npos);
    CHECK(f.store.list()->empty());
    CHECK(f.disk.list(f.store.incoming())->empty());
}

TEST_CASE("progress rises to one, and a stopped or timed-out ingest leaves nothing") {
    StoreFixture f;
    const Path master = make_clip(f.file("a.mp4"), with({"-f", "lavfi", "-i", "testsrc=s=1280x720:r=25:d=8"}, x264));
    auto options = quick();
    std::vector<double> told;
    SECTION("progress") {
        options.progress = [&](double part) { told.push_back(part); };
        REQUIRE(ingest_media(master, {}, f.store, options));
        REQUIRE(!told.empty());
        CHECK(std::is_sorted(told.begin(), told.end()));
        CHECK(told.back() == 1.0);
    }
    SECTION("stopped at the first sign of progress") {
        std::stop_source stop;
        options.stop = stop.get_token();
        options.progress = [&](double) { stop.request_stop(); };
        CHECK(ingest_media(master, {}, f.store, options).error().category == Category::refused);
        CHECK(f.store.list()->empty());
        CHECK(f.disk.list(f.store.incoming())->empty());
    }
    SECTION("out of time") {
        options.time = std::chrono::milliseconds(1);
        CHECK(ingest_media(master, {}, f.store, options).error().category == Category::timeout);
        CHECK(f.store.list()->empty());
    }
}
