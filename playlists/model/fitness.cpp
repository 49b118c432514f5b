#include "playlists/model/fitness.hpp"

#include <algorithm>

namespace capsule {

namespace {

std::string_view primary(std::string_view language) { return language.substr(0, language.find('-')); }

bool is_fit(const Capsule& capsule, const CapsuleVersion& version, const NowDocument& now) {
    const std::string_view kind = capsule.kind == CapsuleKind::video ? "video/" : "image/";
    return version.media.bytes > 0 && version.media.type.starts_with(kind) && version.duration.count() > 0 &&
           !is_withdrawn(now, capsule.id, version.media.sha256);
}

} // namespace

bool is_drawable(const Capsule& capsule) {
    return capsule.kind != CapsuleKind::card || capsule.id.text() == nearby_card || capsule.id.text() == site_card;
}

std::optional<std::string> missing_for_card(const Capsule& capsule, const Programme& programme, const Site& site) {
    if (capsule.kind != CapsuleKind::card || capsule.id.text() == site_card)
        return std::nullopt;
    if (!is_drawable(capsule))
        return "Les écrans ne savent pas dessiner cette carte.";
    if (!programme.directory_places)
        return "Aucun annuaire de lieux n’est publié.";
    if (!site.latitude_e6 || !site.longitude_e6)
        return "La position du lieu n’est pas connue.";
    return std::nullopt;
}

std::optional<std::string> missing_need(const Capsule& capsule, const Site& site) {
    for (const std::string& need : capsule.needs)
        if (std::find(site.offers.begin(), site.offers.end(), need) == site.offers.end())
            return need;
    return std::nullopt;
}

bool is_withdrawn(const NowDocument& now, const CapsuleId& capsule, const std::optional<Digest>& version) {
    return std::any_of(now.withdrawn.begin(), now.withdrawn.end(), [&](const Withdrawal& withdrawal) {
        return withdrawal.capsule == capsule && (!withdrawal.version || (version && *withdrawal.version == *version));
    });
}

std::optional<std::size_t> version_in(const Capsule& capsule, const std::string& language, const NowDocument& now) {
    for (const bool exactly : {true, false})
        for (std::size_t i = 0; i < capsule.versions.size(); ++i) {
            const CapsuleVersion& version = capsule.versions[i];
            const bool same = exactly ? version.language == language : primary(version.language) == primary(language);
            if (same && is_fit(capsule, version, now))
                return i;
        }
    return std::nullopt;
}

std::optional<std::size_t> version_for(const Capsule& capsule, const Screen& screen, const NowDocument& now) {
    for (const std::string& language : screen.languages)
        if (const auto found = version_in(capsule, language, now))
            return found;
    if (const auto found = version_in(capsule, "fr", now))
        return found;
    for (std::size_t i = 0; i < capsule.versions.size(); ++i)
        if (is_fit(capsule, capsule.versions[i], now))
            return i;
    return std::nullopt;
}

} // namespace capsule
