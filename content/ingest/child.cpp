#include "content/ingest/child.hpp"

#include "content/base/disk.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace capsule {

namespace {

constexpr std::size_t most_errors = 16 * 1024;
const char* const search_path[] = {"/usr/local/bin", "/usr/bin", "/bin"};

class Owned {
public:
    Owned() = default;
    explicit Owned(int fd) : m_fd(fd) {}
    Owned(Owned&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Owned() { reset(); }
    void reset() {
        if (m_fd >= 0)
            close(m_fd);
        m_fd = -1;
    }
    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos)
        return access(name.c_str(), X_OK) == 0 ? name : std::string();
    for (const char* folder : search_path) {
        std::string path = std::string(folder) + "/" + name;
        if (access(path.c_str(), X_OK) == 0)
            return path;
    }
    return {};
}

bool make_pipe(Owned& read_end, Owned& write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    read_end = Owned(ends[0]);
    write_end = Owned(ends[1]);
    return true;
}

bool make_socket_pair(Owned& ours, Owned& theirs) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    ours = Owned(ends[0]);
    theirs = Owned(ends[1]);
    return true;
}

void limit(int resource, std::uint64_t value) {
    const rlimit both{value, value};
    setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// All that the new process needs, prepared before fork: afterwards only async-signal-safe calls may be made.
struct Start {
    std::string program;
    std::vector<char*> argv, envp;
    std::vector<int> descriptors; // to become 0, 1, 2, 3, …; the last is where a failure to start is told
    ChildLimits limits;
    bool no_new_privileges = false;
    bool modest = false;
    pid_t parent = 0;
};

[[noreturn]] void become(Start& start) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != start.parent)
        _exit(127); // it died before the line above
    const int first_free = static_cast<int>(start.descriptors.size());
    bool good = true;
    for (int& fd : start.descriptors) { // first out of the way of the numbers they will get
        fd = fcntl(fd, F_DUPFD_CLOEXEC, first_free);
        good = good && fd >= 0;
    }
    for (int number = 0; good && number < first_free; ++number)
        good = dup2(start.descriptors[static_cast<std::size_t>(number)], number) >= 0;
    const int report = first_free - 1;
    fcntl(report, F_SETFD, FD_CLOEXEC);
    if (good) {
        close_range(static_cast<unsigned>(first_free), ~0u, 0);
        if (start.limits.memory_bytes > 0)
            limit(RLIMIT_AS, start.limits.memory_bytes);
        const rlimit processor{start.limits.cpu_seconds, start.limits.cpu_seconds + 5}; // SIGXCPU first: it says why, SIGKILL does not
        setrlimit(RLIMIT_CPU, &processor);
        limit(RLIMIT_FSIZE, start.limits.file_bytes);
        limit(RLIMIT_CORE, 0);
        if (start.modest) {
            setpriority(PRIO_PROCESS, 0, 10);
            if (const int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); score >= 0) {
                (void)!write(score, "1000", 4);
                close(score);
            }
        }
        if (start.no_new_privileges)
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        for (int number = 1; number < NSIG; ++number)
            signal(number, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        execve(start.program.c_str(), start.argv.data(), start.envp.data());
    }
    const int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

