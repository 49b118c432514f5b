#include "content/samples/encoder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace capsule::samples {

namespace {

// A write to a child that has gone must be an error here, not a signal to the whole program.
class NoBrokenPipeSignal {
public:
    NoBrokenPipeSignal() {
        sigemptyset(&m_set);
        sigaddset(&m_set, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_set, &m_before);
    }
    ~NoBrokenPipeSignal() {
        const timespec now{0, 0};
        if (sigismember(&m_before, SIGPIPE) == 0)
            while (sigtimedwait(&m_set, nullptr, &now) == SIGPIPE) {
            }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
    NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;

private:
    sigset_t m_set{}, m_before{};
};

bool write_all(int file, const std::vector<std::uint8_t>& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t count = ::write(file, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

void close_and_forget(int& file) {
    if (file >= 0)
        ::close(file);
    file = -1;
}

} // namespace

Result<FramePipe> FramePipe::open(Size size, int frames_per_second, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"ffmpeg", "-hide_banner", "-nostats", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p",
                                   "-s", std::to_string(size.width) + "x" + std::to_string(size.height), "-framerate",
                                   std::to_string(frames_per_second), "-color_range", "tv", "-colorspace", "bt709", "-color_primaries",
                                   "bt709", "-color_trc", "bt709", "-i", "pipe:0"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);

    FramePipe pipe;
    std::array<int, 2> ends{-1, -1};
    pipe.m_said = memfd_create("ffmpeg-said", MFD_CLOEXEC);
    if (pipe.m_said < 0 || pipe2(ends.data(), O_CLOEXEC) != 0)
        return Error{Category::io, std::string("cannot make a pipe to ffmpeg: ") + std::strerror(errno)};
    pipe.m_input = ends[1];
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20); // fewer changes between the two; as it was if refused
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, pipe.m_said, 1);
    posix_spawn_file_actions_adddup2(&actions, pipe.m_said, 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = -1;
    const int error = posix_spawnp(&child, "ffmpeg", &actions, &attributes, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[0]);
    if (error != 0)
        return Error{error == ENOENT ? Category::missing : Category::io,
                     std::string("cannot start ffmpeg: ") + std::strerror(error) + "; install the package \"ffmpeg\""};
    pipe.m_child = child;
    return pipe;
}

FramePipe::FramePipe(FramePipe&& other) noexcept
    : m_child(std::exchange(other.m_child, -1)), m_input(std::exchange(other.m_input, -1)), m_said(std::exchange(other.m_said, -1)) {}

FramePipe::~FramePipe() {
    close_and_forget(m_input);
    if (m_child > 0) {
        ::kill(m_child, SIGKILL);
        while (waitpid(m_child, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    close_and_forget(m_said);
}

Result<void> FramePipe::write(const Planes& frame) {
    const NoBrokenPipeSignal guard;
    if (!write_all(m_input, frame.y) || !write_all(m_input, frame.u) || !write_all(m_input, frame.v)) {
        const std::string why = std::strerror(errno);
        close_and_forget(m_input);
        while (waitpid(m_child, nullptr, 0) < 0 && errno == EINTR) {
        }
        m_child = -1;
        return failure("it ended early (" + why + ")");
    }
    return {};
}

Result<void> FramePipe::finish() {
    close_and_forget(m_input);
    int status = 0;
    while (waitpid(m_child, &status, 0) < 0 && errno == EINTR) {
    }
    m_child = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure("it failed");
    return {};
}

Error FramePipe::failure(const std::string& otherwise) {
    std::array<char, 512> text{};
    const ssize_t count = pread(m_said, text.data(), text.size(), 0);
    std::string said(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    said = said.substr(0, said.find('\n'));
    const bool full = said.find("No space left") != std::string::npos;
    return {full ? Category::no_space : Category::io, "ffmpeg: " + (said.empty() ? otherwise : said)};
}

std::vector<std::string> video_arguments(const Path& file) {
    return {"-an", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-level", "4.1", "-pix_fmt", "yuv420p", "-crf", "18",
            // Drawn frames need neither a fine search nor bits moved to flat parts: a third less time, and smaller.
            "-x264-params", "aq-mode=0:subme=1:me=dia:ref=1:trellis=0",
            "-g", "50", "-flags:v", "+bitexact+cgop", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp4", "-y",
            file.string()};
}

std::vector<std::string> thumbnail_arguments(const Path& file) {
    return {"-frames:v", "1", "-vf", "scale=640:-2:flags=area", "-c:v", "libwebp", "-quality", "82", "-f", "webp", "-y", file.string()};
}

} // namespace capsule::samples
