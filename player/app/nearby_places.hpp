// The places around the screen's site, out of the directory that the programme names. Thread-safe.
#pragma once

#include "content/base/disk.hpp"
#include "playlists/model/release.hpp"
#include "playlists/places/nearby.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace capsule {

class NearbyPlaces {
public:
    // `blobs`: STORE/blobs; `disk` outlives this.
    NearbyPlaces(Disk& disk, Path blobs) : m_disk(disk), m_blobs(std::move(blobs)) {}

    // From now on for this release and site: reads the directory when it or the site's position is another. May take a second; what
    // cannot be read is said in the log once, and counts as no place. One caller at a time.
    void set(const Release& release, const Site& site);

    // Those within reach, whatever their hours and dates; kept by whoever draws a card from them. Never null.
    using Places = std::shared_ptr<const std::vector<ListedPlace>>; // read by the threads that draw while set() replaces it
    Places within_reach() const;

private:
    Disk& m_disk;
    const Path m_blobs;
    std::optional<Digest> m_digest; // of what was read, as is the next; set's caller
    std::optional<Position> m_position;
    mutable std::mutex m_mutex;
    Places m_places = std::make_shared<const std::vector<ListedPlace>>(); // guarded
};

// Empty when it is not known.
std::optional<Position> position_of(const Site& site);

} // namespace capsule
