#include "playlists/cli/export.hpp"

#include "content/store/store.hpp"
#include "playlists/cli/export_inventory.hpp"
#include "playlists/model/message_blobs.hpp"
#include "playlists/model/release.hpp"
#include "playlists/release/signed_release.hpp"

#include <algorithm>

namespace capsule::cli {

namespace {

constexpr std::uint64_t most_root_bytes = 512u << 10; // as screens read at most

class FileSink final : public http::Sink {
public:
    FileSink(WritableFile& file, std::uint64_t most) : m_file(file), m_left(most) {}
    Result<void> begin(const http::Response& head) override {
        if (head.status != 200)
            return Error{head.status == 404 ? Category::missing : Category::io, "the server answers " + std::to_string(head.status)};
        return {};
    }
    Result<void> take(std::string_view piece) override {
        if (piece.size() > m_left)
            return Error{Category::invalid, "the server sends more bytes than there are"};
        m_left -= piece.size();
        return m_file.append(piece);
    }

private:
    WritableFile& m_file;
    std::uint64_t m_left;
};

Result<void> fetch_blob(client::ApiClient& api, Disk& disk, Store& store, const BlobReference& blob) {
    const Path temporary = store.new_temporary("export");
    const auto fetch = [&]() -> Result<void> {
        {
            CAPSULE_TRY(file, disk.create(temporary, 0644));
            FileSink sink(*file, blob.bytes);
            CAPSULE_CHECK(api.get_blob(blob.sha256, sink));
            CAPSULE_CHECK(file->sync());
        }
        CAPSULE_TRY(kept, store.adopt(temporary, blob.sha256));
        (void)kept;
        return {};
    };
    const auto done = fetch();
    if (!done) {
        (void)disk.remove(temporary); // else the next export does, see Store::prepare
        return in_context("blob " + blob.sha256.hex(), done.error());
    }
    return {};
}

struct Exported {
    std::vector<std::pair<std::string, std::string>> files; // names below release/, in the order in which they are to be written
    Release release;
};

Result<tuf::Metadata> read(client::ApiClient& api, Exported& exported, const std::string& name, tuf::Role role) {
    CAPSULE_TRY(bytes, api.release_file(name));
    exported.files.emplace_back(name, bytes);
    auto parsed = tuf::parse_metadata(std::move(bytes), role, name);
    if (const auto* refusal = std::get_if<tuf::Refusal>(&parsed))
        return to_error(*refusal);
    return std::move(std::get<tuf::Metadata>(parsed));
}

// Every root, since a screen may trust any of them. A server could go on for ever: a root a week for twenty years is enough, and
// all of them together are no film.
Result<void> read_roots(client::ApiClient& api, Exported& exported) {
    constexpr std::int64_t most_roots = 1024;
    std::uint64_t bytes_left = 16u << 20;
    for (std::int64_t version = 1;; ++version) {
        const std::string name = std::to_string(version) + ".root.json";
        auto bytes = api.release_file(name, std::min(bytes_left, most_root_bytes));
        if (!bytes && bytes.error().category == Category::missing && version > 1)
            return {};
        if (!bytes)
            return bytes.error();
        if (version > most_roots)
            return Error{Category::refused, "the server has more than " + std::to_string(most_roots) + " roots: it may have been broken into"};
        bytes_left -= bytes->size();
        const auto parsed = tuf::parse_metadata(*bytes, tuf::Role::root, name);
        if (const auto* refusal = std::get_if<tuf::Refusal>(&parsed))
            return to_error(*refusal);
        if (std::get<tuf::Metadata>(parsed).version != version)
            return Error{Category::invalid, name + " is another root than its name says: the server may have been broken into"};
        exported.files.emplace_back(name, std::move(*bytes));
    }
}

Result<Exported> read_release(client::ApiClient& api) {
    Exported exported;
    CAPSULE_CHECK(read_roots(api, exported));
    CAPSULE_TRY(timestamp, read(api, exported, "timestamp.json", tuf::Role::timestamp));
    CAPSULE_TRY(snapshot, read(api, exported, std::to_string(timestamp.snapshot.version) + ".snapshot.json", tuf::Role::snapshot));
    const auto listed = snapshot.files.find("targets.json");
    if (listed == snapshot.files.end())
        return Error{Category::invalid, "the server's snapshot names no targets: publish again"};
    CAPSULE_TRY(targets, read(api, exported, std::to_string(listed->second.version) + ".targets.json", tuf::Role::targets));
    CAPSULE_TRY(index, tuf::index_of(targets));
    for (const DocumentKind kind : all_document_kinds) {
        const auto& entry = index.entry(kind);
        if (!entry)
            continue;
        const std::string name = document_file_name(kind, entry->sha256);
        CAPSULE_TRY(text, api.release_file(name));
        if (text.size() != entry->bytes || sha256(text) != entry->sha256)
            return Error{Category::invalid, name + " does not have the digest that is signed: try again, or check the network"};
        if (kind == DocumentKind::programme) {
            CAPSULE_TRY(programme, parse_programme(text));
            exported.release.programme = std::move(programme);
        } else if (kind == DocumentKind::fleet) {
            CAPSULE_TRY(fleet, parse_fleet(text));
            exported.release.fleet = std::move(fleet);
        } else {
            CAPSULE_TRY(now, parse_now(text));
            exported.release.now = std::move(now);
        }
        exported.files.emplace_back(name, std::move(text));
    }
    // The switch comes last.
    std::stable_partition(exported.files.begin(), exported.files.end(), [](const auto& file) { return file.first != "timestamp.json"; });
    return exported;
}

// All that the release names, for whatever screen.
std::set<Digest> named_blobs(const Release& release) {
    std::set<Digest> named;
    for (const auto& [id, capsule] : release.programme.capsules)
        for (const BlobReference& blob : blobs_of(capsule))
            named.insert(blob.sha256);
    if (release.programme.directory_places)
        named.insert(release.programme.directory_places->sha256);
    return named;
}

} // namespace

Result<Release> release_at_server(client::ApiClient& api) {
    CAPSULE_TRY(exported, read_release(api));
    return std::move(exported.release);
}

Result<void> run_export(const ExportOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(exported, read_release(api));
    if (!options.screen.empty()) {
        const auto screen = ScreenId::parse(options.screen);
        if (!screen || !exported.release.fleet.screens.contains(*screen))
            return Error{Category::invalid, "--screen " + options.screen + ": the server knows no such screen"};
    }
    std::map<Digest, BlobReference> needed;
    for (const auto& [id, screen] : exported.release.fleet.screens)
        if (options.screen.empty() || id.text() == options.screen)
            for (const auto& blobs : {blobs_needed(exported.release, id), message_blobs(exported.release, id)})
                for (const auto& blob : blobs)
                    needed.emplace(blob.sha256, blob);
    const Path folder = options.to;
    Store store(terminal.disk, folder);
    CAPSULE_CHECK(store.prepare());
    CAPSULE_CHECK(terminal.disk.make_directories(folder / "release"));
    auto inventory = ExportInventory::read(terminal.disk, folder);
    std::set<Digest> lacking;
    std::set<std::string> files;
    for (const auto& [digest, blob] : needed)
        if (!store.has(digest, blob.bytes))
            lacking.insert(digest);
    for (const auto& [name, bytes] : exported.files)
        files.insert(name);
    CAPSULE_CHECK(inventory.add(lacking, files));
    std::size_t done = 0, fetched = 0;
    {
        Progress progress(terminal, "export");
        for (const auto& [digest, blob] : needed) {
            if (lacking.contains(digest)) {
                CAPSULE_CHECK(fetch_blob(api, terminal.disk, store, blob));
                ++fetched;
            }
            ++done;
            progress.show(static_cast<double>(done) / static_cast<double>(needed.size()),
                          std::to_string(done) + " of " + std::to_string(needed.size()) + " files");
        }
    }
    for (const auto& [name, bytes] : exported.files)
        CAPSULE_CHECK(write_durably(terminal.disk, folder / "release" / name, bytes));
    // Only now: until the switch the release of before is the one that is whole.
    auto tidied = inventory.keep_only(store, named_blobs(exported.release), files);
    if (!tidied)
        return in_context("exported to " + folder.string() + ", but what it replaces is still there", tidied.error());
    terminal.out << "exported programme " << exported.release.programme.number << " to " << folder.string() << ": " << needed.size()
                 << " files, " << fetched << " of them new";
    if (*tidied > 0)
        terminal.out << ", " << *tidied << " that no release names any more removed";
    terminal.out << "\n";
    return {};
}

} // namespace capsule::cli
