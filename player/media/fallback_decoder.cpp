#include "player/media/fallback_decoder.hpp"

#include "content/base/log.hpp"

extern "C" {
#include <libavcodec/packet.h>
#include <libavutil/avutil.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <iterator>

namespace capsule {

namespace {

constexpr std::size_t most_kept = 24u << 20;
constexpr int most_unanswered = 64; // no codec holds back more pictures: a circuit that takes packets and gives nothing is stuck
constexpr int key_pictures_kept = 2; // of the newest, the pictures before it may still be inside

// What a picture and its packet have in common, whoever decodes it.
std::int64_t timestamp_of(const AVPacket& packet) { return packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts; }
std::int64_t timestamp_of(const AVFrame& frame) { return frame.pts != AV_NOPTS_VALUE ? frame.pts : frame.best_effort_timestamp; }

} // namespace

Result<std::unique_ptr<FallbackDecoder>> FallbackDecoder::open(std::unique_ptr<PictureDecoder> hardware, OpenSoftware software,
                                                               std::string name) {
    std::unique_ptr<FallbackDecoder> decoder(new FallbackDecoder(std::move(software), std::move(name)));
    if (hardware) {
        decoder->m_decoder = std::move(hardware);
        decoder->m_hardware = true;
        return decoder;
    }
    CAPSULE_TRY(opened, decoder->m_open_software());
    decoder->m_decoder = std::move(opened);
    return decoder;
}

void FallbackDecoder::drop_front() {
    m_kept_bytes -= static_cast<std::size_t>(m_kept.front().packet->size);
    m_kept.pop_front();
}

void FallbackDecoder::keep(const AVPacket* packet) {
    ffmpeg::Packet clone(av_packet_clone(packet));
    if (!clone)
        return;
    const auto is_key = [](const Kept& kept) { return (kept.packet->flags & AV_PKT_FLAG_KEY) != 0; };
    m_kept_bytes += static_cast<std::size_t>(clone->size);
    m_kept.push_back({std::move(clone), timestamp_of(*packet), false});
    // Groups count from the last picture that came: a circuit that has fallen silent owes all those after it.
    const auto silent = std::min<std::ptrdiff_t>(m_unanswered, std::ssize(m_kept));
    auto keys = std::count_if(m_kept.begin(), m_kept.end(), is_key);
    auto old_keys = std::count_if(m_kept.begin(), m_kept.end() - silent, is_key);
    while (!m_kept.empty() && (old_keys > key_pictures_kept || m_kept_bytes > most_kept || (keys > 0 && !is_key(m_kept.front())))) {
        keys -= is_key(m_kept.front());
        old_keys -= is_key(m_kept.front());
        drop_front();
    }
}

Result<void> FallbackDecoder::fall_back(const std::string& why) {
    m_hardware = false;
    auto software = m_open_software();
    if (!software) {
        log_warning("media", m_name + ": decoding in hardware failed (" + why + "), in software too: " + software.error().message);
        m_decoder.reset();
        m_without = software.error();
        return m_without;
    }
    log_warning("media", m_name + ": decoding in hardware failed (" + why + "); going on in software");
    m_decoder = std::move(*software);
    m_again = std::move(m_kept);
    m_kept.clear();
    m_kept_bytes = 0;
    const auto is_last = [this](const Kept& again) { return again.given && again.timestamp == m_given; };
    if (const auto times = std::count_if(m_again.begin(), m_again.end(), is_last); times > 0)
        m_behind = Behind{*m_given, times, m_again.size()};
    return {};
}

// The same timestamp may stand before and behind a break: pictures come in the order of their packets then.
void FallbackDecoder::note_given(std::int64_t timestamp) {
    m_given = timestamp;
    const auto kept = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& one) { return !one.given && one.timestamp == timestamp; });
    if (kept != m_kept.end())
        kept->given = true;
}

bool FallbackDecoder::leave_out(std::int64_t timestamp) {
    if (!m_behind)
        return false;
    if (timestamp == m_behind->last)
        --m_behind->times;
    if (--m_behind->most == 0 || m_behind->times == 0)
        m_behind.reset();
    return true;
}

Result<void> FallbackDecoder::send(const AVPacket* packet) {
    m_draining = m_draining || !packet;
    if (!m_decoder)
        return m_without;
    if (!m_hardware)
        return m_decoder->send(packet);
    if (packet)
        keep(packet);
    const auto sent = m_decoder->send(packet);
    if (sent && ++m_unanswered <= most_unanswered)
        return {};
    // It asks for more after the last packet, too.
    return fall_back(sent ? "it gives no picture" : sent.error().message); // receive() sends it again
}

Result<ffmpeg::Received> FallbackDecoder::receive(ffmpeg::Frame& frame) {
    while (m_decoder) {
        const auto received = m_decoder->receive(frame);
        if (!received) {
            if (!m_hardware)
                return received;
            CAPSULE_CHECK(fall_back(received.error().message));
            continue;
        }
        if (*received == ffmpeg::Received::hungry && !m_again.empty()) {
            const ffmpeg::Packet packet = std::move(m_again.front().packet);
            m_again.pop_front();
            if (const auto sent = m_decoder->send(packet.get()); !sent)
                return sent.error();
            if (m_again.empty() && m_draining)
                (void)m_decoder->send(nullptr);
            continue;
        }
        if (*received != ffmpeg::Received::frame)
            return received;
        m_unanswered = 0;
        if (leave_out(timestamp_of(*frame))) {
            av_frame_unref(frame.get());
            continue;
        }
        if (m_hardware)
            note_given(timestamp_of(*frame));
        return received;
    }
    return m_without;
}

} // namespace capsule
