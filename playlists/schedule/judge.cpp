#include "playlists/schedule/judge.hpp"
#include "playlists/model/fitness.hpp"

#include <algorithm>

namespace capsule {

namespace {

Verdict against(std::string obstacle) { return {std::move(obstacle), nullptr, 0}; }

} // namespace

const Screen* find_screen(const Fleet& fleet, const ScreenId& id) {
    const auto entry = fleet.screens.find(id);
    return entry == fleet.screens.end() ? nullptr : &entry->second;
}

const Site& site_of(const Fleet& fleet, const Screen* screen) {
    static const Site nowhere{};
    const auto entry = screen ? fleet.sites.find(screen->site) : fleet.sites.end();
    return entry == fleet.sites.end() ? nowhere : entry->second;
}

Verdict judge(const Here& here, const CapsuleId& id, const std::vector<CapsuleId>& set_aside) {
    const auto entry = here.release.programme.capsules.find(id);
    if (entry == here.release.programme.capsules.end())
        return against("La capsule n’est pas dans le programme.");
    const Capsule& capsule = entry->second;
    if (is_withdrawn(here.release.now, id, std::nullopt))
        return against("La capsule est retirée.");
    if (!capsule.valid_from.empty() && here.today < capsule.valid_from)
        return against("La capsule n’est valable qu’à partir du " + capsule.valid_from + ".");
    if (!capsule.valid_until.empty() && here.today >= capsule.valid_until)
        return against("La capsule n’est plus valable depuis le " + capsule.valid_until + ".");
    if (const auto need = missing_need(capsule, here.site))
        return against("Le lieu n’offre pas ce que la capsule annonce : " + *need + ".");
    const bool card = capsule.kind == CapsuleKind::card; // drawn by the player: no version to choose
    if (auto missing = missing_for_card(capsule, here.release.programme, here.site))
        return against(std::move(*missing));
    const auto version = card ? std::optional<std::size_t>{0} : version_for(capsule, here.screen, here.release.now);
    if (!version)
        return against("La capsule n’a pas de version lisible sur cet écran.");
    if (std::find(set_aside.begin(), set_aside.end(), id) != set_aside.end())
        return against(card ? "La carte n’a rien à montrer ici pour le moment." : "La capsule est mise de côté : sa lecture a échoué.");
    return {std::nullopt, &capsule, *version};
}

} // namespace capsule
