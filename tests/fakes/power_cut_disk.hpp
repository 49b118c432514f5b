// A disk in memory that forgets, at a power cut, what was not synced: a file's bytes until its sync(), names in a folder until
// sync_directory(). Calls are counted, so that a test can cut or fail at every one in turn. Not for several threads.
#pragma once

#include "content/base/disk.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <set>

namespace capsule {

class PowerCutDisk final : public Disk {
public:
    // What a file system may do with names that were changed but not synced.
    enum class Names {
        forgotten, // as if they had never been changed
        kept,      // they reached the disk, though the bytes of their files did not, or only half of them
    };

    // Calls that change something are counted from 1. From the n-th on, nothing happens any more and each fails.
    void cut_at(std::size_t call) { m_cut_at = call; }
    // The n-th such call fails with this error; the others work.
    void fail_at(std::size_t call, Error error) {
        m_fail_at = call;
        m_failure = std::move(error);
    }
    // "Without fsync": sync() and sync_directory() promise and do nothing.
    void ignore_syncs() { m_ignore_syncs = true; }
    std::size_t calls() const { return m_calls; }
    bool was_cut() const { return m_cut_at != 0 && m_calls >= m_cut_at; }

    // The power is back: what was not durable is gone; counting starts anew, without cut or failure.
    void restart(Names names) {
        if (names == Names::forgotten) {
            m_names = m_durable_names;
            m_folders = m_durable_folders;
            drop_orphans();
        }
        for (auto& [path, file] : m_names) {
            std::string bytes = file->durable;
            if (names == Names::kept && file->bytes.size() > bytes.size() && file->bytes.starts_with(bytes))
                bytes = file->bytes.substr(0, bytes.size() + (file->bytes.size() - bytes.size()) / 2);
            file->bytes = file->durable = bytes;
        }
        m_durable_names = m_names;
        m_durable_folders = m_folders;
        m_calls = m_cut_at = m_fail_at = 0;
    }

    // Changes a byte behind everybody's back.
    void rot(const Path& path, std::size_t at) { m_names.at(path.string())->bytes.at(at) ^= 1; }

    Result<std::string> read(const Path& path, std::uint64_t most) override {
        const auto it = m_names.find(path.string());
        if (it == m_names.end())
            return system_error(ENOENT, "open", path);
        if (it->second->bytes.size() > most)
            return Error{Category::refused, path.string() + " is too large"};
        return it->second->bytes;
    }
    Result<std::uint64_t> size(const Path& path) override {
        const auto it = m_names.find(path.string());
        if (it == m_names.end())
            return system_error(ENOENT, "stat", path);
        return static_cast<std::uint64_t>(it->second->bytes.size());
    }
    bool exists(const Path& path) override { return m_names.contains(path.string()) || m_folders.contains(path.string()); }
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override { return open(path, mode, true); }
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override { return open(path, mode, false); }
    Result<void> rename(const Path& from, const Path& to) override {
        CAPSULE_CHECK(count());
        const auto it = m_names.find(from.string());
        if (it == m_names.end() || !m_folders.contains(to.parent_path().string()))
            return system_error(ENOENT, "rename", from);
        m_names[to.string()] = it->second;
        m_names.erase(from.string());
        return {};
    }
    Result<void> remove(const Path& path) override {
        CAPSULE_CHECK(count());
        m_names.erase(path.string());
        return {};
    }
    Result<void> make_directories(const Path& path) override {
        CAPSULE_CHECK(count());
        for (Path folder = path; !folder.empty() && folder != folder.root_path(); folder = folder.parent_path())
            m_folders.insert(folder.string());
        return {};
    }
    Result<void> sync_directory(const Path& path) override {
        CAPSULE_CHECK(count());
        if (!m_folders.contains(path.string()))
            return system_error(ENOENT, "open", path);
        if (m_ignore_syncs)
            return {};
        m_durable_folders.insert(path.string()); // as on ext4: a synced folder keeps its own name too
        const auto here = [&](const std::string& name) { return Path(name).parent_path() == path; };
        std::erase_if(m_durable_names, [&](const auto& entry) { return here(entry.first); });
        std::erase_if(m_durable_folders, here);
        for (const auto& [name, file] : m_names)
            if (here(name))
                m_durable_names[name] = file;
        for (const auto& name : m_folders)
            if (here(name))
                m_durable_folders.insert(name);
        return {};
    }
    Result<std::vector<std::string>> list(const Path& path) override {
        std::vector<std::string> names;
        for (const auto& [name, file] : m_names)
            if (Path(name).parent_path() == path)
                names.push_back(Path(name).filename().string());
        for (const auto& name : m_folders)
            if (Path(name).parent_path() == path)
                names.push_back(Path(name).filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
    Result<std::uint64_t> free_bytes(const Path&) override { return m_free; }
    void set_free(std::uint64_t bytes) { m_free = bytes; } // stays as it is whatever is written

private:
    struct File {
        std::string bytes;   // what a reader sees now
        std::string durable; // what is left after a cut
    };

    class OpenFile final : public WritableFile {
    public:
        OpenFile(PowerCutDisk& disk, std::shared_ptr<File> file) : m_disk(disk), m_file(std::move(file)) {}
        Result<void> append(std::string_view bytes) override {
            CAPSULE_CHECK(m_disk.count());
            m_file->bytes += bytes;
            return {};
        }
        Result<void> sync() override {
            CAPSULE_CHECK(m_disk.count());
            if (!m_disk.m_ignore_syncs)
                m_file->durable = m_file->bytes;
            return {};
        }

    private:
        PowerCutDisk& m_disk;
        std::shared_ptr<File> m_file;
    };

    Result<void> count() {
        ++m_calls;
        if (m_cut_at != 0 && m_calls >= m_cut_at)
            return Error{Category::io, "the power is gone"};
        if (m_calls == m_fail_at)
            return m_failure;
        return {};
    }
    Result<std::unique_ptr<WritableFile>> open(const Path& path, unsigned, bool anew) {
        CAPSULE_CHECK(count());
        if (!m_folders.contains(path.parent_path().string()))
            return system_error(ENOENT, "open", path);
        auto& file = m_names[path.string()];
        if (!file)
            file = std::make_shared<File>();
        if (anew)
            file->bytes.clear();
        return std::unique_ptr<WritableFile>(std::make_unique<OpenFile>(*this, file));
    }
    // A folder whose own name was never synced takes what is in it along.
    void drop_orphans() {
        const auto reachable = [&](const std::string& name) {
            for (Path folder = Path(name).parent_path(); folder != folder.root_path(); folder = folder.parent_path())
                if (!m_folders.contains(folder.string()))
                    return false;
            return true;
        };
        std::erase_if(m_names, [&](const auto& entry) { return !reachable(entry.first); });
        std::erase_if(m_folders, [&](const auto& name) { return !reachable(name); });
    }

    std::map<std::string, std::shared_ptr<File>> m_names, m_durable_names;
    std::set<std::string> m_folders{"/"}, m_durable_folders{"/"};
    std::size_t m_calls = 0, m_cut_at = 0, m_fail_at = 0;
    Error m_failure;
    bool m_ignore_syncs = false;
    std::uint64_t m_free = std::uint64_t{1} << 30;
};

} // namespace capsule
