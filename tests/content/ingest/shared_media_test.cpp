// Every file of the shared media folder: a capsule in the house profile, or one line of refusal.
#include "content/ingest/ingest.hpp"
#include "tests/content/ingest/media.hpp"

#include <sys/stat.h>

#include <fstream>

using namespace capsule;
using ingest::ingest_media;

namespace {

ingest::Options quick() {
    ingest::Options options;
    options.preset = "superfast";
    options.time = std::chrono::seconds(60);
    return options;
}

struct Expected {
    const char* file;
    int width, height;
    int frames; // of the result, ±1
    bool sound;
};

void check_profile(const Path& path, const CapsuleVersion& version) {
    const auto probe = ffprobe(path);
    const auto& video = probe.at("streams").at(0);
    CHECK(video.at("codec_name") == "h264");
    CHECK(video.at("profile") == "High");
    CHECK(video.at("pix_fmt") == "yuv420p");
    CHECK(video.at("field_order") == "progressive");
    CHECK(video.at("color_space") == "bt709");
    CHECK(video.at("color_range") == "tv");
    CHECK(video.value("sample_aspect_ratio", "1:1") == "1:1");
    CHECK_FALSE(video.contains("side_data_list")); // no rotation left
    CHECK(video.at("width") == version.width);
    CHECK(video.at("height") == version.height);
    CHECK(video.at("r_frame_rate") == std::to_string(version.fps_numerator) + "/" + std::to_string(version.fps_denominator));
    CHECK(version.fps_numerator <= 30 * version.fps_denominator);
    if (version.sound) {
        const auto& audio = probe.at("streams").at(1);
        CHECK(audio.at("codec_name") == "aac");
        CHECK(audio.at("sample_rate") == "48000");
        CHECK(audio.at("channels") == 2);
        const double difference = std::stod(audio.at("duration").get<std::string>()) - std::stod(video.at("duration").get<std::string>());
        CHECK(std::abs(difference) < 0.25);
    }
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    CHECK(bytes.find("moov") < bytes.find("mdat")); // the index in front
}

} // namespace

TEST_CASE("real videos become capsules in the house profile") {
    const auto expected = GENERATE(values<Expected>({
        {"torchcodec__nasa_13013.mp4", 320, 180, 325, true}, // thirteen seconds of its first picture stream
        {"torchcodec__bt709_full_range.mp4", 1280, 720, 30, false},
        {"torchcodec__h265_10bits.mp4", 200, 200, 30, false},
        {"media__mp4_bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4", 1138, 640, 120, false},
        {"media__mp4_sample_12_5fps_720p_1s.mp4", 1280, 720, 13, false}, // its sound track is silence
        {"media__mp4_sample.mp4", 1080, 720, 30, true},
        {"media__mp4_sample_portrait.mp4", 720, 1080, 30, true},
        {"media__mp4_sample_rotate_and_reflect.mp4", 720, 1080, 30, true},
        {"media__mp4_sample_shorter_audio.mp4", 320, 240, 36, true}, // 60 pictures a second, every second one kept
        {"media__mp4_sample_fragmented.mp4", 1080, 720, 32, true}, // its picture starts after its sound
        {"media__mkv_sample_with_srt.mkv", 1080, 720, 30, true},
        {"media__mp4_bbb_642x642_768kbps_30fps_vp9.webm", 642, 642, 89, false},
        {"media__mp4_sample_av1.mp4", 1080, 720, 30, true},
        {"media__vp9_bear-vp9-odd-dimensions.webm", 162, 122, 30, false},
        {"decord__corrupted.mp4", 1280, 720, 49, false},
        {"decord__video_90.mov", 320, 568, 3, false},
        {"media__mp4_sample_mdat_too_long.mp4", 1080, 720, 30, true},
    }));
    const Path master = Path(CAPSULE_SHARED_DIR) / "media/video" / expected.file;
    if (!std::filesystem::exists(master)) {
        WARN("skipped: " << master << " is not here");
        return;
    }
    INFO(expected.file);
    StoreFixture f;
    const auto ingested = ingest_media(master, {}, f.store, quick());
    INFO((ingested ? std::string() : ingested.error().message));
    REQUIRE(ingested);
    const CapsuleVersion& version = ingested->version;
    CHECK(ingested->kind == CapsuleKind::video);
    CHECK(version.width == expected.width);
    CHECK(version.height == expected.height);
    CHECK(version.sound == expected.sound);
    const double frames = static_cast<double>(version.duration.count()) / 1000 * version.fps_numerator / version.fps_denominator;
    CHECK(frames == Approx(expected.frames).margin(1.1));
    CHECK(f.store.verify(version.media.sha256)->bytes == version.media.bytes);
    check_profile(f.store.path_of(version.media.sha256), version);
    const auto thumbnail = ffprobe(f.store.path_of(version.thumbnail->sha256)).at("streams").at(0);
    CHECK(thumbnail.at("codec_name") == "webp");
    CHECK(thumbnail.at("width") == 480);
    CHECK(f.store.list()->size() == 2 + version.captions.size());
    CHECK(f.disk.list(f.store.incoming())->empty());
}

