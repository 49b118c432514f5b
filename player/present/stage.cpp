#include "player/present/stage.hpp"

#include "content/base/log.hpp"
#include "player/lib/wayland/compositor.hpp"
#include "player/present/cpu_stage.hpp"
#include "player/present/gpu_stage.hpp"
#include "player/present/recovering_stage.hpp"

#include <cstdlib>
#include <filesystem>

namespace capsule {

namespace {

// A machine without these has no GPU: then GL need not be started to find out, which costs a tenth of a second before the first frame.
bool may_have_gpu() {
    std::error_code ignored;
    return std::filesystem::exists("/dev/dri", ignored) || std::filesystem::exists("/dev/nvidia0", ignored) ||
           std::filesystem::exists("/dev/mali0", ignored);
}

// The display of that number; when it is not there (its cable is pulled), the first, rather than nothing.
int display_at_hand(const sdl::Library& library, int wanted) {
    if (wanted < library.displays())
        return wanted;
    log_warning("stage", "there is no display " + std::to_string(wanted) + ", only " + std::to_string(library.displays()) + ": using display 0");
    return 0;
}

Result<std::unique_ptr<Stage>> draw_on(sdl::Library library, const StageOptions& options) {
    std::string no_gpu = "none here";
    if (!options.headless && options.kind != StageKind::cpu && (options.kind == StageKind::gpu || may_have_gpu())) {
        auto stage = GpuStage::open(library, options);
        if (stage || options.kind == StageKind::gpu)
            return stage;
        no_gpu = stage.error().message;
        log_debug("stage", "no GPU: " + no_gpu);
    }
    if (options.headless || library.has_frame_buffer())
        return CpuStage::open(std::move(library), options);
    // Wayland and KMSDRM without a GPU: dear, but never dark.
    StageOptions emulated = options;
    emulated.kind = StageKind::gpu;
    Result<std::unique_ptr<Stage>> stage = Error{Category::refused, "this display has no frame buffer in memory"};
    if (options.kind != StageKind::cpu)
        stage = GpuStage::open(library, emulated);
    if (stage) {
        log_warning("stage", "no GPU (" + no_gpu + ") and " + (*stage)->description() + ": this costs several times the CPU; run an X server "
                             "(Xorg) on this machine instead");
        return stage;
    }
    return Error{Category::refused, stage.error().message + "; and no GPU (" + no_gpu +
                                        "): run an X server (Xorg) on this machine, or use --headless"};
}

std::unique_ptr<DisplayWatch> watch_for(const std::string& driver) {
    if (driver == "x11") {
        if (auto server = xcb::Server::open())
            return watch_x_outputs(std::move(*server));
        else
            log_warning("stage", server.error().message);
    }
    return driver == "KMSDRM" ? watch_connectors() : nullptr;
}

// Missing: no display server, or no screen at it.
Result<OpenedStage> open_display(const StageOptions& wanted) {
    const bool compositor = !wanted.headless && std::getenv("WAYLAND_DISPLAY");
    const Result<void> wayland = compositor ? wayland::check_compositor() : Error{Category::missing, ""};
    if (compositor && !wayland && !std::getenv("DISPLAY"))
        return wayland.error();
    auto library = sdl::Library::open(wanted.headless ? sdl::Display::none : sdl::Display::automatic, wayland.ok());
    if (!library)
        return library.error();
    StageOptions options = wanted;
    options.display = wanted.headless ? 0 : display_at_hand(*library, wanted.display);
    OpenedStage opened;
    if (const auto bounds = library->bounds(options.display)) {
        opened.x = bounds->x;
        opened.y = bounds->y;
    }
    const std::string driver = library->video_driver();
    auto stage = draw_on(std::move(*library), options);
    if (!stage)
        return stage.error();
    opened.stage = std::move(*stage);
    if (!options.headless && !options.windowed)
        opened.make_watch = [driver] { return watch_for(driver); };
    return opened;
}

} // namespace

Result<std::unique_ptr<Stage>> open_stage(const StageOptions& options, const Clock& clock, NoDisplay without) {
    OpenedStage first;
    auto opened = open_display(options);
    if (opened)
        first = std::move(*opened);
    else if (without == NoDisplay::refused || opened.error().category != Category::missing)
        return opened.error();
    Size size = options.size.width > 0 ? options.size : Size{1920, 1080};
    size = Orientation{options.quarter_turns, false}.applied_to(size);
    return std::unique_ptr<Stage>(std::make_unique<RecoveringStage>([options] { return open_display(options); }, std::move(first), size, clock));
}

} // namespace capsule
