#include "player/present/gpu_overlays.hpp"

#include <utility>

namespace capsule {

Result<const sdl::Texture*> GpuOverlays::texture(sdl::Renderer& renderer, std::size_t index, const Picture& picture) {
    if (index < m_kept.size() && m_kept[index].texture.size() == picture.size && m_kept[index].pixels == picture.pixels)
        return &m_kept[index].texture;
    if (index < m_kept.size() && m_kept[index].texture.size() == picture.size) {
        m_kept[index].pixels = picture.pixels;
    } else {
        auto made = renderer.rgb_texture(picture.size, true);
        if (!made)
            return made.error();
        keep(index); // the order is that of the frame
        m_kept.push_back({std::move(*made), picture.pixels});
    }
    ++m_uploads;
    if (auto filled = renderer.upload_rgb(m_kept[index].texture, picture.pixels.data(), picture.size.width * 4); !filled) {
        keep(index);
        return filled.error();
    }
    return &m_kept[index].texture;
}

void GpuOverlays::keep(std::size_t count) {
    while (m_kept.size() > count)
        m_kept.pop_back();
}

} // namespace capsule