TEST_CASE("real files without a picture that can be shown are refused in one line") {
    struct Refused {
        const char* file;
        const char* reason;
    };
    const auto refused = GENERATE(values<Refused>({
        {"video/media__mp4_sample_audio_only.mp4", "sound only"},
        {"image/media__webp_black_large.webp", "pixels"},
        {"hostile/concat_named.mkv", ""},
        {"hostile/hls_playlist_named.mp4", ""},
        {"hostile/zeros_64k.mp4", ""},
    }));
    const Path master = Path(CAPSULE_SHARED_DIR) / "media" / refused.file;
    if (!std::filesystem::exists(master)) {
        WARN("skipped: " << master << " is not here");
        return;
    }
    StoreFixture f;
    const auto ingested = ingest_media(master, {}, f.store, quick());
    REQUIRE_FALSE(ingested.ok());
    const std::string& message = ingested.error().message;
    INFO(message);
    CHECK(message.find(master.filename().string()) != std::string::npos);
    CHECK(message.find(refused.reason) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
    CHECK(f.store.list()->empty());
}

TEST_CASE("a codec that this machine does not know is refused by name, and is shown where it is known") {
    const Path master = Path(CAPSULE_SHARED_DIR) / "media/video/media__mp4_sample_vvc.mp4";
    if (!std::filesystem::exists(master)) {
        WARN("skipped: " << master << " is not here");
        return;
    }
    StoreFixture f;
    const auto ingested = ingest_media(master, {}, f.store, quick());
    REQUIRE_FALSE(ingested.ok()); // not on the list of decoders either
    INFO(ingested.error().message);
    CHECK(ingested.error().message.find("vvc") != std::string::npos);
    CHECK(ingested.error().category == Category::refused);
}

TEST_CASE("a file cut in half gives the pictures that it has, and a warning") {
    const Path master = Path(CAPSULE_SHARED_DIR) / "media/hostile/truncated_half_moov_first.mp4";
    if (!std::filesystem::exists(master)) {
        WARN("skipped: " << master << " is not here");
        return;
    }
    StoreFixture f;
    const auto ingested = ingest_media(master, {}, f.store, quick());
    INFO((ingested ? std::string() : ingested.error().message));
    REQUIRE(ingested);
    CHECK(ingested->warnings.size() == 1);
}

TEST_CASE("real images become flat pictures of at most 1920 by 1080") {
    struct Image {
        const char* file;
        const char* type;
        int width, height;
    };
    const auto image = GENERATE(values<Image>({
        {"media__jpeg_london.jpg", "image/jpeg", 1020, 768},
        {"media__png_media3test_srgb.png", "image/png", 304, 84},
    }));
    const Path master = Path(CAPSULE_SHARED_DIR) / "media/image" / image.file;
    if (!std::filesystem::exists(master)) {
        WARN("skipped: " << master << " is not here");
        return;
    }
    StoreFixture f;
    const auto ingested = ingest_media(master, {}, f.store, quick());
    INFO((ingested ? std::string() : ingested.error().message));
    REQUIRE(ingested);
    CHECK(ingested->kind == CapsuleKind::image);
    CHECK(ingested->version.media.type == image.type);
    CHECK(ingested->version.duration == Milliseconds{10'000});
    const auto stream = ffprobe(f.store.path_of(ingested->version.media.sha256)).at("streams").at(0);
    CHECK(stream.at("width") == image.width);
    CHECK(stream.at("height") == image.height);
    CHECK(stream.at("width") == ingested->version.width);
    CHECK(stream.at("pix_fmt").get<std::string>().find("rgba") == std::string::npos);
}
