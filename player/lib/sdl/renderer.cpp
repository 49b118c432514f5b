#include "player/lib/sdl/renderer.hpp"

#include <SDL2/SDL.h>

#include <string_view>

namespace capsule::sdl {

namespace {

// glGetString(GL_RENDERER) of the context that the renderer has made current; empty when it is not GL.
std::string gl_renderer() {
    using GetString = const unsigned char* (*)(unsigned);
    if (!SDL_GL_GetCurrentContext())
        return {};
    const auto get_string = reinterpret_cast<GetString>(SDL_GL_GetProcAddress("glGetString"));
    const unsigned char* name = get_string ? get_string(0x1F01) : nullptr;
    return name ? reinterpret_cast<const char*>(name) : "";
}

bool runs_on_cpu(std::string_view gl) {
    return gl.find("llvmpipe") != gl.npos || gl.find("softpipe") != gl.npos || gl.find("swrast") != gl.npos ||
           gl.find("SwiftShader") != gl.npos || gl.find("Software Rasterizer") != gl.npos;
}

// SDL asks for it when a texture is drawn, too, and keeps one for all of them.
void set_conversion(YuvMatrix matrix) {
    SDL_SetYUVConversionMode(matrix == YuvMatrix::bt601_full      ? SDL_YUV_CONVERSION_JPEG
                             : matrix == YuvMatrix::bt709_limited ? SDL_YUV_CONVERSION_BT709
                                                                  : SDL_YUV_CONVERSION_BT601);
}

Error failure(Category category, const char* what) { return {category, std::string(what) + ": " + SDL_GetError()}; }

// A picture beyond the renderer's limits is the picture's fault, all else the renderer's.
Error no_texture(SDL_Renderer* renderer, Size size) {
    const Error error = failure(Category::io, "no texture");
    SDL_RendererInfo info;
    const bool known = SDL_GetRendererInfo(renderer, &info) == 0 && info.max_texture_width > 0 && info.max_texture_height > 0;
    const bool too_large = known && (size.width > info.max_texture_width || size.height > info.max_texture_height);
    return {too_large ? Category::refused : Category::io, error.message};
}

} // namespace

void Texture::Destroy::operator()(SDL_Texture* texture) const { SDL_DestroyTexture(texture); }
void Renderer::Destroy::operator()(SDL_Renderer* renderer) const { SDL_DestroyRenderer(renderer); }

Result<Renderer> Renderer::open(const Window& window, bool cpu_too) {
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "1");
    SDL_Renderer* made = SDL_CreateRenderer(window.get(), -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
    if (!made)
        return failure(Category::refused, "no accelerated renderer");
    Renderer renderer(made);
    SDL_RendererInfo info;
    if (SDL_GetRendererInfo(made, &info) != 0)
        return failure(Category::refused, "the renderer does not say what it is");
    const std::string gl = gl_renderer();
    renderer.m_name = std::string(info.name) + (gl.empty() ? "" : " (" + gl + ")");
    renderer.m_emulated = runs_on_cpu(gl);
    if (!(info.flags & SDL_RENDERER_ACCELERATED) || (renderer.m_emulated && !cpu_too))
        return Error{Category::refused, "the renderer " + renderer.m_name + " draws on the CPU"};
    return renderer;
}

Result<Texture> Renderer::planes_texture(unsigned format, Size size, YuvMatrix matrix) {
    set_conversion(matrix);
    SDL_Texture* made = SDL_CreateTexture(m_renderer.get(), format, SDL_TEXTUREACCESS_STREAMING, size.width, size.height);
    if (!made)
        return no_texture(m_renderer.get(), size);
    Texture texture(made, size);
    texture.m_matrix = matrix;
    return texture;
}

Result<Texture> Renderer::yuv_texture(Size size, YuvMatrix matrix) { return planes_texture(SDL_PIXELFORMAT_IYUV, size, matrix); }
Result<Texture> Renderer::nv12_texture(Size size, YuvMatrix matrix) { return planes_texture(SDL_PIXELFORMAT_NV12, size, matrix); }

Result<Texture> Renderer::rgb_texture(Size size, bool blended) {
    SDL_Texture* texture =
        SDL_CreateTexture(m_renderer.get(), SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, size.width, size.height);
    if (!texture)
        return no_texture(m_renderer.get(), size);
    SDL_SetTextureBlendMode(texture, blended ? SDL_ComposeCustomBlendMode(SDL_BLENDFACTOR_ONE, SDL_BLENDFACTOR_ONE_MINUS_SRC_ALPHA,
                                                                          SDL_BLENDOPERATION_ADD, SDL_BLENDFACTOR_ONE,
                                                                          SDL_BLENDFACTOR_ONE_MINUS_SRC_ALPHA, SDL_BLENDOPERATION_ADD)
                                             : SDL_BLENDMODE_NONE);
    return Texture(texture, size);
}

Result<void> Renderer::upload_yuv(Texture& texture, const std::uint8_t* const planes[3], const int pitches[3]) {
    if (SDL_UpdateYUVTexture(texture.get(), nullptr, planes[0], pitches[0], planes[1], pitches[1], planes[2], pitches[2]) != 0)
        return failure(Category::io, "a texture cannot be filled");
    return {};
}

Result<void> Renderer::upload_nv12(Texture& texture, const std::uint8_t* y, int y_pitch, const std::uint8_t* uv, int uv_pitch) {
    if (SDL_UpdateNVTexture(texture.get(), nullptr, y, y_pitch, uv, uv_pitch) != 0)
        return failure(Category::io, "a texture cannot be filled");
    return {};
}

Result<void> Renderer::upload_rgb(Texture& texture, const std::uint32_t* pixels, int pitch) {
    if (SDL_UpdateTexture(texture.get(), nullptr, pixels, pitch) != 0)
        return failure(Category::io, "a texture cannot be filled");
    return {};
}

void Renderer::clear() {
    SDL_SetRenderDrawColor(m_renderer.get(), 0, 0, 0, 255);
    SDL_RenderClear(m_renderer.get());
}

void Renderer::draw(const Texture& texture, const Placement& where) {
    set_conversion(texture.m_matrix);
    const SDL_Rect rectangle{where.x, where.y, where.width, where.height};
    // SDL flips the source and then turns: the order of Placement.
    SDL_RenderCopyEx(m_renderer.get(), texture.get(), nullptr, &rectangle, where.quarter_turns * 90.0, nullptr,
                     where.mirrored ? SDL_FLIP_HORIZONTAL : SDL_FLIP_NONE);
}

void Renderer::present() { SDL_RenderPresent(m_renderer.get()); }

Picture Renderer::read(int x, int y, Size size) {
    Picture picture(size, 0xff000000U);
    const SDL_Rect part{x, y, size.width, size.height};
    SDL_RenderReadPixels(m_renderer.get(), &part, SDL_PIXELFORMAT_ARGB8888, picture.pixels.data(), size.width * 4);
    return picture;
}

} // namespace capsule::sdl
