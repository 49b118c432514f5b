#include "player/media/fallback_decoder.hpp"
#include "player/media/session.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <fstream>

using namespace capsule;

namespace {

enum class Defect { none, opening, sending, receiving, swallowing };

// A circuit that decodes rightly (on the CPU, in truth) until its defect shows.
class FakeCircuit final : public PictureDecoder {
public:
    FakeCircuit(ffmpeg::Decoder decoder, Defect defect, int good_pictures)
        : m_decoder(std::move(decoder)), m_defect(defect), m_good(good_pictures) {}
    Result<void> send(const AVPacket* packet) override {
        if (m_defect == Defect::sending && m_given >= m_good)
            return Error{Category::io, "the circuit hung up"};
        if (m_defect == Defect::swallowing && m_given >= m_good)
            return {};
        return m_decoder.send(packet);
    }
    Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) override {
        if (m_defect == Defect::swallowing && m_given >= m_good)
            return ffmpeg::Received::hungry;
        if (m_defect == Defect::receiving && m_given >= m_good)
            return Error{Category::io, "the circuit hung up"};
        const auto received = m_decoder.receive(frame);
        m_given += received && *received == ffmpeg::Received::frame;
        return received;
    }

private:
    ffmpeg::Decoder m_decoder;
    const Defect m_defect;
    const int m_good;
    int m_given = 0;
};

class FakeCircuits final : public HardwareDecoders {
public:
    FakeCircuits(Defect defect, int good_pictures) : m_defect(defect), m_good(good_pictures) {}
    std::string name() const override { return "a fake circuit"; }
    Result<std::unique_ptr<PictureDecoder>> open(const AVStream* stream, const ffmpeg::Limits& limits) override {
        if (m_defect == Defect::opening)
            return Error{Category::refused, "not this codec"};
        CAPSULE_TRY(decoder, ffmpeg::Decoder::open(stream, limits, 1));
        return std::unique_ptr<PictureDecoder>(std::make_unique<FakeCircuit>(std::move(decoder), m_defect, m_good));
    }

private:
    const Defect m_defect;
    const int m_good;
};

std::vector<Nanoseconds> times(const Path& file, std::shared_ptr<HardwareDecoders> hardware) {
    SessionOptions options;
    options.hardware = std::move(hardware);
    auto session = Session::open(file, options);
    REQUIRE(session.ok());
    std::vector<Nanoseconds> found;
    for (;;) {
        auto frame = session->next_video();
        REQUIRE(frame.ok());
        if (!frame->has_value())
            return found;
        found.push_back((*frame)->pts);
    }
}

} // namespace

TEST_CASE("a circuit that fails at any picture loses none: software goes on from the same one") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    // Pictures that refer to later ones, and a key picture every twelve.
    REQUIRE(test::make_clip(file, "testsrc2=s=64x48:r=25:d=2", "-c:v libx264 -g 12 -bf 3 -pix_fmt yuv420p"));
    const std::vector<Nanoseconds> whole = times(file, nullptr);
    REQUIRE(whole.size() == 50);
    for (const Defect defect : {Defect::opening, Defect::sending, Defect::receiving}) {
        for (int good = 0; good <= 50; ++good) {
            INFO("defect " << static_cast<int>(defect) << " after " << good << " pictures");
            REQUIRE(times(file, std::make_shared<FakeCircuits>(defect, good)) == whole);
        }
    }
}

TEST_CASE("a circuit that fails around a break in the timestamps loses no picture and gives none twice") {
    const TemporaryFolder folder;
    const Path part = folder.path() / "part.ts", file = folder.path() / "a.ts";
    // The same timestamps three times; with long groups of pictures all that was given is decoded again, with short ones the last part.
    const std::string group = GENERATE("250", "5");
    REQUIRE(test::make_clip(part, "testsrc2=s=64x48:r=25:d=0.4", "-c:v libx264 -g " + group + " -bf 3 -pix_fmt yuv420p"));
    std::ofstream whole_file(file, std::ios::binary);
    for (int i = 0; i < 3; ++i)
        whole_file << std::ifstream(part, std::ios::binary).rdbuf();
    whole_file.close();
    const std::vector<Nanoseconds> whole = times(file, nullptr);
    REQUIRE(whole.size() == 30);
    for (const Defect defect : {Defect::sending, Defect::receiving, Defect::swallowing}) {
        for (int good = 0; good <= 30; ++good) {
            INFO("groups of " << group << ", defect " << static_cast<int>(defect) << " after " << good << " pictures");
            REQUIRE(times(file, std::make_shared<FakeCircuits>(defect, good)) == whole);
        }
    }
}

