// The files of content/samples/data, as they were when the program was built. Thread-safe.
#pragma once

#include <string_view>
#include <vector>

namespace capsule::samples {

struct EmbeddedFile {
    std::string_view name; // "capsules_exemples.json", "mot-de-passe.fr.vtt"
    std::string_view bytes;
};

const std::vector<EmbeddedFile>& embedded_files();

} // namespace capsule::samples
