#include "content/captions/embedded.hpp"

#include "content/captions/encoding.hpp"
#include "content/captions/language.hpp"
#include "content/captions/markup.hpp"
#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

#include <algorithm>
#include <optional>

namespace capsule {

namespace {

constexpr std::size_t most_text = 4u << 20;
constexpr Milliseconds unknown_length{4000}; // of a cue that says no end and is followed by none

bool is_text(AVCodecID codec) {
    return codec == AV_CODEC_ID_SUBRIP || codec == AV_CODEC_ID_TEXT || codec == AV_CODEC_ID_WEBVTT || codec == AV_CODEC_ID_MOV_TEXT ||
           codec == AV_CODEC_ID_ASS;
}

std::string refusal(const AVStream* stream, const std::string& language) {
    const AVCodecDescriptor* codec = avcodec_descriptor_get(stream->codecpar->codec_id);
    const bool bitmap = codec && (codec->props & AV_CODEC_PROP_BITMAP_SUB) != 0;
    return "its subtitles" + (language.empty() ? std::string() : " in " + language) + " (" + avcodec_get_name(stream->codecpar->codec_id) +
           ") are " + (bitmap ? "pictures, not text" : "of a kind that is not read here") + ": give them as WebVTT or SubRip";
}

// Tags of SubRip and WebVTT resolved; lines without blanks around them.
void keep(std::vector<Cue>& cues, Milliseconds start, Milliseconds end, const std::string& text, bool has_markup) {
    PlainCueText plain{text, {}, false};
    if (has_markup)
        plain = read_markup(text);
    Cue cue;
    cue.start = std::max(start, Milliseconds{0});
    cue.end = end;
    cue.italic = plain.italic;
    std::string_view rest = plain.text;
    while (!rest.empty()) {
        const auto at = rest.find('\n');
        const auto line = rest.substr(0, at);
        rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
        const auto first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t");
        if (first != std::string_view::npos)
            cue.lines.emplace_back(line.substr(first, last - first + 1));
    }
    if (!cue.lines.empty() && (cue.end > cue.start || cue.end <= Milliseconds{0}))
        cues.push_back(std::move(cue));
}

std::string text_of(const AVPacket& packet, AVCodecID codec) {
    const std::string_view bytes(reinterpret_cast<const char*>(packet.data), static_cast<std::size_t>(std::max(0, packet.size)));
    if (codec == AV_CODEC_ID_MOV_TEXT)
        return text_of_timed_text(bytes);
    return codec == AV_CODEC_ID_ASS ? text_of_ass_line(to_plain_utf8(bytes)) : to_plain_utf8(bytes);
}

} // namespace

std::string text_of_ass_line(std::string_view line) {
    for (int fields = 0; fields < 8; ++fields) {
        const auto comma = line.find(',');
        if (comma == std::string_view::npos)
            return {};
        line.remove_prefix(comma + 1);
    }
    std::string text;
    bool drawing = false; // after {\p1} come the strokes of a drawing, not words
    while (!line.empty()) {
        if (line.front() == '{' && line.find('}') != std::string_view::npos) {
            const auto inside = line.substr(1, line.find('}') - 1);
            for (auto at = inside.find("\\p"); at != std::string_view::npos; at = inside.find("\\p", at + 1))
                if (at + 2 < inside.size() && inside[at + 2] >= '0' && inside[at + 2] <= '9')
                    drawing = inside[at + 2] != '0';
            line.remove_prefix(inside.size() + 2);
            continue;
        }
        const bool escape = line.starts_with("\\N") || line.starts_with("\\n") || line.starts_with("\\h");
        if (!drawing)
            text += !escape ? line.substr(0, 1) : line[1] == 'h' ? "\u00a0" : "\n";
        line.remove_prefix(escape ? 2 : 1);
    }
    return text;
}

// 3GPP TS 26.245, 5.17: length, then UTF-8, or UTF-16 with a mark.
std::string text_of_timed_text(std::string_view packet) {
    if (packet.size() < 2)
        return {};
    const std::size_t length = static_cast<std::size_t>(static_cast<std::uint8_t>(packet[0])) << 8 | static_cast<std::uint8_t>(packet[1]);
    return to_plain_utf8(packet.substr(2, length));
}

Result<EmbeddedTracks> list_embedded_captions(const Path& media) {
    CAPSULE_TRY(input, ffmpeg::Input::open_header(media));
    const AVFormatContext* context = input.context();
    EmbeddedTracks tracks;
    for (unsigned i = 0; i < context->nb_streams; ++i) {
        const AVStream* stream = context->streams[i];
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE)
            continue;
        const AVDictionaryEntry* written = av_dict_get(stream->metadata, "language", nullptr, 0);
        const std::string language = language_tag(written ? written->value : "");
        if (is_text(stream->codecpar->codec_id))
            tracks.text.push_back({static_cast<int>(i), language, avcodec_get_name(stream->codecpar->codec_id),
                                   (stream->disposition & AV_DISPOSITION_FORCED) != 0});
        else
            tracks.refused.push_back(refusal(stream, language));
    }
    return tracks;
}

