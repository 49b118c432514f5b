// The entry for libFuzzer. CAPSULE_FUZZ_TARGET names the target.
#include "content/base/log.hpp"
#include "tests/fuzz/targets.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

static const capsule::fuzz::Target* chosen = nullptr;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    capsule::set_log_level(capsule::LogLevel::error);
    const char* name = std::getenv("CAPSULE_FUZZ_TARGET");
    chosen = name ? capsule::fuzz::find_target(name) : nullptr;
    if (!chosen) {
        std::fprintf(stderr, "set CAPSULE_FUZZ_TARGET to a target of targets.cpp\n");
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size <= chosen->most_bytes)
        chosen->run({reinterpret_cast<const char*>(data), size});
    return 0;
}
