#include "playlists/cli/terminal.hpp"

#include <algorithm>

namespace capsule::cli {

namespace {
constexpr Nanoseconds redraw = std::chrono::milliseconds(100);
constexpr Nanoseconds new_line = std::chrono::seconds(3);
} // namespace

Progress::~Progress() {
    if (m_open_line)
        m_terminal.err << '\n' << std::flush;
}

void Progress::show(double fraction, const std::string& detail) {
    const Nanoseconds now = m_terminal.clock.monotonic();
    if (m_next == Nanoseconds{0} && !m_terminal.interactive)
        m_next = now + new_line; // what is quick needs no line
    if (now < m_next && !(m_terminal.interactive && fraction >= 1))
        return;
    m_next = now + (m_terminal.interactive ? redraw : new_line);
    const int percent = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100);
    const std::string line = m_what + (detail.empty() ? "" : " " + detail) + ": " + std::to_string(percent) + " %";
    if (m_terminal.interactive) {
        m_terminal.err << '\r' << line << "\x1b[K" << std::flush;
        m_open_line = true;
    } else {
        m_terminal.err << line << '\n' << std::flush;
    }
}

} // namespace capsule::cli
