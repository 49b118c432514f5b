// Runs another program under limits, for work on files that cannot be trusted. Thread-safe; the calling thread waits, and pumps
// the child's standard streams.
//
// The child has its own process group, a clean environment (PATH, LC_ALL=C.UTF-8), no descriptor but its standard streams and
// those handed over, and dies with the calling thread. Whatever happens, it and its group are gone when the call returns.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct ChildLimits {
    Milliseconds time = std::chrono::minutes(60); // on the wall
    std::uint64_t cpu_seconds = 4 * 3600;
    std::uint64_t memory_bytes = 4ULL << 30; // of address space; 0: no limit
    std::uint64_t file_bytes = 8ULL << 30;   // per file written
};

enum class Isolation {
    none,
    // By bubblewrap, where it works on this machine: no network, no files but /usr and the program (read-only), other process ids.
    where_possible,
};

struct ChildCommand {
    std::vector<std::string> arguments; // the program first, looked up in /usr/local/bin:/usr/bin:/bin
    // Handed over as descriptors 3, 4, 5, … in this order; they stay open here.
    std::vector<int> descriptors;
    // The next bytes for its standard input, which is a socket (read it as "pipe:0"); empty at the end. Without it: /dev/null.
    std::function<Result<std::string>()> input;
    std::function<void(std::string_view)> on_output; // pieces of its standard output, as they come
    ChildLimits limits;
    Isolation isolation = Isolation::where_possible;
    bool modest = false;  // last in line for the processor, first to go when memory runs out
    std::stop_token stop; // asks for an early end
};

struct ChildOutcome {
    int exit_code = 0;  // 128 + the signal's number when a signal ended it
    std::string errors; // its standard error: the first 16 KiB
    Milliseconds processor_time{}; // that it took, with what it waited for
    bool good() const { return exit_code == 0; }
};

// Errors: missing (no such program), timeout (killed at the limit), refused (stopped by `stop`), the input's own error, io.
// A program that fails is an outcome, not an error.
Result<ChildOutcome> run_child(const ChildCommand& command);

// Whether bubblewrap works here; tried once per process.
bool isolation_works();

// The first line of an error output that says something, without "[demuxer @ 0x…]".
std::string first_reason(std::string_view errors);

} // namespace capsule
