// The number in a device's signed requests: rises with each, across restarts and power cuts. Thread-safe.
// The file holds a ceiling: every number below it may have been used. It is raised durably, a thousand at a time, before a number
// above it is given out.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <mutex>

namespace capsule::client {

class RequestCounter {
public:
    static constexpr std::uint64_t step = 1000;
    // Above this nobody's word is taken: a signed counter has at most 15 digits, and whoever could drive it up to the last of them, by
    // one forged answer, would have silenced the machine for good. Thirty requests a second for a hundred thousand years.
    static constexpr std::uint64_t most = 100'000'000'000'000;

    // Keeps a reference to `disk`, which must outlive it. The folder must be there.
    RequestCounter(Disk& disk, Path path) : m_disk(disk), m_path(std::move(path)) {}

    // Invalid when the file holds something else than a number; errors of the disk otherwise.
    Result<std::uint64_t> next();
    // The receiver has counted up to `counted`, which is further than this file knew: it was restored from an older copy. Numbers above
    // it from now on, durably. Invalid for a number that nobody can have reached.
    Result<void> go_on_above(std::uint64_t counted);

private:
    Result<void> load_while_locked();

    std::mutex m_mutex;
    Disk& m_disk;
    const Path m_path;
    bool m_loaded = false;
    std::uint64_t m_next = 1, m_ceiling = 1;
};

} // namespace capsule::client
