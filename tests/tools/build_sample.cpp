// build_sample frame ID SECONDS FILE.png: one frame of a sample as a picture.
// build_sample store FOLDER [ID…]: the samples (or all thirteen) into a store, with their records.
// build_sample stills FOLDER: the middle of each screen of each sample, ID-1.png …
// build_sample list: their ids.
#include "content/drawing/png.hpp"
#include "content/samples/build.hpp"
#include "content/samples/reel.hpp"

#include <cstdio>
#include <cstdlib>

using namespace capsule;
using namespace capsule::samples;

namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "build_sample: %s\n", error.message.c_str());
    return 1;
}

} // namespace

int main(int count, char** words) {
    const std::string verb = count > 1 ? words[1] : "";
    const auto stories = shipped_storyboards();
    if (!stories)
        return fail(stories.error());
    if (verb == "list") {
        for (const auto& story : *stories)
            std::printf("%s\n", story.id.text().c_str());
        return 0;
    }
    if (verb == "frame" && count == 5) {
        for (const auto& story : *stories)
            if (story.id.text() == words[2]) {
                Reel reel(story);
                const int frame = reel.frame_at(Milliseconds{static_cast<std::int64_t>(std::atof(words[3]) * 1000)});
                const auto written = write_png(to_picture(reel.frame(frame)), words[4]);
                return written ? 0 : fail(written.error());
            }
        return fail({Category::missing, std::string("there is no sample named ") + words[2]});
    }
    if (verb == "stills" && count >= 3) {
        for (const auto& story : *stories) {
            Reel reel(story);
            for (std::size_t i = 0; i < story.screens.size(); ++i) {
                const int frame = reel.frame_at((story.screens[i].start + story.screens[i].end) / 2);
                const Path file = Path(words[2]) / (story.id.text() + "-" + std::to_string(i + 1) + ".png");
                if (const auto written = write_png(to_picture(reel.frame(frame)), file); !written)
                    return fail(written.error());
            }
        }
        return 0;
    }
    if (verb == "store" && count >= 3) {
        std::set<CapsuleId> only;
        for (int i = 3; i < count; ++i)
            if (const auto id = CapsuleId::parse(words[i]))
                only.insert(*id);
        const auto built = build_samples(words[2], [](const std::string& text, double part) {
            std::printf("\r%3.0f %%  %s\x1b[K", part * 100, text.c_str());
            std::fflush(stdout);
        }, only);
        std::printf("\n");
        return built ? 0 : fail(built.error());
    }
    std::fprintf(stderr, "usage: build_sample frame ID SECONDS FILE.png | store FOLDER [ID…] | stills FOLDER | list\n");
    return 2;
}
