// The stage on a GPU: the planes go up as a texture, and the GPU converts, scales and turns them.
#pragma once

#include "player/lib/sdl/library.hpp"
#include "player/lib/sdl/renderer.hpp"
#include "player/lib/sdl/window.hpp"
#include "player/present/frame_painter.hpp"
#include "player/present/gpu_overlays.hpp"
#include "player/present/layout.hpp"
#include "player/present/stage.hpp"

#include <optional>
#include <vector>

namespace capsule {

// How a picture goes up.
enum class PictureForm { planes, nv12, rgb };

class GpuStage final : public Stage {
public:
    // Takes the library only when it succeeds. Refused when there is no GPU, or (unless options.kind is gpu) when it is emulated.
    static Result<std::unique_ptr<Stage>> open(sdl::Library& library, const StageOptions& options);

    Size size() const override;
    Nanoseconds refresh() const override { return m_refresh; }
    std::string description() const override;
    bool has_gpu() const override { return !m_renderer.emulated(); }
    Result<void> draw(const VideoFrame& frame, const Overlays& overlays) override;
    Result<void> show() override;
    Picture grab() override;
    StageEvents poll() override;

private:
    GpuStage(sdl::Library library, sdl::Window window, sdl::Renderer renderer, const StageOptions& options);
    Result<void> upload(const VideoFrame& frame);
    Result<void> make_texture(const VideoFrame& frame, PictureForm form);

    sdl::Library m_library;
    sdl::Window m_window;
    sdl::Renderer m_renderer;
    StageOptions m_options;
    Nanoseconds m_refresh{};
    Size m_physical;
    Rectangle m_inner; // of the display's pixels, what lies inside the margin
    FramePainter m_painter;
    GpuOverlays m_overlays;
    std::vector<std::uint32_t> m_pixels; // of frames that the GPU does not convert
    std::optional<sdl::Texture> m_picture;
    PictureForm m_picture_form = PictureForm::rgb;
    ColourMatrix m_picture_matrix = ColourMatrix::bt601;
    ColourRange m_picture_range = ColourRange::limited;
};

} // namespace capsule
