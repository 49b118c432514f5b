// bench_floor FILE…: the least that a player of this make can cost. One thread decodes file after file ahead of time into a queue of four;
// the other waits for each picture's time, converts it by libyuv and hands it to X in shared memory. No sound, no text, no events, no
// care for anything that may go wrong: what a player costs above this is what its care costs.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <libyuv.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Timed {
    AVFrame* frame;
    std::chrono::duration<double> length;
};

class Queue {
public:
    void push(Timed timed) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_frames.size() < 4; });
        m_frames.push_back(timed);
        m_changed.notify_all();
    }
    Timed pop() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_frames.empty(); });
        const Timed timed = m_frames.front();
        m_frames.pop_front();
        m_changed.notify_all();
        return timed;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Timed> m_frames;
};

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "bench_floor: %s\n", what.c_str());
    std::exit(1);
}

void decode(const char* file, Queue& queue) {
    AVFormatContext* input = nullptr;
    if (avformat_open_input(&input, file, nullptr, nullptr) < 0 || avformat_find_stream_info(input, nullptr) < 0)
        fail(std::string("cannot read ") + file);
    const AVCodec* codec = nullptr;
    const int stream = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (stream < 0)
        fail(std::string("no picture in ") + file);
    AVCodecContext* context = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(context, input->streams[stream]->codecpar);
    // As the player does: a second thread costs more and is needed above 1080p30 only.
    context->thread_count = input->streams[stream]->codecpar->width > 1920 ? 2 : 1;
    if (avcodec_open2(context, codec, nullptr) < 0)
        fail(std::string("cannot decode ") + file);
    const std::chrono::duration<double> length(1 / av_q2d(input->streams[stream]->avg_frame_rate));
    AVPacket* packet = av_packet_alloc();
    for (bool ended = false; !ended;) {
        if (av_read_frame(input, packet) < 0)
            avcodec_send_packet(context, nullptr);
        else if (packet->stream_index == stream)
            avcodec_send_packet(context, packet);
        av_packet_unref(packet);
        for (;;) {
            AVFrame* frame = av_frame_alloc();
            if (const int code = avcodec_receive_frame(context, frame); code < 0) {
                av_frame_free(&frame);
                ended = code == AVERROR_EOF;
                break;
            }
            queue.push({frame, length});
        }
    }
    av_packet_free(&packet);
    avcodec_free_context(&context);
    avformat_close_input(&input);
}

class Surface {
public:
    Surface() : m_display(XOpenDisplay(nullptr)) {
        if (!m_display)
            fail("no X display");
        const int screen = DefaultScreen(m_display);
        m_width = DisplayWidth(m_display, screen);
        m_height = DisplayHeight(m_display, screen);
        XSetWindowAttributes attributes{};
        attributes.override_redirect = True; // no window manager to wait for
        m_window = XCreateWindow(m_display, RootWindow(m_display, screen), 0, 0, static_cast<unsigned>(m_width),
                                 static_cast<unsigned>(m_height), 0, CopyFromParent, InputOutput, CopyFromParent, CWOverrideRedirect,
                                 &attributes);
        XMapRaised(m_display, m_window);
        m_context = XCreateGC(m_display, m_window, 0, nullptr);
        m_image = XShmCreateImage(m_display, DefaultVisual(m_display, screen), 24, ZPixmap, nullptr, &m_segment,
                                  static_cast<unsigned>(m_width), static_cast<unsigned>(m_height));
        m_segment.shmid = shmget(IPC_PRIVATE, static_cast<std::size_t>(m_image->bytes_per_line) * static_cast<std::size_t>(m_height),
                                 IPC_CREAT | 0600);
        m_segment.shmaddr = m_image->data = static_cast<char*>(shmat(m_segment.shmid, nullptr, 0));
        XShmAttach(m_display, &m_segment);
        XSync(m_display, False);
        shmctl(m_segment.shmid, IPC_RMID, nullptr);
    }
    void draw(const AVFrame& frame) {
        auto* out = reinterpret_cast<std::uint8_t*>(m_image->data);
        const int pitch = m_image->bytes_per_line, width = frame.width, height = frame.height;
        const auto& plane = frame.data;
        const auto& step = frame.linesize;
        if (width == m_width && height == m_height) {
            libyuv::I420ToARGB(plane[0], step[0], plane[1], step[1], plane[2], step[2], out, pitch, width, height);
        } else if (width * 2 == m_width || width > m_width) {
            const int half_width = (m_width + 1) / 2, half_height = (m_height + 1) / 2;
            m_scaled.resize(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height) * 2);
            std::uint8_t *y = m_scaled.data(), *u = y + m_width * m_height, *v = u + half_width * half_height;
            libyuv::I420Scale(plane[0], step[0], plane[1], step[1], plane[2], step[2], width, height, y, m_width, u, half_width, v,
                              half_width, m_width, m_height, libyuv::kFilterBilinear);
            libyuv::I420ToARGB(y, m_width, u, half_width, v, half_width, out, pitch, m_width, m_height);
        } else {
            m_scaled.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
            libyuv::I420ToARGB(plane[0], step[0], plane[1], step[1], plane[2], step[2], m_scaled.data(), width * 4, width, height);
            libyuv::ARGBScale(m_scaled.data(), width * 4, width, height, out, pitch, m_width, m_height, libyuv::kFilterBilinear);
        }
    }
    void show() {
        XShmPutImage(m_display, m_window, m_context, m_image, 0, 0, 0, 0, static_cast<unsigned>(m_width), static_cast<unsigned>(m_height),
                     False);
        XSync(m_display, False);
    }

private:
    Display* m_display;
    int m_width = 0, m_height = 0;
    Window m_window = 0;
    GC m_context = nullptr;
    XShmSegmentInfo m_segment{};
    XImage* m_image = nullptr;
    std::vector<std::uint8_t> m_scaled;
};

} // namespace

int main(int count, char** files) {
    if (count < 2)
        fail("give it files");
    Surface screen;
    Queue queue;
    std::thread([&] {
        for (int i = 1;; i = i + 1 < count ? i + 1 : 1)
            decode(files[i], queue);
    }).detach();
    using Clock = std::chrono::steady_clock;
    for (std::chrono::time_point<Clock, std::chrono::duration<double>> due{};;) {
        Timed timed = queue.pop();
        screen.draw(*timed.frame);
        av_frame_free(&timed.frame);
        const auto now = Clock::now();
        if (now - due > std::chrono::milliseconds(200))
            due = now; // the first
        std::this_thread::sleep_until(due);
        screen.show();
        due += timed.length;
    }
}
