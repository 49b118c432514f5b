#include "player/media/session.hpp"

#include "content/base/log.hpp"
#include "content/lib/ffmpeg/decoder.hpp"
#include "content/lib/ffmpeg/input.hpp"
#include "player/media/audio_decoder.hpp"
#include "player/media/fallback_decoder.hpp"
#include "player/media/frame_properties.hpp"
#include "player/media/frame_times.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
}

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_waiting_bytes = 64 << 20;
constexpr int most_failures_in_a_row = 2000;

int fitting_threads(const AVStream& stream, Nanoseconds usual) {
    // One thread decodes more cheaply than two (2 to 11 % of CPU); more only where one could not keep up.
    const double rate = usual > 0ns ? 1e9 / static_cast<double>(usual.count()) : 30;
    const double pixels_per_second = rate * stream.codecpar->width * stream.codecpar->height;
    if (pixels_per_second <= 1920.0 * 1088 * 31)
        return 1;
    return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
}

class SoftwareDecoder final : public PictureDecoder {
public:
    explicit SoftwareDecoder(ffmpeg::Decoder decoder) : m_decoder(std::move(decoder)) {}
    Result<void> send(const AVPacket* packet) override { return m_decoder.send(packet); }
    Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) override { return m_decoder.receive(frame); }

private:
    ffmpeg::Decoder m_decoder;
};

struct WaitingPackets {
    std::deque<ffmpeg::Packet> packets;
    std::size_t bytes = 0;
    void push(ffmpeg::Packet packet) {
        bytes += static_cast<std::size_t>(packet->size) + sizeof(AVPacket);
        packets.push_back(std::move(packet));
    }
    ffmpeg::Packet pop() {
        if (packets.empty())
            return {};
        ffmpeg::Packet packet = std::move(packets.front());
        packets.pop_front();
        bytes -= static_cast<std::size_t>(packet->size) + sizeof(AVPacket);
        return packet;
    }
};

} // namespace

struct Session::State {
    State(ffmpeg::Input i, std::unique_ptr<FallbackDecoder> d) : input(std::move(i)), decoder(std::move(d)) {}

    ffmpeg::Packet next_packet_of(const AVStream* wanted); // null at the end
    Result<std::optional<VideoFrame>> decode_video();

    ffmpeg::Input input;
    std::unique_ptr<FallbackDecoder> decoder; // after the input: it refers to one of its streams
    std::optional<AudioDecoder> audio_decoder;
    std::string name;
    AVStream* video = nullptr;
    AVStream* audio = nullptr;
    MediaInfo info;
    FrameTimes times{0ns};
    WaitingPackets waiting_video, waiting_audio;
    std::optional<VideoFrame> ahead; // of codecs that make single pictures: to learn whether there is a second
    bool file_ended = false, video_ended = false, looked_ahead = false;
    std::int64_t frames = 0, skipped = 0;
    std::optional<Nanoseconds> sound_end; // of what was given, on the item's time
};

Result<Session> Session::open(const Path& path, const SessionOptions& options) {
    auto input = ffmpeg::Input::open(path, {}, ffmpeg::Knowledge::decoder);
    if (!input)
        return input.error();
    AVStream* video = input->first_video();
    if (!video)
        return Error{Category::refused, path.string() + ": there is no picture in it"};
    const AVCodecParameters& parameters = *video->codecpar;
    if (parameters.codec_id == AV_CODEC_ID_NONE) {
        char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
        return Error{Category::refused, path.string() + ": its pictures are coded in a way that is not known here (" +
                                            av_fourcc_make_string(tag, parameters.codec_tag) + "); convert it to H.264"};
    }
    if (static_cast<std::int64_t>(parameters.width) * parameters.height > input->limits().max_pixels)
        return Error{Category::refused, path.string() + ": its pictures of " + std::to_string(parameters.width) + "x" +
                                            std::to_string(parameters.height) + " are larger than what is played here"};
    const Nanoseconds usual = usual_frame(*video);
    const int threads = options.threads > 0 ? options.threads : fitting_threads(*video, usual);
    std::unique_ptr<PictureDecoder> hardware;
    if (options.hardware && !is_picture_codec(*video)) {
        if (auto opened = options.hardware->open(video, input->limits()))
            hardware = std::move(*opened);
    }
    const bool in_hardware = hardware != nullptr;
    auto decoder = FallbackDecoder::open(
        std::move(hardware),
        [video, threads, limits = input->limits()]() -> Result<std::unique_ptr<PictureDecoder>> {
            CAPSULE_TRY(opened, ffmpeg::Decoder::open(video, limits, threads));
            return std::unique_ptr<PictureDecoder>(std::make_unique<SoftwareDecoder>(std::move(opened)));
        },
        path.string());
    if (!decoder)
        return in_context(path.string(), decoder.error());

    auto state = std::make_unique<State>(std::move(*input), std::move(*decoder));
    State& s = *state;
    s.name = path.string();
    s.video = video;
    s.info.threads = threads;
    if (in_hardware)
        s.info.hardware = options.hardware->name();
    s.info.container = s.input.context()->iformat->name;
    s.info.video_codec = avcodec_get_name(video->codecpar->codec_id);
    s.info.size = {video->codecpar->width, video->codecpar->height};
    s.info.usual_frame = usual;
    s.info.still = s.info.container.ends_with("_pipe") && is_picture_codec(*video);
    const std::int64_t duration = s.input.context()->duration; // microseconds
    if (duration > 0 && duration < 24LL * 3600 * 1'000'000)
        s.info.duration = std::chrono::microseconds(duration);
    // Streams for broadcast may start anew in the middle; elsewhere a late timestamp is meant.
    const bool may_jump = (s.input.context()->iformat->flags & AVFMT_TS_DISCONT) != 0;
    s.times = FrameTimes(usual, may_jump ? Nanoseconds(5s) : Nanoseconds(10min));
    if (options.sound && !s.info.still)
        s.audio = s.input.first_audio();
    if (s.audio) {
        if (auto opened = AudioDecoder::open(s.audio, s.input.limits())) {
            s.audio_decoder.emplace(std::move(*opened));
            s.info.audio_codec = s.audio_decoder->codec();
        } else {
            log_warning("media", s.name + " plays without its sound: " + opened.error().message);
            s.audio = nullptr;
        }
    }
    s.input.keep_only(s.video, s.audio);
    return Session(std::move(state));
}

