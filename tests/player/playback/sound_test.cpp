#include "player/playback/deck.hpp"

#include "content/ingest/loudness.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

// A device that keeps what it plays, in step with a clock that moves only when told, and that can be unplugged.
class RecordingSink final : public AudioSink {
public:
    explicit RecordingSink(const FakeClock& clock) : m_clock(clock), m_next(clock.monotonic()) {}
    std::shared_ptr<Mixer> mixer() override { return m_mixer && m_mixer->running(m_clock.monotonic()) ? m_mixer : nullptr; }
    void catch_up() {
        std::vector<float> buffer(960 * 2);
        for (; m_next <= m_clock.monotonic(); m_next += 20ms) {
            std::fill(buffer.begin(), buffer.end(), 0.0F);
            if (m_mixer && !m_still)
                m_mixer->pull(buffer, m_next);
            heard.insert(heard.end(), buffer.begin(), buffer.end());
        }
    }
    void stand_still(bool still) { m_still = still; }
    void unplug() { m_mixer = nullptr; }
    void plug_in() { m_mixer = std::make_shared<Mixer>(); }
    // In `heard`, the frame that is heard at `time`: the device plays what it asked for 20 ms ago.
    std::int64_t at(Nanoseconds time) const { return (time - 1s - 20ms).count() * 48 / 1'000'000; }
    std::vector<float> heard; // stereo; the first one was asked for at second 1

private:
    const FakeClock& m_clock;
    Nanoseconds m_next;
    bool m_still = false;
    std::shared_ptr<Mixer> m_mixer = std::make_shared<Mixer>();
};

struct Booth {
    TemporaryFolder folder;
    FakeClock clock;
    RecordingSink sink{clock};
    std::vector<Nanoseconds> shown; // of each frame: when, less its time in the item

    Booth() {
        for (int i = 0; i < 40; ++i) // a device that has been open for a while
            tick();
    }

    Path clip(const char* name, const std::string& picture, const std::string& arguments) {
        const Path path = folder.path() / name;
        REQUIRE(test::make_clip(path, picture, arguments));
        return path;
    }
    std::unique_ptr<Deck> prepared(const Path& path, int gain_mdb = 0) {
        PlayItem item;
        item.name = path.filename().string();
        item.file = path;
        item.sound = true;
        item.volume = 100;
        item.gain_mdb = gain_mdb;
        auto deck = std::make_unique<Deck>(item, DeckSurroundings{clock, {320, 180}, true});
        REQUIRE(deck->prepare(20s).ok());
        std::this_thread::sleep_for(100ms); // the decoding thread does not know the test's clock: let it get ahead
        return deck;
    }
    void tick(Nanoseconds step = 5ms) {
        clock.advance(step);
        sink.catch_up();
    }
    // Plays it to its end, with the sound of the one after it led in; when it ended.
    Nanoseconds play(Deck& deck, Nanoseconds start, Deck* next = nullptr, const std::function<void(Nanoseconds)>& each = {}) {
        deck.begin(start, 0ns, 1, &sink);
        for (;;) {
            std::this_thread::sleep_for(1ms);
            const Nanoseconds now = clock.monotonic();
            if (each)
                each(now - start);
            deck.feed_sound(now);
            if (const auto end = deck.end(); next && end && *end > now && *end - now < 250ms)
                next->lead_in(*end, now, sink);
            const DeckAnswer answer = deck.next(now, 20s);
            if (const auto* over = std::get_if<OverAt>(&answer); over && now >= over->time)
                return over->time;
            if (const auto* frame = std::get_if<DueFrame>(&answer); frame && frame->due <= now) {
                shown.push_back(now - deck.shown(now).pts);
                continue;
            }
            tick();
        }
    }
    float loudest(std::int64_t from, std::int64_t to) const {
        float most = 0;
        for (std::int64_t i = std::max<std::int64_t>(from, 0); i < to && 2 * i < static_cast<std::int64_t>(sink.heard.size()); ++i)
            most = std::max(most, std::fabs(sink.heard[2 * static_cast<std::size_t>(i)]));
        return most;
    }
    // The first frame from there on that is louder than `level`.
    std::int64_t onset(std::int64_t from, float level) const {
        auto i = static_cast<std::size_t>(std::max<std::int64_t>(from, 0));
        while (2 * i < sink.heard.size() && std::fabs(sink.heard[2 * i]) < level)
            ++i;
        return static_cast<std::int64_t>(i);
    }
};

double milliseconds(std::int64_t frames) { return static_cast<double>(frames) / 48; }

