#include "content/ingest/work.hpp"

#include "content/ingest/loudness.hpp"
#include "content/ingest/measure.hpp"
#include "content/ingest/probe.hpp"
#include "content/ingest/profile.hpp"
#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavformat/avformat.h>
}

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>

namespace capsule::ingest {

namespace {

constexpr Milliseconds image_duration = std::chrono::seconds(10);
constexpr Milliseconds longest = std::chrono::hours(1);
// How far along the whole work the conversion, and the measuring, lead.
constexpr double converted_at = 0.8, measured_at = 0.97;

Path path_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

// Reads `-progress` lines; tells the part done, if the whole is known.
class ProgressReader {
public:
    ProgressReader(const std::function<void(double)>& tell, Milliseconds whole) : m_tell(tell), m_whole(whole) {}
    void operator()(std::string_view bytes) {
        m_line += bytes;
        for (auto end = m_line.find('\n'); end != std::string::npos; end = m_line.find('\n')) {
            take(std::string_view(m_line).substr(0, end));
            m_line.erase(0, end + 1);
        }
        if (m_line.size() > 4096)
            m_line.clear();
    }

private:
    void take(std::string_view line) {
        constexpr std::string_view key = "out_time_us=";
        std::int64_t us = 0;
        if (!m_tell || m_whole.count() <= 0 || !line.starts_with(key) ||
            std::from_chars(line.data() + key.size(), line.data() + line.size(), us).ec != std::errc())
            return;
        const double part = std::clamp(static_cast<double>(us) / 1000.0 / static_cast<double>(m_whole.count()), 0.0, 1.0) * converted_at;
        if (part > m_told)
            m_tell(m_told = part);
    }
    const std::function<void(double)>& m_tell;
    Milliseconds m_whole;
    std::string m_line;
    double m_told = 0;
};

Error too_long(const std::string& name) { return {Category::refused, name + ": it lasts too long, at most one hour is taken"}; }

// ffmpeg takes the signal of the limit for a wish to end early, and then tells nothing of it. What it has taken does.
bool took_all_its_time(const ChildOutcome& outcome, std::uint64_t limit) {
    rlimit own{}; // a child gets no more than that
    if (::getrlimit(RLIMIT_CPU, &own) == 0 && own.rlim_cur != RLIM_INFINITY)
        limit = std::min(limit, static_cast<std::uint64_t>(own.rlim_cur));
    return outcome.processor_time >= std::chrono::seconds(limit);
}

Error failed(const std::string& name, const ChildOutcome& outcome, std::uint64_t cpu_seconds) {
    const std::string reason = first_reason(outcome.errors);
    if (outcome.errors.find("No space left") != std::string::npos)
        return {Category::no_space, name + ": the disk of the store is full: make room"};
    if (outcome.errors.find("Cannot allocate memory") != std::string::npos)
        return {Category::refused, name + ": out of memory while it was converted: it asks for more than a master may"};
    if (outcome.exit_code == 128 + SIGXFSZ)
        return {Category::refused, name + ": it lasts too long or is too rich, what comes out of it is larger than a capsule may be: at most one hour is taken"};
    if (outcome.exit_code == 128 + SIGXCPU || took_all_its_time(outcome, cpu_seconds))
        return {Category::timeout, name + ": converting it took more processor time than a master may"};
    return {Category::invalid,
            name + ": ffmpeg cannot convert it: " + (!reason.empty() ? reason : "it ended with code " + std::to_string(outcome.exit_code))};
}

Result<void> normalise(const WorkOrder& order, const Workpiece& piece, const Probe& probe, const WorkControl& control) {
    ChildCommand command;
    command.arguments = probe.kind == CapsuleKind::image ? image_arguments(probe) : video_arguments(probe, order.preset);
    command.descriptors = {piece.master, piece.media};
    command.limits.time = order.time;
    command.stop = control.stop;
    command.isolation = control.isolation;
    ProgressReader progress(control.progress, probe.duration);
    command.on_output = [&](std::string_view bytes) { progress(bytes); };
    auto outcome = run_child(command);
    if (!outcome)
        return in_context(order.name, outcome.error());
    if (!outcome->good())
        return failed(order.name, *outcome, command.limits.cpu_seconds);
    return {};
}

// What was really made, which is what the record says.
Result<CapsuleVersion> describe(const WorkOrder& order, const Workpiece& piece, const Probe& probe) {
    auto input = ffmpeg::Input::open(path_of(piece.media));
    const AVStream* video = input ? input->first_video() : nullptr;
    if (!video || video->codecpar->width <= 0)
        return Error{Category::invalid, order.name + ": nothing that can be shown came out of it"};
    CapsuleVersion version;
    version.language = order.hints.language;
    version.text_in_picture = order.hints.text_in_picture;
    version.width = video->codecpar->width;
    version.height = video->codecpar->height;
    if (probe.kind == CapsuleKind::image) {
        version.media.type = image_type(probe);
        version.duration = order.hints.duration.value_or(image_duration);
        return version;
    }
    version.media.type = "video/mp4";
    version.fps_numerator = probe.rate.numerator;
    version.fps_denominator = probe.rate.denominator;
    if (video->nb_frames <= 0)
        return Error{Category::invalid, order.name + ": no picture came out of it"};
    const std::int64_t rate = probe.rate.numerator;
    version.duration = Milliseconds{std::max<std::int64_t>(1, (video->nb_frames * 1000 * probe.rate.denominator + rate / 2) / rate)};
    if (version.duration > longest)
        return too_long(order.name);
    return version;
}

// A small file in memory.
class Sketch {
public:
    Sketch() : m_fd(memfd_create("thumbnail", MFD_CLOEXEC)) {}
    Sketch(const Sketch&) = delete;
    Sketch& operator=(const Sketch&) = delete;
    ~Sketch() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }
    std::size_t size() const {
        struct stat status {};
        return m_fd >= 0 && fstat(m_fd, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
    }
    Result<void> copy_to(int to) const {
        std::string bytes(size(), '\0');
        if (::pread(m_fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()) || ::ftruncate(to, 0) != 0 ||
            ::pwrite(to, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
            return system_error(errno, "write", "the thumbnail");
        return {};
    }

private:
    int m_fd;
};

// The first picture that is not black, looked for from a tenth of the way on.
Result<void> make_thumbnail(const WorkOrder& order, const Workpiece& piece, const Probe& probe, Milliseconds duration, const WorkControl& control) {
    constexpr double darkest = 24; // mean luma, 16 is black
    double best_luma = -1;
    for (const int percent : {10, 20, 30, 50, 70, 90, 0}) {
        const Sketch picture;
        std::string printed;
        ChildCommand command;
        command.arguments = thumbnail_arguments(probe.kind, duration * percent / 100);
        command.descriptors = {piece.media, picture.get()};
        command.limits.time = std::chrono::minutes(2);
        command.stop = control.stop;
        command.isolation = control.isolation;
        command.on_output = [&](std::string_view bytes) { printed.append(bytes.substr(0, 4096)); };
        auto outcome = run_child(command);
        if (!outcome)
            return in_context(order.name, outcome.error());
        const auto at = printed.find("YAVG=");
        if (!outcome->good() || picture.size() == 0) {
            if (percent == 0 && best_luma < 0)
                return in_context("thumbnail", failed(order.name, *outcome, command.limits.cpu_seconds));
            continue;
        }
        const double luma = at == std::string::npos ? 255 : std::strtod(printed.c_str() + at + 5, nullptr);
        if (luma > best_luma) {
            best_luma = luma;
            CAPSULE_CHECK(picture.copy_to(piece.thumbnail));
        }
        if (luma > darkest || probe.kind == CapsuleKind::image)
            break;
    }
    return {};
}

void warn_of_damage(Made& made, const Probe& probe) {
    const double whole = static_cast<double>(probe.duration.count()), left = static_cast<double>(made.version.duration.count());
    if (made.kind == CapsuleKind::video && whole > 0 && left < whole * 0.9 - 500)
        made.warnings.push_back("its picture lasts " + std::to_string(made.version.duration.count()) + " ms where the file says " +
                                std::to_string(probe.duration.count()) + " ms: it may be cut off or damaged");
}

Result<Made> work_on(const WorkOrder& order, const Workpiece& piece, const WorkControl& control) {
    const Path master = path_of(piece.master);
    CAPSULE_TRY(found, probe(master));
    if (order.hints.kind && *order.hints.kind != found.kind)
        return Error{Category::refused, order.name + " is " + (found.kind == CapsuleKind::image ? "an image" : "a video") +
                                            ", but the metadata says kind = \"" +
                                            (*order.hints.kind == CapsuleKind::image ? "image" : "video") + "\""};
    if (found.duration > longest)
        return too_long(order.name);
    Made made;
    made.kind = found.kind;
    made.warnings = found.warnings;
    if (order.hints.duration && found.kind == CapsuleKind::video)
        made.warnings.emplace_back("duration is for images: this video keeps its own");
    if (found.kind == CapsuleKind::video)
        made.tracks = text_tracks(master, order.hints, made.warnings);
    CAPSULE_CHECK(normalise(order, piece, found, control));
    CAPSULE_TRY(version, describe(order, piece, found));
    const auto progress = [&](double part) {
        if (control.progress)
            control.progress(converted_at + (measured_at - converted_at) * part);
    };
    CAPSULE_TRY(measured, measure(path_of(piece.media), master, found, version.duration, progress));
    version.sound = measured.measurement.has_sound;
    version.gain_mdb = house_gain_mdb(measured.loudness);
    made.measurement = measured.measurement;
    struct stat status {};
    if (fstat(piece.media, &status) == 0)
        made.measurement.bytes = static_cast<std::uint64_t>(status.st_size);
    CAPSULE_CHECK(make_thumbnail(order, piece, found, version.duration, control));
    made.version = std::move(version);
    warn_of_damage(made, found);
    return made;
}

std::string named(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

} // namespace

Result<Made> work(const WorkOrder& order, const Workpiece& piece, const WorkControl& control) {
    auto made = work_on(order, piece, control);
    const auto say = [&](const std::string& text) {
        return named(named(text, path_of(piece.master).string(), order.name), path_of(piece.media).string(), order.name);
    };
    if (!made)
        return Error{made.error().category, say(made.error().message)};
    for (std::string& warning : made->warnings)
        warning = say(warning);
    return made;
}

} // namespace capsule::ingest
