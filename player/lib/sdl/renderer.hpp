// SDL's renderer and its textures, for machines with a GPU. Thread-bound: to the thread of the Library.
#pragma once

#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"
#include "player/lib/sdl/window.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct SDL_Renderer;
struct SDL_Texture;

namespace capsule::sdl {

enum class YuvMatrix { bt601_limited, bt601_full, bt709_limited };

struct Placement {
    int x = 0, y = 0, width = 0, height = 0; // before turning, about the same centre
    int quarter_turns = 0;                   // clockwise
    bool mirrored = false;                   // left to right, before turning
};

class Texture {
public:
    SDL_Texture* get() const { return m_texture.get(); }
    Size size() const { return m_size; }

private:
    friend class Renderer;
    struct Destroy {
        void operator()(SDL_Texture*) const;
    };
    Texture(SDL_Texture* texture, Size size) : m_texture(texture), m_size(size) {}
    std::unique_ptr<SDL_Texture, Destroy> m_texture;
    Size m_size;
    YuvMatrix m_matrix = YuvMatrix::bt601_limited; // of YUV textures
};

class Renderer {
public:
    // An accelerated one with vertical sync. Refused when there is none, or when the "GPU" turns out to be the CPU (llvmpipe,
    // softpipe, swrast), unless `cpu_too`.
    static Result<Renderer> open(const Window& window, bool cpu_too);

    // "opengl (Mesa Intel(R) UHD Graphics 600)".
    const std::string& name() const { return m_name; }
    // Whether it draws on the CPU after all.
    bool emulated() const { return m_emulated; }
    // Textures: refused when larger than the renderer takes, io when it fails otherwise, as it does when it was lost.
    Result<Texture> yuv_texture(Size size, YuvMatrix matrix);
    Result<Texture> nv12_texture(Size size, YuvMatrix matrix);
    Result<Texture> rgb_texture(Size size, bool blended); // 0xAARRGGBB, premultiplied when blended
    Result<void> upload_yuv(Texture& texture, const std::uint8_t* const planes[3], const int pitches[3]);
    Result<void> upload_nv12(Texture& texture, const std::uint8_t* y, int y_pitch, const std::uint8_t* uv, int uv_pitch);
    Result<void> upload_rgb(Texture& texture, const std::uint32_t* pixels, int pitch);
    void clear();
    void draw(const Texture& texture, const Placement& where);
    void present();
    // What has been drawn there since clear().
    Picture read(int x, int y, Size size);

private:
    struct Destroy {
        void operator()(SDL_Renderer*) const;
    };
    Result<Texture> planes_texture(unsigned format, Size size, YuvMatrix matrix);
    explicit Renderer(SDL_Renderer* renderer) : m_renderer(renderer) {}
    std::unique_ptr<SDL_Renderer, Destroy> m_renderer;
    std::string m_name;
    bool m_emulated = false;
};

} // namespace capsule::sdl
