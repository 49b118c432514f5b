#include "player/media/picture_decoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
}

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace capsule {

namespace {

std::vector<std::string> devices(const char* folder, const std::string& prefix) {
    std::vector<std::string> paths;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error); !error && entry != std::filesystem::directory_iterator();
         entry.increment(error)) {
        if (entry->path().filename().string().starts_with(prefix))
            paths.push_back(entry->path().string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

struct Unref {
    void operator()(AVBufferRef* reference) const { av_buffer_unref(&reference); }
};
using Device = std::unique_ptr<AVBufferRef, Unref>;

// Pictures come back from the circuit's memory into the machine's, in a form that a stage takes as it is (NV12) where there is one.
class VaapiDecoder final : public PictureDecoder {
public:
    explicit VaapiDecoder(ffmpeg::Decoder decoder) : m_decoder(std::move(decoder)) {}
    Result<void> send(const AVPacket* packet) override { return m_decoder.send(packet); }
    Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) override {
        auto received = m_decoder.receive(m_inside);
        if (!received || *received != ffmpeg::Received::frame)
            return received;
        if (m_inside->format != AV_PIX_FMT_VAAPI)
            return Error{Category::io, "VAAPI gave a picture of the CPU"};
        av_frame_unref(frame.get());
        frame->format = transfer_format();
        int code = av_hwframe_transfer_data(frame.get(), m_inside.get(), 0);
        if (code >= 0)
            code = av_frame_copy_props(frame.get(), m_inside.get());
        av_frame_unref(m_inside.get());
        if (code < 0) {
            av_frame_unref(frame.get());
            return Error{Category::io, "a picture cannot be taken back from VAAPI"};
        }
        return received;
    }

private:
    int transfer_format() const {
        AVPixelFormat* formats = nullptr;
        if (!m_inside->hw_frames_ctx ||
            av_hwframe_transfer_get_formats(m_inside->hw_frames_ctx, AV_HWFRAME_TRANSFER_DIRECTION_FROM, &formats, 0) < 0)
            return AV_PIX_FMT_NONE; // FFmpeg's own choice
        int chosen = formats[0];
        for (const AVPixelFormat* format = formats; *format != AV_PIX_FMT_NONE; ++format) {
            if (*format == AV_PIX_FMT_NV12)
                chosen = *format;
        }
        av_free(formats);
        return chosen;
    }
    ffmpeg::Decoder m_decoder;
    ffmpeg::Frame m_inside = ffmpeg::make_frame();
};

class Vaapi final : public HardwareDecoders {
public:
    Vaapi(Device device, std::string path) : m_device(std::move(device)), m_path(std::move(path)) {}
    std::string name() const override { return "VAAPI (" + m_path + ")"; }
    Result<std::unique_ptr<PictureDecoder>> open(const AVStream* stream, const ffmpeg::Limits& limits) override {
        ffmpeg::DecoderChoice choice;
        choice.device = m_device.get();
        choice.device_format = AV_PIX_FMT_VAAPI;
        CAPSULE_TRY(decoder, ffmpeg::Decoder::open(stream, limits, 1, choice));
        return std::unique_ptr<PictureDecoder>(std::make_unique<VaapiDecoder>(std::move(decoder)));
    }

private:
    const Device m_device;
    const std::string m_path;
};

class V4l2Decoder final : public PictureDecoder {
public:
    explicit V4l2Decoder(ffmpeg::Decoder decoder) : m_decoder(std::move(decoder)) {}
    Result<void> send(const AVPacket* packet) override { return m_decoder.send(packet); }
    Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) override { return m_decoder.receive(frame); }

private:
    ffmpeg::Decoder m_decoder;
};

class V4l2 final : public HardwareDecoders {
public:
    explicit V4l2(std::string path) : m_path(std::move(path)) {}
    std::string name() const override { return "V4L2 M2M (" + m_path + ")"; }
    Result<std::unique_ptr<PictureDecoder>> open(const AVStream* stream, const ffmpeg::Limits& limits) override {
        const std::string codec = std::string(avcodec_get_name(stream->codecpar->codec_id)) + "_v4l2m2m";
        ffmpeg::DecoderChoice choice;
        choice.codec = codec.c_str();
        CAPSULE_TRY(decoder, ffmpeg::Decoder::open(stream, limits, 1, choice));
        return std::unique_ptr<PictureDecoder>(std::make_unique<V4l2Decoder>(std::move(decoder)));
    }

private:
    const std::string m_path;
};

bool is_memory_to_memory(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return false;
    v4l2_capability capability{};
    const bool answered = ioctl(file, VIDIOC_QUERYCAP, &capability) == 0;
    close(file);
    const auto can = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
    return answered && (can & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE));
}

} // namespace

std::shared_ptr<HardwareDecoders> find_hardware_decoders() {
    for (const std::string& path : devices("/dev/dri", "renderD")) {
        setenv("LIBVA_MESSAGING_LEVEL", "0", 0); // libva writes to standard error otherwise
        AVBufferRef* device = nullptr;
        if (av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, path.c_str(), nullptr, 0) >= 0)
            return std::make_shared<Vaapi>(Device(device), path);
    }
    for (const std::string& path : devices("/dev", "video")) {
        if (is_memory_to_memory(path))
            return std::make_shared<V4l2>(path);
    }
    return nullptr;
}

} // namespace capsule
