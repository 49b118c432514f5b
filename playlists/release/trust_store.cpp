#include "playlists/release/trust_store.hpp"

#include "playlists/release/index.hpp"

#include <algorithm>

namespace capsule::tuf {

namespace {
constexpr std::uint64_t most_bytes = 16u << 20;

std::string name_in_history(std::int64_t version) {
    return std::to_string(version) + ".root.json";
}
} // namespace

Result<void> TrustStore::prepare() {
    CAPSULE_CHECK(m_disk.make_directories(m_history == RootHistory::kept ? history_folder() : m_folder));
    if (m_history == RootHistory::none)
        return {};
    CAPSULE_CHECK(m_disk.sync_directory(m_folder));
    return m_disk.sync_directory(m_folder.parent_path()); // what is trusted must not be lost with its folder
}

bool TrustStore::has_root() const {
    const auto size = m_disk.size(path_of(Role::root)); // see read()
    if (size || size.error().category != Category::missing)
        return true;
    const auto kept = history();
    return !kept || !kept->empty();
}

Result<std::vector<std::int64_t>> TrustStore::history() const {
    std::vector<std::int64_t> versions;
    if (m_history == RootHistory::none)
        return versions;
    CAPSULE_TRY(names, m_disk.list(history_folder()));
    for (const std::string& name : names)
        if (const auto found = parse_metadata_file_name(name); found && found->role == to_string(Role::root))
            versions.push_back(found->version);
    std::sort(versions.rbegin(), versions.rend());
    return versions;
}

Result<std::string> TrustStore::read_from_history(std::int64_t version) const {
    return m_disk.read(history_folder() / name_in_history(version), most_bytes);
}

Result<std::optional<std::string>> TrustStore::read(Role role) const {
    // Not by asking whether it exists: a disk that fails would then say no, and a screen would trust anew.
    auto bytes = m_disk.read(path_of(role), most_bytes);
    if (!bytes && bytes.error().category == Category::missing)
        return std::optional<std::string>{};
    if (!bytes)
        return bytes.error();
    return std::optional(std::move(*bytes));
}

Result<void> TrustStore::write(Role role, std::int64_t version, std::string_view bytes) {
    if (const auto before = read(role); before && *before && **before == bytes)
        return {};
    if (role == Role::root && m_history == RootHistory::kept) {
        CAPSULE_CHECK(write_durably(m_disk, history_folder() / name_in_history(version), bytes));
    }
    return write_durably(m_disk, path_of(role), bytes);
}

Result<void> TrustStore::remove(Role role) {
    if (!m_disk.exists(path_of(role)))
        return {};
    CAPSULE_CHECK(m_disk.remove(path_of(role)));
    return m_disk.sync_directory(m_folder);
}

} // namespace capsule::tuf
