#include "playlists/cli/export_inventory.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/release/index.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::cli {

namespace {

constexpr std::uint64_t most_bytes = 16u << 20;

// Whoever had the folder in hand may have written other names into the list.
bool is_of_release(const std::string& name) {
    return parse_document_file_name(name) || parse_metadata_file_name(name);
}

template <typename Wanted>
auto without(const Wanted& all, const Wanted& kept) {
    Wanted rest;
    std::set_difference(all.begin(), all.end(), kept.begin(), kept.end(), std::inserter(rest, rest.end()));
    return rest;
}

} // namespace

ExportInventory ExportInventory::read(Disk& disk, const Path& folder) {
    ExportInventory inventory(disk, folder);
    const auto text = disk.read(inventory.path(), most_bytes);
    const auto document = text ? json::parse_strict(*text) : Result<nlohmann::json>(Error{});
    if (!document || !document->is_object())
        return inventory;
    const auto names = [&](const char* key) {
        std::vector<std::string> all;
        if (const auto found = document->find(key); found != document->end() && found->is_array())
            for (const auto& name : *found)
                if (name.is_string())
                    all.push_back(name.get<std::string>());
        return all;
    };
    for (const std::string& name : names("blobs"))
        if (const auto digest = Digest::parse(name))
            inventory.m_blobs.insert(*digest);
    for (const std::string& name : names("files"))
        if (is_of_release(name))
            inventory.m_files.insert(name);
    return inventory;
}

Result<void> ExportInventory::write() const {
    nlohmann::ordered_json document = {{"format", 1}, {"blobs", nlohmann::ordered_json::array()}, {"files", m_files}};
    for (const Digest& digest : m_blobs)
        document["blobs"].push_back(digest.hex());
    return write_durably(m_disk, path(), document.dump() + "\n");
}

Result<void> ExportInventory::add(const std::set<Digest>& blobs, const std::set<std::string>& files) {
    m_blobs.insert(blobs.begin(), blobs.end());
    m_files.insert(files.begin(), files.end());
    return write();
}

Result<std::size_t> ExportInventory::keep_only(Store& store, const std::set<Digest>& blobs, const std::set<std::string>& files) {
    const auto old_blobs = without(m_blobs, blobs);
    const auto old_files = without(m_files, files);
    for (const Digest& digest : old_blobs)
        CAPSULE_CHECK(store.remove(digest));
    for (const std::string& name : old_files)
        CAPSULE_CHECK(m_disk.remove(m_folder / "release" / name));
    if (old_blobs.empty() && old_files.empty())
        return std::size_t{0};
    m_blobs = without(m_blobs, old_blobs);
    m_files = without(m_files, old_files);
    CAPSULE_CHECK(write());
    return old_blobs.size();
}

} // namespace capsule::cli