// Ends the whole group when it goes out of scope, unless it was waited for.
class Process {
public:
    explicit Process(pid_t id) : m_id(id) {}
    ~Process() {
        kill(-m_id, SIGKILL); // also what it left behind
        while (!m_ended && wait4(m_id, &m_status, 0, &m_taken) < 0 && errno == EINTR) {
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    bool ended() {
        m_ended = m_ended || wait4(m_id, &m_status, WNOHANG, &m_taken) == m_id;
        return m_ended;
    }
    int exit_code() const { return WIFEXITED(m_status) ? WEXITSTATUS(m_status) : 128 + WTERMSIG(m_status); }
    Milliseconds processor_time() const {
        const auto time_of = [](const timeval& time) { return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec); };
        return std::chrono::floor<Milliseconds>(time_of(m_taken.ru_utime) + time_of(m_taken.ru_stime));
    }

private:
    pid_t m_id;
    int m_status = 0;
    rusage m_taken{};
    bool m_ended = false;
};

// Reads what is there; closes at the end of the stream.
void drain(Owned& from, const std::function<void(std::string_view)>& to) {
    char buffer[65536];
    const ssize_t got = read(from.get(), buffer, sizeof buffer);
    if (got > 0)
        to(std::string_view(buffer, static_cast<std::size_t>(got)));
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        from.reset();
}

// Sends what fits of `pending`, asking for more when it is empty; closes at the end, or when the child no longer reads.
Result<void> feed(Owned& to, std::string& pending, const std::function<Result<std::string>()>& source) {
    if (pending.empty()) {
        CAPSULE_TRY(next, source());
        pending = std::move(next);
        if (pending.empty()) {
            to.reset();
            return {};
        }
    }
    const ssize_t sent = send(to.get(), pending.data(), pending.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
        pending.erase(0, static_cast<std::size_t>(sent));
    else if (errno != EAGAIN && errno != EINTR)
        to.reset();
    return {};
}

std::vector<std::string> in_bubblewrap(std::vector<std::string> arguments) {
    std::vector<std::string> wrapped{"bwrap",     "--unshare-all", "--die-with-parent", "--ro-bind", "/usr",   "/usr",
                                     "--symlink", "usr/bin",       "/bin",              "--symlink", "usr/lib", "/lib",
                                     "--symlink", "usr/lib64",     "/lib64",            "--proc",    "/proc",   "--dev",     "/dev",              "--chdir",
                                     "/"};
    if (!arguments.front().starts_with("/usr/") && !arguments.front().starts_with("/bin/"))
        wrapped.insert(wrapped.end(), {"--ro-bind", arguments.front(), arguments.front()});
    // Debian's ffmpeg finds its linear algebra through the alternatives.
    for (const char* path : {"/etc/ld.so.cache", "/etc/alternatives"})
        wrapped.insert(wrapped.end(), {"--ro-bind-try", path, path});
    wrapped.emplace_back("--");
    wrapped.insert(wrapped.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
    return wrapped;
}

Result<ChildOutcome> run(const ChildCommand& command, std::vector<std::string> arguments, bool isolated) {
    const std::string name = arguments.front();
    const std::string program = find_program(name);
    if (program.empty())
        return Error{Category::missing, "the program " + name + " is not installed"};
    arguments.front() = program;
    if (isolated)
        arguments = in_bubblewrap(std::move(arguments));

    Owned null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    Owned output, output_end, errors, errors_end, report, report_end, input, input_end;
    if (!null || !make_pipe(output, output_end) || !make_pipe(errors, errors_end) || !make_pipe(report, report_end) ||
        (command.input && !make_socket_pair(input, input_end)))
        return system_error(errno, "open", "a pipe");

    std::string environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"};
    Start start;
    start.program = isolated ? find_program("bwrap") : program;
    for (auto& argument : arguments)
        start.argv.push_back(argument.data());
    start.argv.push_back(nullptr);
    for (auto& variable : environment)
        start.envp.push_back(variable.data());
    start.envp.push_back(nullptr);
    start.descriptors = {command.input ? input_end.get() : null.get(), output_end.get(), errors_end.get()};
    start.descriptors.insert(start.descriptors.end(), command.descriptors.begin(), command.descriptors.end());
    start.descriptors.push_back(report_end.get());
    start.limits = command.limits;
    start.no_new_privileges = !isolated; // an older bubblewrap may be set-uid
    start.modest = command.modest;
    start.parent = getpid();

    const pid_t id = fork();
    if (id < 0)
        return system_error(errno, "start", program);
    if (id == 0)
        become(start);
    setpgid(id, id); // whichever of the two comes first
    Process process(id);
    for (Owned* end : {&output_end, &errors_end, &report_end, &input_end})
        end->reset();
    int start_error = 0;
    if (read(report.get(), &start_error, sizeof start_error) == static_cast<ssize_t>(sizeof start_error))
        return system_error(start_error, "start", program);

    const SystemClock clock;
    const Nanoseconds deadline = clock.monotonic() + command.limits.time;
    ChildOutcome outcome;
    std::string pending;
    const auto keep_errors = [&](std::string_view bytes) {
        outcome.errors += bytes.substr(0, most_errors - std::min(most_errors, outcome.errors.size()));
    };
    const auto give_output = [&](std::string_view bytes) {
        if (command.on_output)
            command.on_output(bytes);
    };
    while (output || errors || !process.ended()) {
        if (command.stop.stop_requested())
            return Error{Category::refused, "stopped on request"};
        const Nanoseconds now = clock.monotonic();
        if (now >= deadline)
            return Error{Category::timeout, name + " took longer than " + std::to_string(command.limits.time.count() / 1000) + " s"};
        pollfd polled[3] = {{output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}, {input.get(), POLLOUT, 0}};
        // Once its streams are closed only its end is awaited, which poll does not tell.
        const int wait_ms = output || errors ? 100 : 5;
        if (poll(polled, 3, static_cast<int>(std::min<std::int64_t>(wait_ms, (deadline - now).count() / 1'000'000 + 1))) < 0 &&
            errno != EINTR)
            return system_error(errno, "wait for", program);
        if (output && polled[0].revents != 0)
            drain(output, give_output);
        if (errors && polled[1].revents != 0)
            drain(errors, keep_errors);
        if (input && polled[2].revents != 0)
            CAPSULE_CHECK(feed(input, pending, command.input));
    }
    outcome.exit_code = process.exit_code();
    outcome.processor_time = process.processor_time();
    return outcome;
}

} // namespace

bool isolation_works() {
    static const bool works = [] {
        if (find_program("bwrap").empty())
            return false;
        ChildCommand trial;
        trial.limits.time = std::chrono::seconds(10);
        const auto outcome = run(trial, {"true"}, true);
        return outcome.ok() && outcome->good();
    }();
    return works;
}

Result<ChildOutcome> run_child(const ChildCommand& command) {
    if (command.arguments.empty())
        return Error{Category::bug, "no program to run was named"};
    return run(command, command.arguments, command.isolation == Isolation::where_possible && isolation_works());
}

std::string first_reason(std::string_view errors) {
    while (!errors.empty()) {
        std::string_view line = errors.substr(0, errors.find('\n'));
        errors.remove_prefix(std::min(errors.size(), line.size() + 1));
        while (line.starts_with('[')) { // "[mov,mp4 @ 0x55…] moov atom not found"
            const auto end = line.find("] ");
            if (end == std::string_view::npos)
                break;
            line.remove_prefix(end + 2);
        }
        if (line.find_first_not_of(" \t\r") != std::string_view::npos)
            return std::string(line.substr(0, 300));
    }
    return {};
}

} // namespace capsule
