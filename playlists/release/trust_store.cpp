#include "playlists/release/trust_store.hpp"

namespace capsule::tuf {

namespace {
constexpr std::uint64_t most_bytes = 16u << 20;
}

Result<void> TrustStore::prepare() {
    return m_disk.make_directories(m_history == RootHistory::kept ? m_folder / "root_history" : m_folder);
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
        const Path kept = m_folder / "root_history" / (std::to_string(version) + ".root.json");
        CAPSULE_CHECK(write_durably(m_disk, kept, bytes));
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