Result<std::vector<Cue>> read_embedded_captions(const Path& media, int number, std::uint64_t most_bytes) {
    CAPSULE_TRY(input, ffmpeg::Input::open_header(media));
    AVFormatContext* context = input.context();
    if (number < 0 || static_cast<unsigned>(number) >= context->nb_streams || !is_text(context->streams[number]->codecpar->codec_id))
        return Error{Category::missing, media.string() + ": its stream " + std::to_string(number) + " is no text"};
    const AVStream* stream = context->streams[number];
    const AVCodecID codec = stream->codecpar->codec_id;
    const AVStream* video = input.first_video();
    input.keep_only(stream, video);
    std::vector<Cue> cues;
    Milliseconds origin{0};
    std::size_t bytes = 0;
    auto packet = ffmpeg::make_packet();
    for (;;) {
        const auto more = input.read(packet);
        if (!more || !*more || bytes > most_text || static_cast<std::uint64_t>(std::max<std::int64_t>(0, context->pb->pos)) > most_bytes)
            break; // what was read of a damaged file is kept
        if (packet->stream_index != number) {
            // The picture's first moment, after which its packets are of no use.
            if (packet->pts != AV_NOPTS_VALUE)
                origin = Milliseconds{av_rescale_q(packet->pts, video->time_base, {1, 1000})};
            input.keep_only(stream);
        } else if (packet->pts != AV_NOPTS_VALUE) {
            const Milliseconds start{av_rescale_q(packet->pts, stream->time_base, {1, 1000})};
            const Milliseconds length{av_rescale_q(std::max<std::int64_t>(0, packet->duration), stream->time_base, {1, 1000})};
            bytes += static_cast<std::size_t>(std::max(0, packet->size));
            keep(cues, start, length.count() > 0 ? start + length : Milliseconds{0}, text_of(*packet, codec), codec != AV_CODEC_ID_ASS && codec != AV_CODEC_ID_MOV_TEXT);
        }
        av_packet_unref(packet.get());
    }
    std::stable_sort(cues.begin(), cues.end(), [](const Cue& left, const Cue& right) { return left.start < right.start; });
    for (std::size_t i = 0; i < cues.size(); ++i) {
        Cue& cue = cues[i];
        if (cue.end <= Milliseconds{0})
            cue.end = i + 1 < cues.size() ? std::max(cues[i + 1].start, cue.start + Milliseconds{1}) : cue.start + unknown_length;
    }
    for (Cue& cue : cues) {
        cue.start = std::max(cue.start - origin, Milliseconds{0});
        cue.end -= origin;
    }
    std::erase_if(cues, [](const Cue& cue) { return cue.end <= cue.start; });
    return cues;
}

} // namespace capsule
