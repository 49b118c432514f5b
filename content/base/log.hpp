// One line per event on standard error: time, level, component, message. Thread-safe.
// An event is logged once, by whoever handles it; secrets never are.
#pragma once

#include <string_view>

namespace capsule {

enum class LogLevel { debug, info, warning, error };

// Lines below `level` are dropped from now on. The default is info.
void set_log_level(LogLevel level);
void log_debug(std::string_view component, std::string_view message);
void log_info(std::string_view component, std::string_view message);
void log_warning(std::string_view component, std::string_view message);
void log_error(std::string_view component, std::string_view message);

} // namespace capsule
