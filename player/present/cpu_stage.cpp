#include "player/present/cpu_stage.hpp"

#include "player/lib/sdl/events.hpp"

#include <cstring>

namespace capsule {

namespace {

bool contains(const Rectangle& outer, const Rectangle& inner) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

} // namespace

Result<std::unique_ptr<Stage>> CpuStage::open(sdl::Library library, const StageOptions& options) {
    sdl::WindowOptions wanted;
    wanted.size = options.size;
    if (options.headless && wanted.size.width <= 0)
        wanted.size = {1920, 1080};
    wanted.full_screen = !options.windowed;
    wanted.display = options.display;
    wanted.for_frame_buffer = true;
    auto window = sdl::Window::open(wanted);
    if (!window)
        return window.error();
    std::unique_ptr<CpuStage> stage(new CpuStage(std::move(library), std::move(*window), options));
    if (auto target = stage->target(); !target)
        return target.error();
    return std::unique_ptr<Stage>(std::move(stage));
}

CpuStage::CpuStage(sdl::Library library, sdl::Window window, const StageOptions& options)
    : m_library(std::move(library)), m_window(std::move(window)), m_options(options) {
    if (const double rate = m_library.refresh(options.display); rate > 0 && !options.headless)
        m_refresh = Nanoseconds(static_cast<std::int64_t>(1e9 / rate));
    m_physical = m_window.size();
    m_inner = inside_margin(m_physical, options.margin);
}

Result<PixelTarget> CpuStage::target() {
    auto buffer = m_window.frame_buffer();
    if (!buffer)
        return Error{Category::io, buffer.error().message}; // whatever the frame
    if (!(buffer->size == m_physical)) {
        m_physical = buffer->size;
        m_inner = inside_margin(m_physical, m_options.margin);
        m_clean_known = false;
    }
    if (!m_clean_known)
        m_painter.clear_around(m_inner, {buffer->pixels, buffer->pitch, buffer->size});
    auto* corner = reinterpret_cast<std::uint8_t*>(buffer->pixels) + static_cast<std::ptrdiff_t>(m_inner.y) * buffer->pitch;
    return PixelTarget{reinterpret_cast<std::uint32_t*>(corner) + m_inner.x, buffer->pitch, Size{m_inner.width, m_inner.height}};
}

Size CpuStage::size() const { return Orientation{m_options.quarter_turns, false}.applied_to({m_inner.width, m_inner.height}); }

std::string CpuStage::description() const {
    return m_library.video_driver() + ", drawn by the CPU, " + std::to_string(m_physical.width) + "x" +
           std::to_string(m_physical.height) + (m_options.quarter_turns ? ", turned by " + std::to_string(m_options.quarter_turns * 90) : "");
}

Result<void> CpuStage::draw(const VideoFrame& frame, const Overlays& overlays) {
    CAPSULE_TRY(pixels, target());
    const Orientation turn = frame.orientation.then_turned(m_options.quarter_turns);
    const Rectangle where = letterbox(frame.size, frame.pixel_aspect, turn, pixels.size);
    if (!m_clean_known || !(where == m_clean))
        m_painter.clear_around(where, pixels);
    m_clean = where;
    m_clean_known = true;
    if (auto drawn = m_painter.draw(frame, turn, pixels, where); !drawn) {
        m_painter.clear_around({}, pixels);
        return drawn;
    }
    for (const PlacedPicture* overlay : overlays) {
        const Rectangle upright{overlay->x, overlay->y, overlay->picture.size.width, overlay->picture.size.height};
        const Rectangle place = turn_within(upright, size(), m_options.quarter_turns);
        if (m_options.quarter_turns)
            m_painter.blend(m_turned.of(*overlay, [this](const Picture& p) { return m_painter.turned(p, m_options.quarter_turns); }), place.x,
                            place.y, pixels);
        else
            m_painter.blend(overlay->picture, place.x, place.y, pixels);
        if (!contains(where, place))
            m_clean_known = false;
    }
    m_turned.drop_unused();
    return {};
}

Result<void> CpuStage::show() { return m_window.update(); }

Picture CpuStage::grab() {
    auto pixels = target();
    if (!pixels)
        return Picture(size(), 0xff000000U);
    Picture picture(pixels->size);
    for (int y = 0; y < pixels->size.height; ++y) {
        const auto* from = reinterpret_cast<const std::uint8_t*>(pixels->pixels) + static_cast<std::ptrdiff_t>(y) * pixels->pitch;
        std::memcpy(picture.row(y), from, static_cast<std::size_t>(pixels->size.width) * 4);
    }
    for (auto& pixel : picture.pixels)
        pixel |= 0xff000000U;
    return m_options.quarter_turns ? m_painter.turned(picture, 4 - m_options.quarter_turns) : picture;
}

StageEvents CpuStage::poll() {
    const sdl::Events events = sdl::poll_events();
    if (events.changed) {
        m_clean_known = false;
        (void)target(); // size() is the new one from now on
    }
    return {events.quit, events.changed, false, events.gone, events.key};
}

} // namespace capsule
