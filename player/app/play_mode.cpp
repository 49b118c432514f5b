#include "player/app/play_mode.hpp"

#include "content/base/thread_priority.hpp"
#include "player/app/new_process.hpp"
#include "player/app/stage_run.hpp"
#include "player/media/reader.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace capsule {

FileSource::FileSource(std::vector<Path> files, int loops, bool sound, std::vector<std::string> captions)
    : m_files(std::move(files)), m_loops(loops), m_sound(sound), m_captions(std::move(captions)) {}

FileSource::~FileSource() = default;

void FileSource::begin() {
    if (m_files.empty())
        return;
    SessionOptions wanted;
    wanted.sound = m_sound;
    m_begun = Reader::start(m_files.front(), wanted);
}

bool FileSource::any_playable() const {
    return std::any_of(m_files.begin(), m_files.end(), [this](const Path& file) { return !m_refused.count(file); });
}

std::optional<PlayItem> FileSource::next() {
    for (std::size_t tried = 0; tried <= m_files.size(); ++tried) {
        if (m_next == m_files.size()) {
            m_next = 0;
            ++m_passes;
        }
        if (m_files.empty() || (m_loops > 0 && m_passes >= m_loops))
            return std::nullopt;
        const Path& file = m_files[m_next++];
        if (m_refused.count(file))
            continue;
        PlayItem item;
        item.file = file;
        item.name = file.filename().string();
        item.sound = m_sound;
        item.volume = 100;
        item.look_for_captions = m_captions;
        if (m_begun) {
            // A function can be copied, a reader cannot.
            auto begun = std::make_shared<std::unique_ptr<Reader>>(std::move(m_begun));
            item.begun = [begun](const SessionOptions&) { return std::move(*begun); };
        }
        return item;
    }
    return std::nullopt;
}

PlayItem FileSource::fallback() {
    PlayItem item;
    item.media = MediaKind::fallback;
    item.shown = ShownItem::fallback;
    item.name = "fallback";
    // Of one colour: a small picture, enlarged when it is shown, instead of eight megabytes kept for the case of need.
    item.draw = [](Size size) { return Picture({std::max(size.width / 64, 1), std::max(size.height / 64, 1)}, 0xff202428U); };
    return item;
}

void FileSource::failed(const PlayItem& item, const Error& error) {
    if (!m_refused.insert(item.file).second)
        return;
    std::string line = error.message;
    if (line.find(item.name) == line.npos)
        line = item.file.string() + ": " + line;
    std::fprintf(stderr, "capsule-player: %s\n", line.c_str());
}

int run_play_mode(const Options& options) {
    static const SystemClock clock; // as long as the process: a sound device that hangs is left behind with it
    FileSource source(options.play, options.exit_on_end ? std::max(options.loops, 1) : options.loops, options.sound, options.captions);
    prefer_this_thread();
    // Where there may be a circuit that decodes, the display must be asked first.
    if (options.decode == Options::Decode::software || (options.decode == Options::Decode::automatic && !std::filesystem::exists("/dev/dri")))
        source.begin();
    auto run = StageRun::open(options, clock);
    if (!run) {
        std::fprintf(stderr, "capsule-player: %s\n", run.error().message.c_str());
        return 1;
    }
    const auto played = run->play({source, {}, true, false, {}, {}});
    if (!played) {
        if (run->wants_new_process())
            return begin_anew;
        std::fprintf(stderr, "capsule-player: %s\n", played.error().message.c_str());
        return 1;
    }
    return source.any_playable() ? 0 : 1;
}

} // namespace capsule