Session::Session(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const MediaInfo& Session::info() const { return m_state->info; }
std::int64_t Session::skipped() const { return m_state->skipped; }
std::size_t Session::waiting_bytes() const { return m_state->waiting_video.bytes + m_state->waiting_audio.bytes; }

ffmpeg::Packet Session::State::next_packet_of(const AVStream* wanted) {
    if (auto packet = (wanted == video ? waiting_video : waiting_audio).pop())
        return packet;
    while (!file_ended) {
        if (wanted == audio && waiting_video.bytes > most_waiting_bytes)
            return {}; // the pictures come first
        auto packet = ffmpeg::make_packet();
        const auto read = input.read(packet);
        if (!read || !*read) {
            // A file that cannot be read on ends here: what it held so far was good.
            if (!read)
                log_warning("media", read.error().message);
            file_ended = true;
            break;
        }
        if (packet->stream_index == wanted->index)
            return packet;
        if (packet->stream_index == video->index)
            waiting_video.push(std::move(packet));
        else if (audio && packet->stream_index == audio->index) {
            waiting_audio.push(std::move(packet));
            while (waiting_audio.bytes > most_waiting_bytes)
                waiting_audio.pop();
        }
    }
    return {};
}

Result<std::optional<VideoFrame>> Session::State::decode_video() {
    for (int failures = 0; !video_ended && failures < most_failures_in_a_row;) {
        VideoFrame frame;
        frame.decoded = ffmpeg::make_frame();
        const auto received = decoder->receive(frame.decoded);
        if (!received) {
            ++skipped;
            ++failures;
            continue;
        }
        if (*received == ffmpeg::Received::frame) {
            const AVFrame& picture = *frame.decoded;
            if (picture.width <= 0 || picture.height <= 0 || !picture.data[0]) {
                ++failures;
                continue;
            }
            describe(frame, *video);
            const FrameTime time = times.next(timestamp_of(picture, *video), stated_duration(picture, *video));
            frame.pts = time.pts;
            frame.duration = time.duration;
            ++frames;
            return std::optional<VideoFrame>(std::move(frame));
        }
        if (*received == ffmpeg::Received::end) {
            video_ended = true;
            break;
        }
        const ffmpeg::Packet packet = next_packet_of(video);
        if (const auto sent = decoder->send(packet.get()); !sent) {
            ++skipped;
            ++failures;
        }
    }
    video_ended = true;
    if (frames == 0)
        return Error{Category::invalid, name + ": no picture in it can be decoded (" + info.video_codec + ", " +
                                            std::to_string(skipped) + " bad packets): it is broken, or its pictures are too large"};
    return std::optional<VideoFrame>();
}

Result<std::optional<VideoFrame>> Session::next_video() {
    State& s = *m_state;
    if (s.ahead) {
        std::optional<VideoFrame> frame;
        std::swap(frame, s.ahead);
        return frame;
    }
    if (s.info.still && s.frames > 0)
        return std::optional<VideoFrame>();
    auto frame = s.decode_video();
    if (frame && *frame && s.frames == 1 && !s.info.still && !s.looked_ahead && is_picture_codec(*s.video)) {
        s.looked_ahead = true;
        if (auto second = s.decode_video(); second && *second)
            s.ahead = std::move(*second);
        else
            s.info.still = true;
    }
    return frame;
}

std::optional<AudioBlock> Session::next_audio() {
    State& s = *m_state;
    while (s.audio_decoder && !s.audio_decoder->at_end()) {
        if (auto block = s.audio_decoder->receive()) {
            // Pictures define the zero.
            block->pts = s.times.place_sound(block->pts, s.sound_end);
            s.sound_end = block->pts + Nanoseconds(static_cast<std::int64_t>(block->samples.size() / 2) * 1'000'000'000 / audio_rate);
            return block;
        }
        if (s.audio_decoder->at_end())
            break;
        const ffmpeg::Packet packet = s.next_packet_of(s.audio);
        if (!packet && !s.file_ended)
            return std::nullopt; // held back by the pictures: ask again
        s.audio_decoder->send(packet.get());
    }
    return std::nullopt;
}

} // namespace capsule