const char* const second_of_tone = "-f lavfi -i sine=440:d=1:r=48000 -af volume=4 -c:v mpeg4 -c:a flac -strict -2";

} // namespace

TEST_CASE("an item that follows another is heard from its very first sample, together with its first frame") {
    Booth booth;
    const Path quiet = booth.clip("silent.mkv", "testsrc2=s=64x48:r=25:d=0.6", "-c:v mpeg4");
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=1", second_of_tone);
    auto first = booth.prepared(quiet), second = booth.prepared(loud);
    const Nanoseconds end = booth.play(*first, booth.clock.monotonic(), second.get());
    booth.shown.clear();
    const Nanoseconds over = booth.play(*second, end);
    const std::int64_t start = booth.sink.at(end);
    CHECK(booth.loudest(0, start) == 0);
    CHECK(milliseconds(booth.onset(0, 0.02F) - start) == Approx(0).margin(1.5)); // it fades in over 5 ms
    // Every frame at its time, the first one too: the picture waits for no sound.
    for (const Nanoseconds zero : booth.shown)
        CHECK(std::abs((zero - end).count()) < 6'000'000);
    CHECK(over - end > 990ms);
    CHECK(over - end < 1010ms);
    // The last sample is there as well: a second of it, less the fading.
    CHECK(booth.loudest(start + 47000, start + 47700) > 0.3F);
    CHECK(second->finish(ShowingEnd::complete, over).sound_heard);
}

TEST_CASE("nothing clicks where one item's sound meets the next one's") {
    Booth booth;
    const Path low = booth.clip("low.mkv", "testsrc2=s=64x48:r=25:d=0.6",
                                "-f lavfi -i sine=80:d=2:r=48000 -af volume=4 -c:v mpeg4 -c:a flac -strict -2 -t 2");
    auto first = booth.prepared(low), second = booth.prepared(low);
    const Nanoseconds end = booth.play(*first, booth.clock.monotonic(), second.get());
    CHECK(first->finish(ShowingEnd::complete, end).sound_heard);
    booth.play(*second, end, nullptr);
    const auto join = static_cast<std::size_t>(booth.sink.at(end));
    REQUIRE(booth.sink.heard.size() / 2 > join + 4800);
    float steepest = 0;
    for (std::size_t i = join - 4800; i < join + 4800; ++i)
        steepest = std::max(steepest, std::fabs(booth.sink.heard[2 * i] - booth.sink.heard[2 * i - 2]));
    CHECK(steepest < 0.01F); // the tone alone makes 0.005
    CHECK(std::fabs(booth.sink.heard[2 * join]) < 0.02F);
}

TEST_CASE("the first item of all is heard whole, and its picture keeps step with it") {
    Booth booth;
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=1", second_of_tone);
    auto deck = booth.prepared(loud);
    const Nanoseconds start = booth.clock.monotonic();
    const Nanoseconds over = booth.play(*deck, start);
    const std::int64_t onset = booth.onset(0, 0.02F);
    const Nanoseconds heard_from = 1s + 20ms + Nanoseconds(onset * 1'000'000 / 48);
    CHECK(heard_from - start < 80ms); // what the device had asked for already
    CHECK(booth.shown[0] - start < 6ms);
    for (std::size_t i = 1; i < booth.shown.size(); ++i)
        CHECK(std::abs((booth.shown[i] - heard_from).count()) < 8'000'000);
    CHECK(booth.shown.size() == 25);
    CHECK(over - heard_from > 990ms);
    CHECK(booth.loudest(onset + 47000, onset + 47500) > 0.3F);
}

TEST_CASE("a device that vanishes holds up no picture, and is taken up again in step with it") {
    Booth booth;
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=4",
                                 "-f lavfi -i sine=440:d=4:r=48000 -af volume=4 -c:v mpeg4 -c:a flac -strict -2");
    auto deck = booth.prepared(loud);
    const Nanoseconds start = booth.clock.monotonic();
    std::int64_t gone = 0, back = 0;
    const Nanoseconds over = booth.play(*deck, start, nullptr, [&](Nanoseconds into) {
        if (into > 1s && !gone) {
            booth.sink.unplug();
            gone = static_cast<std::int64_t>(booth.sink.heard.size() / 2);
        } else if (into > 2s && !back) {
            booth.sink.plug_in();
            back = static_cast<std::int64_t>(booth.sink.heard.size() / 2);
        }
    });
    CHECK(booth.shown.size() == 100);
    for (const Nanoseconds zero : booth.shown)
        CHECK(std::abs((zero - start).count()) < 70'000'000);
    CHECK(over - start < 4080ms);
    CHECK(booth.loudest(back + 9600, back + 48000) > 0.3F);
    CHECK(deck->finish(ShowingEnd::complete, over).sound_heard); // three of its four seconds
}

