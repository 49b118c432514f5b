// `capsule-player --play FILE...`: local files in a loop, without a server.
#pragma once

#include "player/app/options.hpp"
#include "player/playback/item.hpp"

#include <memory>
#include <set>
#include <vector>

namespace capsule {

// Gives the files in order, `loops` times (0: without end), leaving out those that failed; nothing more when all have.
class FileSource final : public ItemSource {
public:
    // `captions`: languages in which captions are looked for, in the files and beside them, preferred first; empty: none are drawn.
    FileSource(std::vector<Path> files, int loops, bool sound, std::vector<std::string> captions = {});
    ~FileSource() override;
    // Begins to decode the first file, so that its first picture is there when the display is. Before the first next(), at most once.
    void begin();
    std::optional<PlayItem> next() override;
    PlayItem fallback() override;
    // Says so on standard error, once per file.
    void failed(const PlayItem& item, const Error& error) override;
    // Whether anything was given that did not fail.
    bool any_playable() const;

private:
    std::vector<Path> m_files;
    int m_loops;
    bool m_sound;
    std::vector<std::string> m_captions;
    std::size_t m_next = 0;
    int m_passes = 0;
    std::set<Path> m_refused;
    std::unique_ptr<Reader> m_begun; // of the first file, until next() gives it away
};

// The program's exit code: 0, or 1 when no file can be played or there is no display.
int run_play_mode(const Options& options);

} // namespace capsule
