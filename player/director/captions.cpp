#include "player/director/captions.hpp"

#include "content/base/disk.hpp"
#include "content/base/log.hpp"
#include "content/captions/find.hpp"
#include "player/overlay/caption_layer.hpp"

namespace capsule {

struct Captions::State {
    std::vector<Cue> cues;
    CaptionStyle style;
    CaptionLayer layer;
    std::string language, drawn;
};

namespace {

constexpr std::uint64_t most_bytes = 4u << 20;

void say_once(const std::string& line, std::set<std::string>& said) {
    if (said.insert(line).second)
        log_warning("captions", line);
}

Result<std::vector<Cue>> read_file(const Path& file) {
    SystemDisk disk;
    CAPSULE_TRY(text, disk.read(file, most_bytes));
    auto cues = read_cues(text);
    return cues ? std::move(cues) : in_context(file.string(), cues.error());
}

} // namespace

Captions::Captions() = default;
Captions::Captions(Captions&&) noexcept = default;
Captions& Captions::operator=(Captions&&) noexcept = default;
Captions::~Captions() = default;

Captions Captions::open(const PlayItem& item, Size stage, std::set<std::string>& said) {
    Captions captions;
    FoundCaptions found;
    if (item.captions) {
        auto cues = read_file(*item.captions);
        if (!cues) {
            say_once(item.name + " plays without captions: " + cues.error().message, said);
            return captions;
        }
        found.cues = std::move(*cues);
        found.language = item.captions_language;
    } else if (!item.look_for_captions.empty() && item.media == MediaKind::video) {
        found = find_captions(item.file, item.look_for_captions);
        for (const std::string& note : found.notes)
            say_once(note, said);
        if (!found.origin.empty() && said.insert(found.origin).second)
            log_info("captions", found.origin + (found.language.empty() ? "" : " (" + found.language + ")"));
    }
    if (found.cues.empty())
        return captions;
    CaptionStyle style;
    style.stage = stage;
    style.diagonal_mm = item.diagonal_mm;
    style.distance_mm = item.distance_mm;
    style.language = found.language;
    auto layer = CaptionLayer::open(found.cues, style);
    if (!layer) {
        say_once(item.name + " plays without captions: " + layer.error().message, said);
        return captions;
    }
    if (!layer->size().legible)
        say_once("this screen (" + std::to_string(item.diagonal_mm) + " mm across) is too small for captions to be read from " +
                     std::to_string(item.distance_mm) + " mm",
                 said);
    captions.m_state.reset(new State{std::move(found.cues), style, std::move(*layer), found.language.empty() ? "und" : found.language, {}});
    return captions;
}

void Captions::fit(Size stage) {
    if (!m_state || m_state->style.stage == stage)
        return;
    CaptionStyle style = m_state->style;
    style.stage = stage;
    auto layer = CaptionLayer::open(m_state->cues, style);
    if (!layer)
        return;
    m_state->layer = std::move(*layer);
    m_state->style = style;
}

const std::vector<PlacedPicture>& Captions::at(Nanoseconds time, int bottom) {
    static const std::vector<PlacedPicture> nothing;
    if (!m_state)
        return nothing;
    const auto& pictures = m_state->layer.at(std::chrono::duration_cast<Milliseconds>(time), bottom);
    if (!pictures.empty())
        m_state->drawn = m_state->language;
    return pictures;
}

const std::string& Captions::drawn() const {
    static const std::string nothing;
    return m_state ? m_state->drawn : nothing;
}

} // namespace capsule
