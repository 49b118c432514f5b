// Names that people choose for capsules, playlists, schedules, sites and screens: [a-z0-9-]{1,64}. Reentrant.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace capsule {

// Whether `text` is [a-z0-9-]{1,64}.
bool is_identifier(std::string_view text);

// A checked identifier; the tag keeps a screen's name from being taken for a site's.
template <typename Tag>
class Identifier {
public:
    Identifier() = default; // empty: names nothing
    static std::optional<Identifier> parse(std::string_view text) {
        if (!is_identifier(text))
            return std::nullopt;
        Identifier id;
        id.m_text = text;
        return id;
    }
    const std::string& text() const { return m_text; }
    bool empty() const { return m_text.empty(); }
    auto operator<=>(const Identifier&) const = default;

private:
    std::string m_text;
};

using CapsuleId = Identifier<struct CapsuleTag>;
using PlaylistId = Identifier<struct PlaylistTag>;
using ScheduleId = Identifier<struct ScheduleTag>;
using SiteId = Identifier<struct SiteTag>;
using ScreenId = Identifier<struct ScreenTag>;
using MessageId = Identifier<struct MessageTag>;

// "accueil_nord" → "accueil-nord": lower case, accents dropped from Latin letters, everything else a hyphen. For suggestions only.
std::string suggest_identifier(std::string_view text);

} // namespace capsule

template <typename Tag>
struct std::hash<capsule::Identifier<Tag>> {
    std::size_t operator()(const capsule::Identifier<Tag>& id) const { return std::hash<std::string>{}(id.text()); }
};
