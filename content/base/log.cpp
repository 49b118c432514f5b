#include "content/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace capsule {

namespace {

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>("capsule", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %L %v");
        return made;
    }();
    return *instance;
}

void write(spdlog::level::level_enum level, std::string_view component, std::string_view message) {
    logger().log(level, "{}: {}", component, message);
}

} // namespace

void set_log_level(LogLevel level) {
    static constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
    logger().set_level(levels[static_cast<int>(level)]);
}

void log_debug(std::string_view component, std::string_view message) { write(spdlog::level::debug, component, message); }
void log_info(std::string_view component, std::string_view message) { write(spdlog::level::info, component, message); }
void log_warning(std::string_view component, std::string_view message) { write(spdlog::level::warn, component, message); }
void log_error(std::string_view component, std::string_view message) { write(spdlog::level::err, component, message); }

} // namespace capsule
