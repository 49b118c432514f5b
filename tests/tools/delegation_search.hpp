// Finds a target through delegations (specification 1.0, section 5.6.7): the product publishes none, but other repositories do.
#pragma once

#include "playlists/release/client.hpp"

#include <functional>

namespace capsule::tuf {

class DelegationSearch {
public:
    // Fetches NAME below the metadata address.
    using Fetch = std::function<Result<std::string>(const std::string& name, std::uint64_t most)>;

    // `client` has been refreshed; roles that are trusted are kept in `folder`, under their encoded names.
    DelegationSearch(const Client& client, Disk& disk, Path folder, Instant now, Fetch fetch);

    // Depth first, in the order of preference; a terminating role ends the search behind it.
    Result<TargetEntry> find(const std::string& target);

private:
    std::variant<Metadata, Refusal> load(const Delegations& delegator, const DelegatedRole& role);
    std::variant<Metadata, Refusal> judge(std::string bytes, const FileEntry& entry, const Delegations& delegator, const DelegatedRole& role,
                                          const std::string& file) const;

    const Client& m_client;
    Disk& m_disk;
    const Path m_folder;
    const Instant m_now;
    const Fetch m_fetch;
};

} // namespace capsule::tuf