TEST_CASE("a device that stands still for a while goes on in step with the picture, which never waited") {
    Booth booth;
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=4",
                                 "-f lavfi -i sine=440:d=4:r=48000 -af volume=4 -c:v mpeg4 -c:a flac -strict -2");
    auto deck = booth.prepared(loud);
    const Nanoseconds start = booth.clock.monotonic();
    const Nanoseconds over =
        booth.play(*deck, start, nullptr, [&](Nanoseconds into) { booth.sink.stand_still(into > 1s && into < 1500ms); });
    CHECK(booth.shown.size() == 100);
    for (const Nanoseconds zero : booth.shown)
        CHECK(std::abs((zero - start).count()) < 70'000'000);
    CHECK(over - start < 4080ms);
    CHECK(booth.loudest(booth.sink.at(start + 3s), booth.sink.at(start + 3500ms)) > 0.3F);
    CHECK(booth.loudest(booth.sink.at(over + 100ms), booth.sink.at(over + 600ms)) == 0);
}

TEST_CASE("an item whose device was away most of the time was not heard") {
    Booth booth;
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=1", second_of_tone);
    auto deck = booth.prepared(loud);
    const Nanoseconds over = booth.play(*deck, booth.clock.monotonic(), nullptr, [&](Nanoseconds into) {
        if (into > 300ms)
            booth.sink.unplug();
    });
    CHECK_FALSE(deck->finish(ShowingEnd::complete, over).sound_heard);
}

TEST_CASE("with the gain that is measured at ingest, loud and soft files are heard at -23 LUFS") {
    const char* const level = GENERATE("-af volume=2.5", "-af volume=0.4"); // -15 and -31 LUFS
    Booth booth;
    const Path file = booth.clip("a.mkv", "testsrc2=s=64x48:r=25:d=4",
                                 std::string("-f lavfi -i sine=1000:d=4:r=48000 -ac 2 -c:v mpeg4 -c:a aac ") + level);
    const auto loudness = ingest::measure_loudness(file);
    REQUIRE(loudness.ok());
    auto deck = booth.prepared(file, ingest::house_gain_mdb(*loudness));
    booth.play(*deck, booth.clock.monotonic());
    const Path raw = booth.folder.path() / "heard.f32", heard = booth.folder.path() / "heard.mka";
    const auto bytes = static_cast<std::streamsize>(booth.sink.heard.size() * sizeof(float));
    std::ofstream(raw, std::ios::binary).write(reinterpret_cast<const char*>(booth.sink.heard.data()), bytes);
    const std::string encode = "ffmpeg -nostdin -v error -y -f f32le -ar 48000 -ch_layout stereo -i '" + raw.string() + "' -c:a aac -b:a 256k '" +
                               heard.string() + "'";
    REQUIRE(std::system(encode.c_str()) == 0);
    const auto got = ingest::measure_loudness(heard);
    REQUIRE(got.ok());
    INFO("from " << loudness->integrated_lufs << " LUFS");
    CHECK(got->integrated_lufs == Approx(-23).margin(0.4));
}

TEST_CASE("the volume of the moment is followed, gently") {
    Booth booth;
    const Path loud = booth.clip("loud.mkv", "testsrc2=s=64x48:r=25:d=2",
                                 "-f lavfi -i sine=440:d=2:r=48000 -af volume=4 -c:v mpeg4 -c:a flac -strict -2");
    int volume = 100;
    PlayItem item;
    item.name = "loud";
    item.file = loud;
    item.sound = true;
    item.volume = 100;
    item.volume_now = [&volume] { return volume; };
    Deck deck(item, {booth.clock, {320, 180}, true});
    REQUIRE(deck.prepare(20s).ok());
    std::this_thread::sleep_for(100ms);
    const Nanoseconds start = booth.clock.monotonic();
    booth.play(deck, start, nullptr, [&](Nanoseconds into) { volume = into > 1s ? 0 : 100; });
    CHECK(booth.loudest(booth.sink.at(start + 500ms), booth.sink.at(start + 900ms)) > 0.3F);
    CHECK(booth.loudest(booth.sink.at(start + 1500ms), booth.sink.at(start + 1900ms)) == 0);
}
