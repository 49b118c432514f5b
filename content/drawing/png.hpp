// Pictures as PNG files, by Cairo. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/drawing/picture.hpp"

namespace capsule {

// Replaces the file whole (write_durably). The folder must be there.
Result<void> write_png(Disk& disk, const Picture& picture, const Path& path);
// On the system's disk.
Result<void> write_png(const Picture& picture, const Path& path);
// Missing, or invalid when it is no PNG.
Result<Picture> read_png(const Path& path);

} // namespace capsule
