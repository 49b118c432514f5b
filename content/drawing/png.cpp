#include "content/drawing/png.hpp"

#include <cairo.h>
#include <cstring>
#include <memory>

namespace capsule {

namespace {

struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using SurfacePointer = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

cairo_status_t append(void* closure, const unsigned char* data, unsigned length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

struct Reader {
    std::string_view rest;
};

cairo_status_t take(void* closure, unsigned char* data, unsigned length) {
    auto& reader = *static_cast<Reader*>(closure);
    if (reader.rest.size() < length)
        return CAIRO_STATUS_READ_ERROR;
    std::memcpy(data, reader.rest.data(), length);
    reader.rest.remove_prefix(length);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

Result<void> write_png(Disk& disk, const Picture& picture, const Path& path) {
    auto* bytes = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(picture.pixels.data()));
    const SurfacePointer surface{cairo_image_surface_create_for_data(bytes, CAIRO_FORMAT_ARGB32, picture.size.width, picture.size.height,
                                                                     picture.size.width * 4)};
    std::string png;
    const auto status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
    if (status != CAIRO_STATUS_SUCCESS)
        return Error{Category::bug, "cannot make a PNG for " + path.string() + ": " + cairo_status_to_string(status)};
    return write_durably(disk, path, png);
}

Result<void> write_png(const Picture& picture, const Path& path) {
    SystemDisk disk;
    return write_png(disk, picture, path);
}

Result<Picture> read_png(const Path& path) {
    SystemDisk disk;
    CAPSULE_TRY(bytes, disk.read(path, 256u << 20));
    Reader reader{bytes};
    const SurfacePointer surface{cairo_image_surface_create_from_png_stream(take, &reader)};
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return Error{Category::invalid, path.string() + " is not a readable PNG"};
    Picture picture(Size{cairo_image_surface_get_width(surface.get()), cairo_image_surface_get_height(surface.get())});
    const bool opaque = cairo_image_surface_get_format(surface.get()) == CAIRO_FORMAT_RGB24;
    const auto* data = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < picture.size.height; ++y) {
        std::memcpy(picture.row(y), data + static_cast<std::ptrdiff_t>(y) * stride, static_cast<std::size_t>(picture.size.width) * 4);
        if (opaque)
            for (int x = 0; x < picture.size.width; ++x)
                picture.row(y)[x] |= 0xff000000u;
    }
    return picture;
}

} // namespace capsule
