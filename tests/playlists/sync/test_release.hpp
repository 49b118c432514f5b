// A small release for tests, as the files that a source serves.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/random.hpp"
#include "playlists/model/release.hpp"
#include "playlists/release/index.hpp"
#include "playlists/sync/active_release.hpp"
#include "tests/playlists/sync/test_signer.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>

namespace capsule {

inline const std::string test_device = "0123456789abcdef";

// The bytes of a film, for what it matters: no two places are alike.
inline std::string noise(std::size_t bytes, std::uint64_t seed) {
    SeededRandom random(seed);
    std::string text(bytes, '\0');
    random.fill(std::as_writable_bytes(std::span{text.data(), text.size()}));
    return text;
}

struct TestRelease {
    Release release;
    ReleaseIndex index;
    std::map<std::string, std::string> blobs;     // by digest in hexadecimal
    std::map<std::string, std::string> documents; // by file name

    TestRelease() {
        release.programme.number = release.fleet.number = release.now.number = 1;
        Playlist playlist;
        playlist.id = *PlaylistId::parse("boucle");
        playlist.title = "Boucle";
        release.programme.playlists[playlist.id] = playlist;
        Schedule schedule;
        schedule.id = *ScheduleId::parse("defaut");
        schedule.playlist = playlist.id;
        release.programme.schedules.push_back(schedule);
        add_screen("hall");
        assign("hall");
        seal();
    }

    void add_screen(const std::string& name) {
        Site site;
        site.id = *SiteId::parse("site-" + name);
        site.name = name;
        site.commune = "92002";
        release.fleet.sites[site.id] = site;
        Screen screen;
        screen.id = *ScreenId::parse(name);
        screen.site = site.id;
        screen.name = name;
        release.fleet.screens[screen.id] = screen;
    }
    void assign(const std::string& screen) {
        release.fleet.devices[test_device] = {test_device, *ScreenId::parse(screen), instant_from_ms(1'795'000'000'000)};
    }
    // A capsule in `playlist` whose media are these bytes.
    BlobReference add_capsule(const std::string& id, const std::string& bytes, const std::string& playlist = "boucle") {
        Capsule capsule;
        capsule.id = *CapsuleId::parse(id);
        capsule.title["fr"] = id;
        capsule.code = "2P4";
        CapsuleVersion version;
        version.language = "fr";
        version.media = {sha256(bytes), bytes.size(), "video/mp4"};
        version.duration = Milliseconds{4000};
        version.width = 640;
        version.height = 360;
        capsule.versions.push_back(version);
        release.programme.capsules[capsule.id] = capsule;
        release.programme.playlists.at(*PlaylistId::parse(playlist)).items.push_back({capsule.id, 1, {}, {}});
        blobs[version.media.sha256.hex()] = bytes;
        return version.media;
    }
    void remove_capsule(const std::string& id) {
        const CapsuleId capsule = *CapsuleId::parse(id);
        release.programme.capsules.erase(capsule);
        for (auto& [name, playlist] : release.programme.playlists)
            std::erase_if(playlist.items, [&](const auto& item) { return item.capsule == capsule; });
    }
    // A playlist of its own for one screen.
    void add_playlist(const std::string& id, const std::string& screen) {
        Playlist playlist;
        playlist.id = *PlaylistId::parse(id);
        playlist.title = id;
        release.programme.playlists[playlist.id] = playlist;
        Schedule schedule;
        schedule.id = *ScheduleId::parse(id);
        schedule.playlist = playlist.id;
        schedule.where = {Where::Kind::fact, {}, "screen", screen};
        schedule.priority = 5;
        release.programme.schedules.push_back(schedule);
    }
    void withdraw(const std::string& capsule) { release.now.withdrawn.push_back({*CapsuleId::parse(capsule), {}}); }

    // Writes the documents and the index as the release now stands.
    void seal() {
        documents.clear();
        index.programme = document(DocumentKind::programme, release.programme.number, serialise(release.programme));
        index.fleet = document(DocumentKind::fleet, release.fleet.number, serialise(release.fleet));
        index.now = document(DocumentKind::now, release.now.number, serialise(release.now));
    }
    const std::string& text(DocumentKind kind) const { return documents.at(document_file_name(kind, index.entry(kind)->sha256)); }

    // Paths below a source's root.
    std::map<std::string, std::string> files() const { return files(signed_files(index)); }
    // With metadata of that version, for a program that writes one release only.
    std::map<std::string, std::string> files(std::int64_t version) const { return files(signed_files(index, version)); }

private:
    std::map<std::string, std::string> files(std::map<std::string, std::string> files) const {
        for (const auto& [name, text] : documents)
            files["release/" + name] = text;
        for (const auto& [digest, bytes] : blobs)
            files["blobs/" + digest] = bytes;
        return files;
    }

    DocumentEntry document(DocumentKind kind, std::int64_t number, const std::string& text) {
        const DocumentEntry entry{number, sha256(text), text.size()};
        documents[document_file_name(kind, entry.sha256)] = text;
        return entry;
    }
};

// A folder that is a source of it, from TestRelease::files.
inline void write_files(const std::filesystem::path& folder, const std::map<std::string, std::string>& files) {
    for (const auto& [path, bytes] : files) {
        std::filesystem::create_directories((folder / path).parent_path());
        std::ofstream(folder / path, std::ios::binary) << bytes;
    }
}

} // namespace capsule
