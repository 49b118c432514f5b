// Pango's objects, held; only for this folder's .cpp files.
#pragma once

#include "content/drawing/text.hpp"

#include <memory>
#include <pango/pangocairo.h>

namespace capsule {

struct GObjectDeleter {
    template <typename T>
    void operator()(T* object) const { g_object_unref(object); }
};
using LayoutPointer = std::unique_ptr<PangoLayout, GObjectDeleter>;

// One line of text as a layout in the style's font, never wrapped. `cairo` may be null when only its width is wanted.
LayoutPointer make_line(cairo_t* cairo, std::string_view line, const TextStyle& style, bool right_to_left);

} // namespace capsule
