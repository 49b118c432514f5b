#include "content/captions/find.hpp"

#include "content/captions/embedded.hpp"
#include "content/captions/language.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

namespace capsule {

namespace {

constexpr std::uint64_t most_caption_bytes = 4u << 20;
constexpr std::uint64_t most_media_bytes = 512ull << 20; // gone through for a track in it: a capsule is far smaller
constexpr int most_files_looked_at = 10'000;

struct Candidate {
    std::string language; // empty: not said
    bool forced = false;
    Path file;       // of a file beside it
    int stream = -1; // of a track within
    std::string origin;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// ".fr.vtt" → "fr", ".srt" → "", ".txt" → none.
std::optional<std::string> language_in_ending(const std::string& ending) {
    const auto dot = ending.rfind('.');
    const std::string kind = dot == std::string::npos ? std::string() : lower(ending.substr(dot));
    if (kind != ".vtt" && kind != ".srt")
        return std::nullopt;
    if (dot == 0)
        return std::string();
    const std::string language = ending.front() == '.' ? language_tag(std::string_view(ending).substr(1, dot - 1)) : std::string();
    return language.empty() ? std::nullopt : std::optional(language);
}

std::vector<Candidate> beside(const Path& media) {
    std::vector<Candidate> found;
    const std::string name = media.filename().string(), stem = media.stem().string();
    std::error_code code;
    const Path folder = media.has_parent_path() ? media.parent_path() : Path(".");
    int looked_at = 0;
    for (std::filesystem::directory_iterator entry(folder, code), end; !code && entry != end && looked_at < most_files_looked_at;
         entry.increment(code), ++looked_at) {
        const std::string file = entry->path().filename().string();
        if (!file.starts_with(stem))
            continue;
        auto language = language_in_ending(file.substr(stem.size()));
        if (!language && file.starts_with(name))
            language = language_in_ending(file.substr(name.size()));
        std::error_code ignored;
        if (language && entry->is_regular_file(ignored))
            found.push_back({*language, false, folder / file, -1, file});
    }
    std::sort(found.begin(), found.end(), [](const Candidate& left, const Candidate& right) { return right.origin < left.origin; }); // .vtt before .srt
    return found;
}

std::vector<Candidate> within(const Path& media, std::vector<std::string>& notes) {
    std::vector<Candidate> found;
    const auto tracks = list_embedded_captions(media);
    if (!tracks)
        return found; // whoever plays the file says what is wrong with it
    for (const EmbeddedTrack& track : tracks->text)
        found.push_back({track.language, track.forced, {}, track.stream, media.filename().string() + ", " + track.codec});
    for (const std::string& line : tracks->refused)
        notes.push_back(media.filename().string() + ": " + line);
    std::stable_sort(found.begin(), found.end(), [](const Candidate& left, const Candidate& right) { return !left.forced && right.forced; });
    return found;
}

std::vector<Candidate> in_order(const std::vector<Candidate>& all, const std::vector<std::string>& languages) {
    std::vector<Candidate> ordered;
    const auto take = [&](auto fits) {
        for (const Candidate& one : all)
            if (fits(one) && std::none_of(ordered.begin(), ordered.end(), [&](const Candidate& taken) { return taken.origin == one.origin && taken.stream == one.stream; }))
                ordered.push_back(one);
    };
    for (const std::string& language : languages)
        take([&](const Candidate& one) { return same_language(language, one.language); });
    take([](const Candidate& one) { return one.language.empty(); });
    if (std::find(languages.begin(), languages.end(), "*") != languages.end())
        take([](const Candidate&) { return true; });
    return ordered;
}

Result<std::vector<Cue>> cues_of(const Candidate& one, const Path& media) {
    if (one.stream >= 0)
        return read_embedded_captions(media, one.stream, most_media_bytes);
    SystemDisk disk;
    CAPSULE_TRY(bytes, disk.read(one.file, most_caption_bytes));
    return read_cues(bytes);
}

} // namespace

FoundCaptions find_captions(const Path& media, const std::vector<std::string>& languages) {
    FoundCaptions found;
    auto all = beside(media);
    const auto tracks = within(media, found.notes);
    all.insert(all.end(), tracks.begin(), tracks.end());
    for (const Candidate& one : in_order(all, languages)) {
        auto cues = cues_of(one, media);
        if (!cues) {
            found.notes.push_back(one.origin + ": " + cues.error().message);
        } else if (!cues->empty()) {
            found.cues = std::move(*cues);
            found.language = one.language;
            found.origin = one.origin;
            break;
        }
    }
    return found;
}

} // namespace capsule
