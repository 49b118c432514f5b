#include "player/app/late_service.hpp"
#include "player/app/memory.hpp"
#include "player/app/new_process.hpp"
#include "player/app/options.hpp"
#include "player/app/play_mode.hpp"
#include "player/app/server_mode.hpp"
#include "player/lib/sdl/library.hpp"
#include "player/media/reader.hpp"

#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <variant>

namespace {

int run(int count, const char* const* arguments) {
    const auto parsed = capsule::parse_options(count, arguments);
    if (const auto* leave = std::get_if<capsule::Leave>(&parsed)) {
        std::fputs(leave->text.c_str(), leave->code == 0 ? stdout : stderr);
        return leave->code;
    }
    const auto& options = std::get<capsule::Options>(parsed);
    capsule::set_log_level(options.log_level.value_or(options.play.empty() ? capsule::LogLevel::info : capsule::LogLevel::warning));
    return options.play.empty() ? capsule::run_server_mode(options) : capsule::run_play_mode(options);
}

// What may hang in a file, and is left behind then.
bool threads_alive() { return capsule::Reader::threads_alive() > 0 || capsule::LateService::threads_alive() > 0; }

} // namespace

int main(int count, char** arguments) {
    capsule::settle_memory();
    capsule::sdl::settle_environment();
    int code = run(count, arguments);
    if (code == capsule::begin_anew)
        code = capsule::replace_process(count, arguments);
    // They end by themselves within milliseconds; one that hangs must not keep the program, nor see its globals destroyed.
    for (int i = 0; i < 200 && threads_alive(); ++i) {
        const timespec moment{0, 1'000'000};
        nanosleep(&moment, nullptr);
    }
    if (threads_alive()) {
        std::fflush(nullptr);
        _exit(code);
    }
    return code;
}
