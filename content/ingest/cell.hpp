// Work on a master in a process of its own, under lock and key: limits, name spaces where they can be had, and a seal (seal.hpp). Reentrant.
//
// The process is the given program again, with one argument that nobody types: its main calls cell_main first of all. A new process rather than
// a fork: this one has threads and secrets, of which nothing must be left in memory there.
#pragma once

#include "content/base/disk.hpp"
#include "content/ingest/work.hpp"

#include <optional>

namespace capsule::ingest {

struct CellLimits {
    std::uint64_t cpu_seconds = 4 * 3600;
    std::uint64_t memory_bytes = 3ULL << 30; // of each process' address space
    std::uint64_t file_bytes = 2ULL << 30;   // that it writes
};

// As work(); also refused when it needs more memory than the limit, and invalid when the master crashes what reads it.
Result<Made> work_in_cell(const Path& program, const WorkOrder& order, const Workpiece& piece, const std::function<void(double)>& progress,
                          const std::stop_token& stop, const CellLimits& limits = {});

// The exit code, when this process was started as a cell; empty: it was not, go on: from now on this program is what its own cells run. Call it
// first in main.
std::optional<int> cell_main(int argc, const char* const* argv);

// What cells of this process run, unless an order says otherwise; empty: none, work is done in place. Call before there are threads.
void use_cells_of(Path program);
const Path& cell_program();

} // namespace capsule::ingest
