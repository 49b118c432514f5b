// Takes away from this process, and from what it will start, everything that work on a foreign file does not need. For good. Thread-bound: to the
// only thread of a fresh process. What holds where: README.md ("The cell").
#pragma once

#include <string>
#include <vector>

namespace capsule::ingest {

struct SealedFile {
    int descriptor = -1;
    bool writable = false;
};

struct Seal {
    bool files = false;        // Landlock: only /usr, what the dynamic loader needs, and the files handed in
    bool network = false;      // no socket can be made
    bool system_calls = false; // seccomp: what only break-outs use is refused
    bool privileges = false;   // no capability is left, and none can be gained
    std::string text() const; // "files, network, system calls, privileges", for a log
};

// Does what this machine offers; says what holds.
Seal seal_process(const std::vector<SealedFile>& files);

} // namespace capsule::ingest
