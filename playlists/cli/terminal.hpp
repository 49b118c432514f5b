// What a command needs of the world around it: streams, clock, disk, a way to ask for a password. Thread-bound.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace capsule::cli {

struct Terminal {
    std::ostream& out; // results
    std::ostream& err; // progress and complaints
    const Clock& clock;
    Disk& disk;
    bool interactive = false; // err is a terminal: progress is redrawn in place, else a line every few seconds
    // Without echo. Refused when there is nobody to ask.
    std::function<Result<std::string>(const std::string& prompt)> ask_secret;
    std::function<std::string(const char* name)> environment; // empty when it is not set
};

// Says how far something long has got. The last line stays.
class Progress {
public:
    Progress(Terminal& terminal, std::string what) : m_terminal(terminal), m_what(std::move(what)) {}
    ~Progress();
    void show(double fraction, const std::string& detail = {});

private:
    Terminal& m_terminal;
    const std::string m_what;
    Nanoseconds m_next{0};
    bool m_open_line = false;
};

} // namespace capsule::cli
