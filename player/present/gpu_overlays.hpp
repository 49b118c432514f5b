// Overlays as textures, kept from frame to frame: one goes up only when its pixels are others than before. Thread-bound: to the
// renderer's thread.
#pragma once

#include "player/lib/sdl/renderer.hpp"
#include "player/present/stage.hpp"

#include <cstdint>
#include <vector>

namespace capsule {

class GpuOverlays {
public:
    // The texture of the overlay that is drawn as the `index`th of this frame. Borrowed until the next call. Errors: those
    // of the renderer.
    Result<const sdl::Texture*> texture(sdl::Renderer& renderer, std::size_t index, const Picture& picture);
    // Those from `count` on are not drawn any more.
    void keep(std::size_t count);
    // Textures that went up so far.
    std::int64_t uploads() const { return m_uploads; }

private:
    // Comparing with a copy costs a fraction of an upload, and nobody has to promise to say when pixels change.
    struct Kept {
        sdl::Texture texture;
        std::vector<std::uint32_t> pixels;
    };
    std::vector<Kept> m_kept;
    std::int64_t m_uploads = 0;
};

} // namespace capsule