TEST_CASE("a circuit that takes packets and gives no pictures is left") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    const std::string group = GENERATE("100", "12"); // short ones: several groups are swallowed
    REQUIRE(test::make_clip(file, "testsrc2=s=64x48:r=25:d=8", "-c:v libx264 -g " + group + " -bf 3 -pix_fmt yuv420p"));
    const std::vector<Nanoseconds> whole = times(file, nullptr);
    REQUIRE(whole.size() == 200);
    CHECK(times(file, std::make_shared<FakeCircuits>(Defect::swallowing, 0)) == whole);
    CHECK(times(file, std::make_shared<FakeCircuits>(Defect::swallowing, 70)) == whole);
    CHECK(times(file, std::make_shared<FakeCircuits>(Defect::none, 0)) == whole);
}

TEST_CASE("a circuit that falls silent near the end still gives all pictures") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(file, "testsrc2=s=64x48:r=25:d=1", "-c:v libx264 -g 12 -bf 3 -pix_fmt yuv420p"));
    const std::vector<Nanoseconds> whole = times(file, nullptr);
    CHECK(times(file, std::make_shared<FakeCircuits>(Defect::swallowing, 20)) == whole);
}

TEST_CASE("where software cannot go on either, that is found out and said once") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(file, "testsrc2=s=64x48:r=25:d=1", "-c:v libx264 -g 12 -pix_fmt yuv420p"));
    auto input = ffmpeg::Input::open(file);
    REQUIRE(input.ok());
    AVStream* video = input->first_video();
    auto circuit = FakeCircuits(Defect::sending, 0).open(video, {});
    REQUIRE(circuit.ok());
    int tries = 0;
    auto decoder = FallbackDecoder::open(
        std::move(*circuit),
        [&tries] {
            ++tries;
            return Error{Category::refused, "no decoder here"};
        },
        "a.mp4");
    REQUIRE(decoder.ok());
    auto packet = ffmpeg::make_packet();
    auto frame = ffmpeg::make_frame();
    REQUIRE(input->read(packet).ok());
    for (int i = 0; i < 100; ++i) {
        CHECK((*decoder)->send(packet.get()).error().message == "no decoder here");
        CHECK((*decoder)->receive(frame).error().message == "no decoder here");
    }
    CHECK((*decoder)->send(nullptr).error().category == Category::refused);
    CHECK_FALSE((*decoder)->in_hardware());
    CHECK(tries == 1);
}

TEST_CASE("what is kept for a failure is bounded") {
    const TemporaryFolder folder;
    const Path file = folder.path() / "a.mkv";
    REQUIRE(test::make_clip(file, "nullsrc=s=640x480:r=25:d=4,geq=random(1)*255:128:128", "-c:v mpeg2video -q:v 1 -g 500 -bf 0"));
    auto input = ffmpeg::Input::open(file);
    REQUIRE(input.ok());
    AVStream* video = input->first_video();
    auto circuit = FakeCircuits(Defect::none, 0).open(video, {});
    REQUIRE(circuit.ok());
    auto decoder = FallbackDecoder::open(std::move(*circuit), [] { return Error{Category::bug, "not needed"}; }, "a.mkv");
    REQUIRE(decoder.ok());
    input->keep_only(video);
    auto packet = ffmpeg::make_packet();
    auto frame = ffmpeg::make_frame();
    std::size_t most = 0;
    for (auto read = input->read(packet); read && *read; read = input->read(packet)) {
        REQUIRE((*decoder)->send(packet.get()).ok());
        for (auto got = (*decoder)->receive(frame); got && *got == ffmpeg::Received::frame; got = (*decoder)->receive(frame)) {
        }
        most = std::max(most, (*decoder)->kept_bytes());
        packet = ffmpeg::make_packet();
    }
    CHECK((*decoder)->in_hardware());
    CHECK(most > (8u << 20));
    CHECK(most <= (24u << 20));
}

TEST_CASE("this machine is asked for its circuits without harm") {
    const auto found = find_hardware_decoders();
    if (found)
        WARN("decodes by " << found->name());
}
