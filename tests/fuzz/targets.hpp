// Every parser of foreign bytes, each behind one function. Reentrant.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace capsule::fuzz {

struct Target {
    const char* name;
    // Reads `bytes` and looks at what came of it. Whatever they are, it returns; a broken promise aborts the process.
    void (*run)(std::string_view bytes);
    std::size_t most_bytes; // longer inputs find nothing that shorter ones do not
};

const std::vector<Target>& targets();
// Null when there is none of that name.
const Target* find_target(std::string_view name);

} // namespace capsule::fuzz
