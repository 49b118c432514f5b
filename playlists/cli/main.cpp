// `capsule`: people at a terminal.
#include "content/ingest/cell.hpp"
#include "playlists/cli/command_line.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace {

capsule::Result<std::string> ask_secret(const std::string& prompt) {
    using namespace capsule;
    termios before{};
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return Error{Category::refused, "there is nobody to ask for the password: give it with --password-file"};
    termios silent = before;
    silent.c_lflag &= static_cast<tcflag_t>(~ECHO);
    std::cerr << prompt << std::flush;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    std::string secret;
    std::getline(std::cin, secret);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << '\n';
    if (secret.empty())
        return Error{Category::invalid, "no password was given"};
    return secret;
}

} // namespace

int main(int argc, char** argv) {
    using namespace capsule;
    if (const auto cell = ingest::cell_main(argc, argv))
        return *cell;
    std::signal(SIGPIPE, SIG_IGN);
    SystemClock clock;
    SystemDisk disk;
    cli::Terminal terminal{std::cout, std::cerr, clock, disk, isatty(STDERR_FILENO) == 1, ask_secret, [](const char* name) {
                               const char* value = std::getenv(name);
                               return std::string(value ? value : "");
                           }};
    const int code = cli::run(argc, argv, terminal);
    std::cout.flush();
    if (code == 0 && !std::cout) {
        std::cerr << "capsule: the output could not be written\n";
        return 1;
    }
    return code;
}
