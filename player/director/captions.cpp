#include "player/director/captions.hpp"

#include "content/base/disk.hpp"
#include "content/base/log.hpp"

#include "player/overlay/caption_layer.hpp"

namespace capsule {

struct Captions::State {
    explicit State(CaptionLayer l) : layer(std::move(l)) {}
    CaptionLayer layer;
    std::string language, drawn;
};

Captions::Captions() = default;
Captions::Captions(Captions&&) noexcept = default;
Captions& Captions::operator=(Captions&&) noexcept = default;
Captions::~Captions() = default;

Captions Captions::open(const PlayItem& item, Size stage) {
    Captions captions;
    if (!item.captions)
        return captions;
    constexpr std::uint64_t most = 4 << 20;
    SystemDisk disk;
    const auto text = disk.read(*item.captions, most);
    if (!text) {
        log_warning("captions", item.name + " plays without captions: " + text.error().message);
        return captions;
    }
    CaptionStyle style;
    style.stage = stage;
    style.language = item.captions_language;
    auto layer = CaptionLayer::open(*text, style);
    if (!layer) {
        log_warning("captions", item.name + " plays without captions: " + item.captions->string() + ": " + layer.error().message);
        return captions;
    }
    captions.m_state = std::make_unique<State>(std::move(*layer));
    captions.m_state->language = item.captions_language.empty() ? "und" : item.captions_language;
    return captions;
}

const std::vector<PlacedPicture>& Captions::at(Nanoseconds time) {
    static const std::vector<PlacedPicture> nothing;
    if (m_state) {
        const auto& pictures = m_state->layer.at(std::chrono::duration_cast<Milliseconds>(time));
        if (!pictures.empty())
            m_state->drawn = m_state->language;
        return pictures;
    }
    return nothing;
}

const std::string& Captions::drawn() const {
    static const std::string nothing;
    return m_state ? m_state->drawn : nothing;
}

} // namespace capsule
