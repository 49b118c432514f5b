// What is measured of real films, through the whole of ingest.
#include "content/ingest/ingest.hpp"
#include "content/ingest/report.hpp"
#include "tests/content/ingest/media.hpp"

using namespace capsule;
using namespace capsule::ingest;

namespace {

Ingested measured(StoreFixture& f, const std::vector<std::string>& arguments, const std::string& name = "a.mkv") {
    Options options;
    options.preset = "ultrafast";
    auto made = ingest_media(make_clip(f.file(name), arguments), {}, f.store, options);
    INFO((made ? "" : made.error().message));
    REQUIRE(made);
    return std::move(*made);
}

// A colour that comes and goes so many times a second over grey-less ground.
std::vector<std::string> flicker(const std::string& rate, const std::string& hertz, const std::string& one, const std::string& other,
                                 const std::string& size = "480x240") {
    return {"-f", "lavfi", "-i", "color=" + one + ":s=640x360:r=" + rate + ":d=2", "-f", "lavfi", "-i", "color=" + other + ":s=" + size + ":r=" + rate + ":d=2",
            "-filter_complex", "overlay=x=40:y=40:format=rgb:enable='lt(mod(t*" + hertz + ",1),0.5)'", "-c:v", "ffv1"};
}

bool is_about(const std::vector<Span>& spans, Milliseconds from, Milliseconds to) {
    return spans.size() == 1 && std::abs((spans[0].from - from).count()) <= 120 && std::abs((spans[0].to - to).count()) <= 120;
}

} // namespace

TEST_CASE("films that flash are told from films that do not, after everything that happens to them on the way") {
    StoreFixture f;
    CHECK(measured(f, flicker("25", "5", "black", "white")).measurement.flashes.general.verdict() == FlashVerdict::fail);
    CHECK(measured(f, flicker("25", "3", "black", "white")).measurement.flashes.general.verdict() == FlashVerdict::warning);
    CHECK(measured(f, flicker("30", "5", "black", "white", "80x80")).measurement.flashes.general.verdict() == FlashVerdict::pass);
    CHECK(measured(f, flicker("25", "5", "0x007d00", "red")).measurement.flashes.red.verdict() == FlashVerdict::fail);
    CHECK(measured(f, {"-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=3", "-c:v", "ffv1"}).measurement.flashes.general.verdict() != FlashVerdict::fail);
}

TEST_CASE("flashes that dropping pictures would hide are counted in the master") {
    StoreFixture f;
    const Ingested made = measured(f, flicker("60", "30", "black", "white")); // every other picture is white; half of them are dropped
    CHECK(made.version.fps_numerator == 30);
    CHECK(made.measurement.flashes.general.flashes >= 20);
}

TEST_CASE("black, still and silent stretches are found where they are") {
    StoreFixture f;
    const Ingested made = measured(f, {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", "-f", "lavfi",
                                       "-i", "color=teal:s=320x180:r=25:d=6", "-f", "lavfi", "-i", "sine=d=4,aformat=channel_layouts=stereo:sample_rates=48000", "-f",
                                       "lavfi", "-i", "anullsrc=d=6", "-filter_complex", "[0][1][2]concat=n=3[v];[3][4]concat=n=2:v=0:a=1[a]", "-map", "[v]", "-map",
                                       "[a]", "-c:v", "ffv1", "-c:a", "flac"});
    CHECK(is_about(made.measurement.black, Milliseconds{2000}, Milliseconds{4000}));
    CHECK(is_about(made.measurement.frozen, Milliseconds{4000}, Milliseconds{10'000}));
    CHECK(is_about(made.measurement.silent, Milliseconds{4000}, Milliseconds{10'000}));
    CHECK(made.measurement.has_sound);
    CHECK(made.measurement.speech.empty()); // a steady tone does not speak
}

TEST_CASE("speech is noticed, and music-like noise is not taken for it") {
    StoreFixture f;
    ChildCommand trial;
    trial.arguments = {"ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "flite=text=a", "-f", "null", "-"};
    trial.isolation = Isolation::none;
    if (const auto tried = run_child(trial); !tried || !tried->good()) {
        WARN("this ffmpeg cannot speak: skipped");
        return;
    }
    const Ingested speaking = measured(f, {"-f", "lavfi", "-i", "color=s=320x180:r=25:d=8", "-f", "lavfi", "-i",
                                           "flite=text='Choose a long password and keep it to yourself. Never give it on the telephone to anybody.'",
                                           "-af", "adelay=1500:all=1,apad", "-t", "8", "-c:v", "ffv1", "-c:a", "flac"});
    Milliseconds said{0};
    for (const Span& span : speaking.measurement.speech)
        said += span.length();
    CHECK(said > Milliseconds{3000});
    CHECK(said < Milliseconds{6500});
    REQUIRE_FALSE(speaking.measurement.speech.empty());
    CHECK(speaking.measurement.speech.front().from >= Milliseconds{1000});
    for (const char* noise : {"anoisesrc=d=5:c=pink:a=0.3", "sine=f=440:d=5", "aevalsrc='0.3*sin(440*2*PI*t)+0.2*sin(660*2*PI*t)':d=5"}) {
        INFO(noise);
        CHECK(measured(f, {"-f", "lavfi", "-i", "color=s=320x180:r=25:d=5", "-f", "lavfi", "-i", noise, "-c:v", "ffv1", "-c:a", "flac"}).measurement.speech.empty());
    }
}

TEST_CASE("an image tells how its two lightnesses stand apart") {
    StoreFixture f;
    const auto image = [&](const std::string& ground, const std::string& ink) {
        return measured(f, {"-f", "lavfi", "-i", "color=" + ground + ":s=640x360,drawbox=x=100:y=100:w=200:h=60:t=fill:color=" + ink, "-frames:v", "1"}, "a.png")
            .measurement.contrast.value_or(0);
    };
    CHECK(image("white", "black") > 15);
    CHECK(image("0x808080", "0x999999") < 2);
}
