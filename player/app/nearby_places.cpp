#include "player/app/nearby_places.hpp"

#include "content/base/log.hpp"
#include "playlists/places/places_file.hpp"

#include <utility>

namespace capsule {

namespace {

constexpr std::uint64_t most_bytes = 32u << 20;

} // namespace

std::optional<Position> position_of(const Site& site) {
    if (!site.latitude_e6 || !site.longitude_e6)
        return std::nullopt;
    return Position{*site.latitude_e6, *site.longitude_e6};
}

void NearbyPlaces::set(const Release& release, const Site& site) {
    const auto& blob = release.programme.directory_places;
    const auto digest = blob ? std::optional(blob->sha256) : std::nullopt;
    const auto position = position_of(site);
    if (digest == m_digest && position == m_position)
        return;
    m_digest = digest;
    m_position = position;
    std::vector<ListedPlace> near;
    if (digest && position) {
        const std::string hex = digest->hex();
        const auto text = m_disk.read(m_blobs / hex.substr(0, 2) / hex, most_bytes);
        auto read = text ? read_places(*text, "the directory of places") : Result<PlacesFile>(text.error());
        if (!read) {
            log_warning("player", read.error().message + "; no card of places until the next programme");
        } else {
            std::erase_if(read->places, [&](const ListedPlace& place) {
                return !place.position || distance_metres(*position, *place.position) > NearbyQuestion{}.within_metres;
            });
            near = std::move(read->places);
        }
    }
    auto places = std::make_shared<const std::vector<ListedPlace>>(std::move(near));
    const std::lock_guard lock(m_mutex);
    m_places = std::move(places);
}

NearbyPlaces::Places NearbyPlaces::within_reach() const {
    const std::lock_guard lock(m_mutex);
    return m_places;
}

} // namespace capsule
