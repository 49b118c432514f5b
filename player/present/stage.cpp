#include "player/present/stage.hpp"

#include "content/base/log.hpp"
#include "player/present/cpu_stage.hpp"
#include "player/present/gpu_stage.hpp"

#include <filesystem>

namespace capsule {

namespace {

// A machine without these has no GPU: then GL need not be started to find out, which costs a tenth of a second before the first frame.
bool may_have_gpu() {
    std::error_code ignored;
    return std::filesystem::exists("/dev/dri", ignored) || std::filesystem::exists("/dev/nvidia0", ignored) ||
           std::filesystem::exists("/dev/mali0", ignored);
}

} // namespace

Result<std::unique_ptr<Stage>> open_stage(const StageOptions& options) {
    auto library = sdl::Library::open(options.headless ? sdl::Display::none : sdl::Display::automatic);
    if (!library)
        return library.error();
    std::string no_gpu = "none here";
    if (!options.headless && options.kind != StageKind::cpu && (options.kind == StageKind::gpu || may_have_gpu())) {
        auto stage = GpuStage::open(*library, options);
        if (stage)
            return stage;
        no_gpu = stage.error().message;
        if (options.kind == StageKind::gpu)
            return stage.error();
        log_debug("stage", "no GPU: " + no_gpu);
    }
    auto stage = CpuStage::open(std::move(*library), options);
    if (!stage)
        return Error{Category::refused, stage.error().message + "; and no GPU (" + no_gpu +
                                            "): run an X server (Xorg) on this machine, or use --headless"};
    return stage;
}

} // namespace capsule
