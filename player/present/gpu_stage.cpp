#include "player/present/gpu_stage.hpp"

#include "player/lib/sdl/events.hpp"
#include "player/present/layout.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>
}

namespace capsule {

namespace {

std::optional<sdl::YuvMatrix> gpu_matrix(const VideoFrame& frame) {
    const bool full = frame.range == ColourRange::full;
    if (frame.matrix == ColourMatrix::bt601)
        return full ? sdl::YuvMatrix::bt601_full : sdl::YuvMatrix::bt601_limited;
    if (frame.matrix == ColourMatrix::bt709 && !full)
        return sdl::YuvMatrix::bt709_limited;
    return std::nullopt;
}

PictureForm form_of(const VideoFrame& frame) {
    if (!frame.decoded || !gpu_matrix(frame) || frame.decoded->linesize[0] <= 0)
        return PictureForm::rgb;
    switch (frame.decoded->format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
        return PictureForm::planes;
    case AV_PIX_FMT_NV12:
        return PictureForm::nv12;
    default:
        return PictureForm::rgb;
    }
}

// SDL turns about the centre of the unturned rectangle.
sdl::Placement placement(const Rectangle& where, const Orientation& turn) {
    sdl::Placement place{where.x, where.y, where.width, where.height, turn.quarter_turns, turn.mirrored};
    if (turn.swaps_sides())
        place = {where.x + (where.width - where.height) / 2, where.y + (where.height - where.width) / 2, where.height, where.width,
                 turn.quarter_turns, turn.mirrored};
    return place;
}

} // namespace

Result<std::unique_ptr<Stage>> GpuStage::open(sdl::Library& library, const StageOptions& options) {
    sdl::WindowOptions wanted;
    wanted.size = options.size;
    wanted.full_screen = !options.windowed;
    wanted.display = options.display;
    auto window = sdl::Window::open(wanted);
    if (!window)
        return window.error();
    auto renderer = sdl::Renderer::open(*window, options.kind == StageKind::gpu);
    if (!renderer)
        return renderer.error();
    return std::unique_ptr<Stage>(new GpuStage(std::move(library), std::move(*window), std::move(*renderer), options));
}

GpuStage::GpuStage(sdl::Library library, sdl::Window window, sdl::Renderer renderer, const StageOptions& options)
    : m_library(std::move(library)), m_window(std::move(window)), m_renderer(std::move(renderer)), m_options(options) {
    if (const double rate = m_library.refresh(options.display); rate > 0)
        m_refresh = Nanoseconds(static_cast<std::int64_t>(1e9 / rate));
    m_physical = m_window.size();
    m_inner = inside_margin(m_physical, options.margin);
}

Size GpuStage::size() const { return Orientation{m_options.quarter_turns, false}.applied_to({m_inner.width, m_inner.height}); }

std::string GpuStage::description() const {
    return m_library.video_driver() + ", drawn by " + m_renderer.name() + ", " + std::to_string(m_physical.width) + "x" +
           std::to_string(m_physical.height) + (m_options.quarter_turns ? ", turned by " + std::to_string(m_options.quarter_turns * 90) : "");
}

Result<void> GpuStage::make_texture(const VideoFrame& frame, PictureForm form) {
    if (m_picture && m_picture->size() == frame.size && m_picture_form == form &&
        (form == PictureForm::rgb || (m_picture_matrix == frame.matrix && m_picture_range == frame.range)))
        return {};
    m_picture.reset();
    auto texture = form == PictureForm::rgb      ? m_renderer.rgb_texture(frame.size, false)
                   : form == PictureForm::planes ? m_renderer.yuv_texture(frame.size, *gpu_matrix(frame))
                                                 : m_renderer.nv12_texture(frame.size, *gpu_matrix(frame));
    if (!texture)
        return texture.error();
    m_picture.emplace(std::move(*texture));
    m_picture_form = form;
    m_picture_matrix = frame.matrix;
    m_picture_range = frame.range;
    return {};
}

Result<void> GpuStage::upload(const VideoFrame& frame) {
    const PictureForm form = form_of(frame);
    CAPSULE_CHECK(make_texture(frame, form));
    if (form == PictureForm::planes) {
        const std::uint8_t* const planes[3] = {frame.decoded->data[0], frame.decoded->data[1], frame.decoded->data[2]};
        return m_renderer.upload_yuv(*m_picture, planes, frame.decoded->linesize);
    }
    if (form == PictureForm::nv12)
        return m_renderer.upload_nv12(*m_picture, frame.decoded->data[0], frame.decoded->linesize[0], frame.decoded->data[1],
                                      frame.decoded->linesize[1]);
    if (frame.drawn)
        return m_renderer.upload_rgb(*m_picture, frame.drawn->pixels.data(), frame.size.width * 4);
    m_pixels.resize(static_cast<std::size_t>(frame.size.width) * static_cast<std::size_t>(frame.size.height));
    const PixelTarget target{m_pixels.data(), frame.size.width * 4, frame.size};
    CAPSULE_CHECK(m_painter.draw(frame, {}, target, {0, 0, frame.size.width, frame.size.height}));
    return m_renderer.upload_rgb(*m_picture, m_pixels.data(), frame.size.width * 4);
}

Result<void> GpuStage::draw(const VideoFrame& frame, const Overlays& overlays) {
    m_renderer.clear();
    CAPSULE_CHECK(upload(frame));
    const Orientation turn = frame.orientation.then_turned(m_options.quarter_turns);
    const auto inside = [this](Rectangle place) { return Rectangle{place.x + m_inner.x, place.y + m_inner.y, place.width, place.height}; };
    const Size room{m_inner.width, m_inner.height};
    m_renderer.draw(*m_picture, placement(inside(letterbox(frame.size, frame.pixel_aspect, turn, room)), turn));
    std::size_t drawn = 0;
    for (const PlacedPicture* overlay : overlays) {
        if (overlay->picture.pixels.empty())
            continue;
        CAPSULE_TRY(texture, m_overlays.texture(m_renderer, drawn++, overlay->picture));
        const Rectangle upright{overlay->x, overlay->y, overlay->picture.size.width, overlay->picture.size.height};
        m_renderer.draw(*texture, placement(inside(turn_within(upright, size(), m_options.quarter_turns)), {m_options.quarter_turns, false}));
    }
    m_overlays.keep(drawn);
    return {};
}

Result<void> GpuStage::show() {
    m_renderer.present();
    return {};
}

Picture GpuStage::grab() {
    const Picture picture = m_renderer.read(m_inner.x, m_inner.y, {m_inner.width, m_inner.height});
    return m_options.quarter_turns ? m_painter.turned(picture, 4 - m_options.quarter_turns) : picture;
}

StageEvents GpuStage::poll() {
    const sdl::Events events = sdl::poll_events();
    if (events.changed) {
        m_physical = m_window.size();
        m_inner = inside_margin(m_physical, m_options.margin);
        m_picture.reset(); // what the GPU held may be lost
        m_overlays.keep(0);
    }
    return {events.quit, events.changed, false, events.gone, events.key};
}

} // namespace capsule
