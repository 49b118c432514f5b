#include "content/base/clock.hpp"
#include "content/ingest/child.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

using namespace capsule;

namespace {

ChildCommand shell(const std::string& script, Isolation isolation = Isolation::none) {
    ChildCommand command;
    command.arguments = {"sh", "-c", script};
    command.isolation = isolation;
    command.limits.time = std::chrono::seconds(20);
    return command;
}

std::string output_of(ChildCommand command) {
    std::string output;
    command.on_output = [&](std::string_view bytes) { output += bytes; };
    const auto outcome = run_child(command);
    REQUIRE(outcome);
    return output;
}

} // namespace

TEST_CASE("a child's output, errors and exit code come back") {
    std::string output;
    auto command = shell("echo out; echo wrong >&2; exit 3");
    command.on_output = [&](std::string_view bytes) { output += bytes; };
    const auto outcome = run_child(command);
    REQUIRE(outcome);
    CHECK(output == "out\n");
    CHECK(outcome->errors == "wrong\n");
    CHECK(outcome->exit_code == 3);
    CHECK_FALSE(outcome->good());
}

TEST_CASE("a child killed by a signal says which") {
    CHECK(run_child(shell("kill -TERM $$"))->exit_code == 128 + SIGTERM);
}

TEST_CASE("a program that is not there is named") {
    ChildCommand command;
    command.arguments = {"no-such-program"};
    const auto outcome = run_child(command);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().category == Category::missing);
    CHECK(outcome.error().message.find("no-such-program") != std::string::npos);
}

TEST_CASE("a child gets the descriptors handed over and no others") {
    TemporaryFolder folder;
    const int kept = open((folder.path() / "kept").c_str(), O_RDWR | O_CREAT, 0600);
    REQUIRE(kept >= 0);
    std::vector<int> others; // inheritable, but not ours to give
    for (int i = 0; i < 8; ++i)
        others.push_back(open((folder.path() / "other").c_str(), O_RDWR | O_CREAT, 0600));
    const auto isolation = GENERATE(Isolation::none, Isolation::where_possible);
    auto command = shell("echo data >&3; for f in 4 5 6 7 8 9 10 11; do [ -e /proc/self/fd/$f ] && echo open $f; done; true", isolation);
    command.descriptors = {kept};
    CHECK(output_of(command).empty());
    char buffer[5];
    CHECK(pread(kept, buffer, 5, 0) == 5);
    close(kept);
    for (const int other : others)
        close(other);
}

TEST_CASE("a child has a clean environment and an isolated one sees nothing but programs") {
    setenv("CAPSULE_TEST_SECRET", "hidden", 1);
    CHECK(output_of(shell("echo ${CAPSULE_TEST_SECRET-none}")) == "none\n");
    if (!isolation_works()) {
        WARN("bubblewrap does not work here");
        return;
    }
    TemporaryFolder folder;
    auto command = shell("ls -d " + folder.path().string() + " /etc/hostname /root 2>/dev/null | wc -l", Isolation::where_possible);
    CHECK(output_of(command).find('0') != std::string::npos);
}

TEST_CASE("a child is fed through its standard input, however large") {
    auto command = shell("wc -c");
    int pieces = 0;
    command.input = [&]() -> Result<std::string> { return ++pieces > 30 ? std::string() : std::string(100'000, 'x'); };
    CHECK(output_of(command).find("3000000") != std::string::npos);
}

TEST_CASE("a child that stops reading its input does not end us") {
    auto command = shell("exit 0");
    command.input = []() -> Result<std::string> { return std::string(1 << 20, 'x'); };
    CHECK(run_child(command)->good());
}

TEST_CASE("an input that fails ends the child with its error") {
    auto command = shell("cat");
    command.input = []() -> Result<std::string> { return Error{Category::io, "the frames ran out"}; };
    CHECK(run_child(command).error().message == "the frames ran out");
}

TEST_CASE("at the time limit the child and all that it started are gone") {
    TemporaryFolder folder;
    const auto pid_file = folder.path() / "pid";
    const int fd = open(pid_file.c_str(), O_RDWR | O_CREAT, 0600);
    auto command = shell("sleep 100 & echo $! >&3; wait");
    command.descriptors = {fd};
    command.limits.time = std::chrono::milliseconds(300);
    const auto outcome = run_child(command);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().category == Category::timeout);
    char text[32] = {};
    REQUIRE(pread(fd, text, sizeof text - 1, 0) > 0);
    close(fd);
    const auto gone = [&] { // a dead one may stay as a zombie until its new parent waits for it
        const int stat = open(("/proc/" + std::to_string(std::atoi(text)) + "/stat").c_str(), O_RDONLY);
        char state[64] = {};
        const bool dead = stat < 0 || read(stat, state, sizeof state - 1) <= 0 || std::string(state).find(") Z") != std::string::npos;
        if (stat >= 0)
            close(stat);
        return dead;
    };
    for (int tries = 0; !gone() && tries < 200; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(gone());
}

TEST_CASE("a stop request ends the child early") {
    std::stop_source stop;
    auto command = shell("echo started; sleep 100");
    command.stop = stop.get_token();
    command.on_output = [&](std::string_view) { stop.request_stop(); };
    CHECK(run_child(command).error().category == Category::refused);
}

TEST_CASE("limits hold in the child") {
    auto command = shell("head -c 20000 /dev/zero > /proc/self/fd/3");
    TemporaryFolder folder;
    const int fd = open((folder.path() / "file").c_str(), O_RDWR | O_CREAT, 0600);
    command.descriptors = {fd};
    command.limits.file_bytes = 10'000;
    CHECK_FALSE(run_child(command)->good());
    CHECK(lseek(fd, 0, SEEK_END) <= 10'000);
    close(fd);
}

TEST_CASE("a child's processor time is its own and that of what it waited for, not that of those before it") {
    auto busy = shell("sh -c 'while :; do :; done'");
    busy.limits.cpu_seconds = 1;
    const auto outcome = run_child(busy);
    REQUIRE(outcome);
    CHECK(outcome->processor_time >= std::chrono::milliseconds(900));
    const auto next = run_child(shell("true"));
    REQUIRE(next);
    CHECK(next->processor_time < std::chrono::milliseconds(500));
}

TEST_CASE("the reason is the first line that says something, without FFmpeg's addresses") {
    CHECK(first_reason("\n[mov,mp4 @ 0x55] [x @ 0x1] moov atom not found\nfile: Invalid data\n") == "moov atom not found");
    CHECK(first_reason("plain") == "plain");
    CHECK(first_reason("").empty());
}
