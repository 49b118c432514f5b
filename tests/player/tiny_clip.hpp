// Short clips for tests, made by the ffmpeg program when they are needed.
#pragma once

#include "content/base/disk.hpp"

#include <cstdlib>
#include <string>

namespace capsule::test {

// `source`: a lavfi source ("testsrc2=s=64x48:r=30:d=0.2"); `arguments`: codec and the like. False when ffmpeg cannot.
inline bool make_clip(const Path& path, const std::string& source, const std::string& arguments = "-c:v mpeg4 -q:v 2") {
    const std::string command =
        "ffmpeg -nostdin -v error -y -f lavfi -i '" + source + "' " + arguments + " '" + path.string() + "' >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
}

} // namespace capsule::test
