// The stage without a GPU: libyuv into the window's frame buffer, which costs a third of what an emulated GPU does.
#pragma once

#include "player/lib/sdl/library.hpp"
#include "player/lib/sdl/window.hpp"
#include "player/present/frame_painter.hpp"
#include "player/present/stage.hpp"
#include "player/present/turned_overlays.hpp"

namespace capsule {

class CpuStage final : public Stage {
public:
    static Result<std::unique_ptr<Stage>> open(sdl::Library library, const StageOptions& options);

    Size size() const override;
    Nanoseconds refresh() const override { return m_refresh; }
    std::string description() const override;
    Result<void> draw(const VideoFrame& frame, const Overlays& overlays) override;
    Result<void> show() override;
    Picture grab() override;
    StageEvents poll() override;

private:
    CpuStage(sdl::Library library, sdl::Window window, const StageOptions& options);
    Result<PixelTarget> target();

    sdl::Library m_library;
    sdl::Window m_window;
    StageOptions m_options;
    Nanoseconds m_refresh{};
    FramePainter m_painter;
    TurnedOverlays m_turned;
    Size m_physical;         // of the display's pixels
    Rectangle m_inner;       // of these, what lies inside the margin
    Rectangle m_clean;       // all around it is black
    bool m_clean_known = false;
};

} // namespace capsule
