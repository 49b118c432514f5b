#include "player/app/frames_log.hpp"

#include "content/base/log.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace capsule {

namespace {

std::string milliseconds(Nanoseconds time) {
    char text[40];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1e6);
    return text;
}

bool write_all(int file, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t wrote = ::write(file, text.data() + done, text.size() - done);
        if (wrote > 0)
            done += static_cast<std::size_t>(wrote);
        else if (wrote < 0 && errno == EINTR)
            continue;
        else
            return false;
    }
    return true;
}

} // namespace

const char* to_string(MediaKind kind) {
    switch (kind) {
    case MediaKind::video:
        return "video";
    case MediaKind::image:
        return "image";
    case MediaKind::card:
        return "card";
    case MediaKind::fallback:
        return "fallback";
    }
    return "?";
}

std::string frame_line(const std::string& item, MediaKind kind, const ShownFrame& frame) {
    const auto replace = nlohmann::json::error_handler_t::replace; // file names may be any bytes
    return "{\"t_ns\":" + std::to_string(frame.at.count()) + ",\"item\":" + nlohmann::json(item).dump(-1, ' ', false, replace) +
           ",\"showing\":" + std::to_string(frame.showing) + ",\"frame\":" + std::to_string(frame.frame) +
           ",\"pts_ms\":" + milliseconds(frame.pts) + ",\"kind\":\"" + to_string(kind) +
           "\",\"late_ms\":" + milliseconds(frame.late) + "}";
}

Result<std::unique_ptr<FramesLog>> FramesLog::open(const Path& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
        return in_context("--frames-log", system_error(errno, "open", path));
    return std::unique_ptr<FramesLog>(new FramesLog(file, path));
}

FramesLog::FramesLog(int file, Path path) : m_file(file), m_path(std::move(path)), m_thread([this] { run(); }) {}

FramesLog::~FramesLog() {
    m_lines.close();
    m_thread.join();
    ::close(m_file);
    if (m_lost > 0)
        log_warning("frames-log", std::to_string(m_lost) + " frames are missing in " + m_path.string());
}

void FramesLog::frame_shown(const PlayItem& item, const ShownFrame& frame) {
    if (!m_lines.try_push({item.name, item.media, frame}))
        ++m_lost;
}

void FramesLog::run() {
    bool said = false;
    while (auto line = m_lines.pop()) {
        if (write_all(m_file, frame_line(line->item, line->kind, line->frame) + "\n")) {
            said = false;
        } else if (!said) {
            log_warning("frames-log", system_error(errno, "write", m_path).message);
            said = true;
        }
    }
}

} // namespace capsule
