#include "player/media/reader.hpp"

#include "content/base/thread_priority.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace capsule {

namespace {

std::atomic<int> threads_running{0};

Nanoseconds length(const AudioBlock& block) {
    return Nanoseconds(static_cast<std::int64_t>(block.samples.size() / 2) * 1'000'000'000 / audio_rate);
}

} // namespace

struct Reader::Channel {
    std::mutex mutex;
    std::condition_variable changed;
    // Guarded by mutex.
    bool stop = false, playing = false;
    std::optional<MediaInfo> info; // once the first frame is there
    std::deque<VideoFrame> frames;
    std::deque<AudioBlock> sound;
    Nanoseconds sound_length{};
    bool more_video = true, more_sound = true; // being filled up: from half to full, see settle_while_locked
    bool video_ended = false, audio_ended = false;
    std::optional<Error> error; // after what is in `frames`
    std::int64_t skipped = 0;
    Nanoseconds end{}; // of the frames decoded so far
    // Constant.
    Path path;
    SessionOptions options;
    ReaderLimits limits;

    void run();
    std::size_t room() const { return playing ? limits.frames_playing : limits.frames_held; }
    // After whatever changes what is queued. A queue is filled up in one go once half of it is gone: pictures decoded one after the other find
    // what they refer to in the cache, and the thread wakes less often.
    void settle_while_locked();
    // After something was taken.
    void taken_while_locked();
    // What the thread should do next.
    enum class Task { stop, video, audio, nothing };
    Task task_while_locked() const;
    void fail(Error why) {
        const std::lock_guard lock(mutex);
        error = std::move(why);
        video_ended = audio_ended = true;
        changed.notify_all();
    }
};

Reader::Channel::Task Reader::Channel::task_while_locked() const {
    if (stop)
        return Task::stop;
    const bool video = !video_ended && more_video;
    const bool audio = !audio_ended && !frames.empty() && more_sound;
    if (video && audio) // whichever is behind
        return frames.size() * 2 > room() ? Task::audio : Task::video;
    if (video)
        return Task::video;
    if (!audio_ended && (audio || (video_ended && more_sound)))
        return Task::audio;
    return video_ended && audio_ended ? Task::stop : Task::nothing;
}

void Reader::Channel::settle_while_locked() {
    if (frames.size() >= room())
        more_video = false;
    else if (frames.size() <= room() / 2)
        more_video = true;
    if (sound_length >= limits.sound_ahead)
        more_sound = false;
    else if (sound_length <= limits.sound_ahead / 2)
        more_sound = true;
}

void Reader::Channel::taken_while_locked() {
    settle_while_locked();
    if (task_while_locked() != Task::nothing)
        changed.notify_all();
}

void Reader::Channel::run() {
    auto session = Session::open(path, options);
    if (!session)
        return fail(session.error());
    {
        const std::lock_guard lock(mutex);
        audio_ended = session->info().audio_codec.empty();
    }
    for (;;) {
        Task task = Task::nothing;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return (task = task_while_locked()) != Task::nothing; });
        }
        if (task == Task::stop)
            return;
        if (task == Task::video) {
            auto frame = session->next_video();
            if (!frame)
                return fail(frame.error());
            const std::lock_guard lock(mutex);
            skipped = session->skipped();
            if (*frame) {
                end = std::max(end, (*frame)->pts + (*frame)->duration);
                frames.push_back(std::move(**frame));
                settle_while_locked();
                if (!info)
                    info = session->info();
            } else {
                video_ended = true;
            }
            changed.notify_all();
        } else {
            auto block = session->next_audio();
            const std::lock_guard lock(mutex);
            if (block) {
                sound_length += length(*block);
                sound.push_back(std::move(*block));
                settle_while_locked();
            } else {
                audio_ended = true;
            }
            changed.notify_all();
        }
    }
}

std::unique_ptr<Reader> Reader::start(const Path& path, const SessionOptions& options, const ReaderLimits& limits) {
    auto channel = std::make_shared<Channel>();
    channel->path = path;
    channel->options = options;
    channel->limits = limits;
    ++threads_running;
    std::thread([channel]() mutable {
        pthread_setname_np(pthread_self(), "decode");
        defer_this_thread();
        channel->run();
        channel.reset();
        --threads_running;
    }).detach();
    return std::unique_ptr<Reader>(new Reader(std::move(channel)));
}

Reader::Reader(std::shared_ptr<Channel> channel) : m_channel(std::move(channel)) {}

Reader::~Reader() {
    const std::lock_guard lock(m_channel->mutex);
    m_channel->stop = true;
    m_channel->changed.notify_all();
}

Result<MediaInfo> Reader::wait_first_frame(Nanoseconds patience) {
    std::unique_lock lock(m_channel->mutex);
    m_channel->changed.wait_for(lock, patience, [&] { return m_channel->info || m_channel->error || m_channel->video_ended; });
    if (m_channel->info)
        return *m_channel->info;
    if (m_channel->error)
        return *m_channel->error;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
    return Error{Category::timeout,
                 m_channel->path.string() + ": no picture within " + std::to_string(seconds) + " s; it is left aside"};
}

void Reader::play() {
    const std::lock_guard lock(m_channel->mutex);
    m_channel->playing = true;
    m_channel->settle_while_locked();
    m_channel->changed.notify_all();
}

TakenFrame Reader::take(Nanoseconds patience) {
    Channel& c = *m_channel;
    std::unique_lock lock(c.mutex);
    if (patience > Nanoseconds{})
        c.changed.wait_for(lock, patience, [&] { return !c.frames.empty() || c.video_ended; });
    if (!c.frames.empty()) {
        VideoFrame frame = std::move(c.frames.front());
        c.frames.pop_front();
        c.taken_while_locked();
        return frame;
    }
    if (c.error)
        return *c.error;
    if (c.video_ended)
        return Ended{};
    return NotYet{};
}

std::optional<AudioBlock> Reader::take_audio() {
    const std::lock_guard lock(m_channel->mutex);
    if (m_channel->sound.empty())
        return std::nullopt;
    AudioBlock block = std::move(m_channel->sound.front());
    m_channel->sound.pop_front();
    m_channel->sound_length -= length(block);
    m_channel->taken_while_locked();
    return block;
}

bool Reader::audio_ended() const {
    const std::lock_guard lock(m_channel->mutex);
    return m_channel->audio_ended && m_channel->sound.empty();
}

std::optional<Nanoseconds> Reader::known_end() const {
    const std::lock_guard lock(m_channel->mutex);
    if (!m_channel->video_ended || m_channel->error)
        return std::nullopt;
    return m_channel->end;
}

std::int64_t Reader::skipped() const {
    const std::lock_guard lock(m_channel->mutex);
    return m_channel->skipped;
}

int Reader::threads_alive() { return threads_running; }

} // namespace capsule
