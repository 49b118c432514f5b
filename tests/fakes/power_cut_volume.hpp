// A volume in memory, for Disk and for SQLite alike, that forgets at a power cut what was not synced. Not for several threads.
//
// Names last when their folder was synced, bytes when their file was; as on Linux, the first sync of a log or journal that SQLite has
// made syncs its folder too. Every call that changes something is counted, so that a test can cut at each one in turn. Written bytes
// are counted as a device would see them: whole pages of 4,096.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/random.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace capsule {

class PowerCutVolume final : public Disk {
public:
    // What becomes of writes that were not synced.
    enum class Unsynced {
        lost,
        some, // each sector for itself: they reached the medium in any order, or not
    };

    explicit PowerCutVolume(std::string name = "power-cut") : m_name(std::move(name)) {
        sqlite3_vfs* const real = sqlite3_vfs_find("unix");
        m_vfs = {};
        m_vfs.iVersion = 2;
        m_vfs.szOsFile = sizeof(Handle);
        m_vfs.mxPathname = 512;
        m_vfs.zName = m_name.c_str();
        m_vfs.pAppData = this;
        m_vfs.xOpen = &open_file;
        m_vfs.xDelete = &delete_file;
        m_vfs.xAccess = &access_file;
        m_vfs.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
            sqlite3_snprintf(size, out, "%s", path);
            return SQLITE_OK;
        };
        m_vfs.xRandomness = real->xRandomness;
        m_vfs.xSleep = real->xSleep;
        m_vfs.xCurrentTime = real->xCurrentTime;
        m_vfs.xCurrentTimeInt64 = real->xCurrentTimeInt64;
        m_vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
        use();
    }
    ~PowerCutVolume() override { sqlite3_vfs_unregister(&m_vfs); }
    PowerCutVolume(const PowerCutVolume&) = delete;
    PowerCutVolume& operator=(const PowerCutVolume&) = delete;

    // Files that SQLite opens from now on are on this volume.
    void use() { sqlite3_vfs_register(&m_vfs, 1); }

    // From the n-th changing call on (from 1, counted since the last power cut) nothing happens any more and each call fails. 0: never.
    void cut_at(std::size_t call) { m_cut_at = call; }
    std::size_t calls() const { return m_calls; }
    bool is_dead() const { return m_cut_at != 0 && m_calls >= m_cut_at; }
    // The power goes and comes back. SQLite's connections must be closed by then.
    void power_cut(Unsynced unsynced, Random& random) {
        m_names = m_durable_names;
        for (auto& [name, file] : m_names) {
            std::string bytes = file->durable;
            if (unsynced == Unsynced::some)
                for (const Change& change : file->changes)
                    half_apply(bytes, change, random);
            auto fresh = std::make_shared<File>();
            fresh->bytes = fresh->durable = std::move(bytes);
            file = fresh;
        }
        m_durable_names = m_names;
        m_calls = m_cut_at = 0;
    }
    // From any thread: what needs room fails until it is set back.
    void set_full(bool full) { m_full = full; }
    // The control: what the pragma `synchronous=NORMAL` would do.
    void weaken_sqlite() { m_weakened = true; }

    std::uint64_t device_bytes() const { return m_device_bytes; }
    std::uint64_t device_syncs() const { return m_syncs; }

    // Disk

    Result<std::string> read(const Path& path, std::uint64_t most) override {
        const auto file = m_names.find(path.string());
        if (file == m_names.end())
            return system_error(ENOENT, "open", path);
        if (file->second->bytes.size() > most)
            return Error{Category::refused, path.string() + " is too large"};
        return file->second->bytes;
    }
    Result<std::uint64_t> size(const Path& path) override {
        const auto file = m_names.find(path.string());
        return file == m_names.end() ? Result<std::uint64_t>(system_error(ENOENT, "stat", path)) : file->second->bytes.size();
    }
    bool exists(const Path& path) override { return m_names.contains(path.string()); }
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned) override {
        if (m_full)
            return system_error(ENOSPC, "open", path);
        if (!change())
            return gone();
        auto& file = m_names[path.string()];
        file = std::make_shared<File>();
        return std::unique_ptr<WritableFile>(std::make_unique<Writer>(*this, file));
    }
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override {
        const auto file = m_names.find(path.string());
        if (file == m_names.end())
            return create(path, mode);
        return std::unique_ptr<WritableFile>(std::make_unique<Writer>(*this, file->second));
    }
    Result<void> rename(const Path& from, const Path& to) override {
        const auto file = m_names.find(from.string());
        if (file == m_names.end())
            return system_error(ENOENT, "rename", from);
        if (!change())
            return gone();
        m_names[to.string()] = file->second;
        m_names.erase(from.string());
        return {};
    }
    Result<void> remove(const Path& path) override {
        if (!m_names.contains(path.string()))
            return {};
        if (!change())
            return gone();
        m_names.erase(path.string());
        return {};
    }
    Result<void> make_directories(const Path&) override { return {}; }
    Result<void> sync_directory(const Path& path) override { return sync_names(path) ? Result<void>{} : gone(); }
    Result<std::vector<std::string>> list(const Path& path) override {
        std::vector<std::string> out;
        for (const auto& [name, file] : m_names)
            if (Path(name).parent_path() == path)
                out.push_back(Path(name).filename().string());
        return out;
    }
    Result<std::uint64_t> free_bytes(const Path&) override { return std::uint64_t{1} << 30; }

private:
    struct Change {
        std::size_t at = 0;
        std::string bytes;
        bool truncates = false;
    };
    struct File {
        std::string bytes, durable;
        std::vector<Change> changes; // since the last sync
        std::vector<std::unique_ptr<char[]>> shared; // SQLite's index of the log
    };
    struct Handle {
        sqlite3_file base;
        PowerCutVolume* volume;
        std::shared_ptr<File>* file;
        char* path;
        bool new_log;
    };
    class Writer final : public WritableFile {
    public:
        Writer(PowerCutVolume& volume, std::shared_ptr<File> file) : m_volume(volume), m_file(std::move(file)) {}
        Result<void> append(std::string_view bytes) override {
            return m_volume.write(*m_file, m_file->bytes.size(), bytes) ? Result<void>{} : m_volume.gone();
        }
        Result<void> sync() override { return m_volume.sync(*m_file) ? Result<void>{} : m_volume.gone(); }

    private:
        PowerCutVolume& m_volume;
        std::shared_ptr<File> m_file;
    };

    static Error gone() { return {Category::io, "the power is gone"}; }
    // Counts; false when the power is gone.
    bool change() {
        ++m_calls;
        return !is_dead();
    }
    static void apply(std::string& bytes, const Change& change) {
        if (change.truncates) {
            bytes.resize(change.at);
            return;
        }
        bytes.resize(std::max(bytes.size(), change.at + change.bytes.size()));
        bytes.replace(change.at, change.bytes.size(), change.bytes);
    }
    static void half_apply(std::string& bytes, const Change& change, Random& random) {
        constexpr std::size_t sector = 512;
        if (change.truncates) {
            if (random.number() % 2 == 0)
                apply(bytes, change);
            return;
        }
        const std::uint64_t fate = random.number() % 4; // none of it, all of it, or some
        for (std::size_t at = 0; at < change.bytes.size(); at += sector)
            if (fate == 1 || (fate > 1 && random.number() % 2 == 0))
                apply(bytes, {change.at + at, change.bytes.substr(at, sector), false});
    }
    bool write(File& file, std::size_t at, std::string_view bytes) {
        if (!change())
            return false;
        file.changes.push_back({at, std::string(bytes), false});
        apply(file.bytes, file.changes.back());
        return true;
    }
    bool sync(File& file) {
        if (!change())
            return false;
        std::set<std::size_t> pages;
        for (const Change& one : file.changes)
            for (std::size_t page = one.at / 4096; page * 4096 < one.at + one.bytes.size(); ++page)
                pages.insert(page);
        m_device_bytes += 4096 * pages.size();
        ++m_syncs;
        file.durable = file.bytes;
        file.changes.clear();
        return true;
    }
    bool sync_names(const Path& folder) {
        if (!change())
            return false;
        const auto here = [&](const std::string& name) { return Path(name).parent_path() == folder; };
        std::erase_if(m_durable_names, [&](const auto& entry) { return here(entry.first); });
        for (const auto& [name, file] : m_names)
            if (here(name))
                m_durable_names[name] = file;
        ++m_syncs;
        m_device_bytes += 4096;
        return true;
    }

    // SQLite

    static Handle& handle(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
    static PowerCutVolume& volume(sqlite3_vfs* vfs) { return *static_cast<PowerCutVolume*>(vfs->pAppData); }

    static int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
        PowerCutVolume& self = volume(vfs);
        Handle& opened = handle(file);
        std::memset(static_cast<void*>(&opened), 0, sizeof opened);
        if (!path)
            return SQLITE_CANTOPEN; // temporary files are not needed
        const bool there = self.m_names.contains(path);
        if (!there && (!(flags & SQLITE_OPEN_CREATE) || !self.change()))
            return SQLITE_CANTOPEN;
        if (!there)
            self.m_names[path] = std::make_shared<File>();
        opened.volume = &self;
        opened.file = new std::shared_ptr<File>(self.m_names[path]);
        opened.path = new char[std::strlen(path) + 1];
        std::strcpy(opened.path, path);
        opened.new_log = !there && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
        opened.base.pMethods = methods();
        if (out_flags)
            *out_flags = flags;
        return SQLITE_OK;
    }
    static int delete_file(sqlite3_vfs* vfs, const char* path, int sync_folder) {
        PowerCutVolume& self = volume(vfs);
        if (!self.m_names.contains(path))
            return SQLITE_IOERR_DELETE_NOENT;
        if (!self.change())
            return SQLITE_IOERR_DELETE;
        self.m_names.erase(path);
        return sync_folder && !self.sync_names(Path(path).parent_path()) ? SQLITE_IOERR_DIR_FSYNC : SQLITE_OK;
    }
    static int access_file(sqlite3_vfs* vfs, const char* path, int, int* out) {
        const auto file = volume(vfs).m_names.find(path);
        *out = file != volume(vfs).m_names.end();
        return SQLITE_OK;
    }
    static const sqlite3_io_methods* methods() {
        static const sqlite3_io_methods table = [] {
            sqlite3_io_methods m{};
            m.iVersion = 2;
            m.xClose = [](sqlite3_file* file) {
                delete handle(file).file;
                delete[] handle(file).path;
                return SQLITE_OK;
            };
            m.xRead = [](sqlite3_file* file, void* out, int length, sqlite3_int64 at) {
                const std::string& bytes = (*handle(file).file)->bytes;
                std::memset(out, 0, static_cast<std::size_t>(length));
                const auto from = static_cast<std::size_t>(at);
                const std::size_t there = from < bytes.size() ? std::min(bytes.size() - from, static_cast<std::size_t>(length)) : 0;
                if (there > 0)
                    std::memcpy(out, bytes.data() + from, there);
                return there == static_cast<std::size_t>(length) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
            };
            m.xWrite = [](sqlite3_file* file, const void* bytes, int length, sqlite3_int64 at) {
                if (handle(file).volume->m_full)
                    return SQLITE_FULL;
                const std::string_view view(static_cast<const char*>(bytes), static_cast<std::size_t>(length));
                return handle(file).volume->write(**handle(file).file, static_cast<std::size_t>(at), view) ? SQLITE_OK : SQLITE_IOERR_WRITE;
            };
            m.xTruncate = [](sqlite3_file* file, sqlite3_int64 size) {
                File& inode = **handle(file).file;
                if (!handle(file).volume->change())
                    return SQLITE_IOERR_TRUNCATE;
                inode.changes.push_back({static_cast<std::size_t>(size), {}, true});
                apply(inode.bytes, inode.changes.back());
                return SQLITE_OK;
            };
            m.xSync = [](sqlite3_file* file, int) {
                Handle& self = handle(file);
                if (!self.volume->sync(**self.file))
                    return SQLITE_IOERR_FSYNC;
                if (self.new_log && !self.volume->sync_names(Path(self.path).parent_path()))
                    return SQLITE_IOERR_DIR_FSYNC;
                self.new_log = false;
                return SQLITE_OK;
            };
            m.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
                *size = static_cast<sqlite3_int64>((*handle(file).file)->bytes.size());
                return SQLITE_OK;
            };
            m.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
            m.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
            m.xCheckReservedLock = [](sqlite3_file*, int* out) {
                *out = 0;
                return SQLITE_OK;
            };
            m.xFileControl = [](sqlite3_file* file, int what, void* argument) {
                if (what == SQLITE_FCNTL_PRAGMA && handle(file).volume->m_weakened) {
                    char** const words = static_cast<char**>(argument);
                    if (words[2] && std::string_view(words[1]) == "synchronous")
                        std::strcpy(words[2], "1");
                }
                return SQLITE_NOTFOUND;
            };
            m.xSectorSize = [](sqlite3_file*) { return 4096; };
            m.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
            m.xShmMap = [](sqlite3_file* file, int region, int size, int extend, void volatile** out) {
                auto& shared = (*handle(file).file)->shared;
                *out = nullptr;
                while (static_cast<int>(shared.size()) <= region && extend)
                    shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
                if (region < static_cast<int>(shared.size()))
                    *out = shared[static_cast<std::size_t>(region)].get();
                return SQLITE_OK;
            };
            m.xShmLock = [](sqlite3_file*, int, int, int) { return SQLITE_OK; };
            m.xShmBarrier = [](sqlite3_file*) {};
            m.xShmUnmap = [](sqlite3_file* file, int remove) {
                if (remove)
                    (*handle(file).file)->shared.clear();
                return SQLITE_OK;
            };
            return m;
        }();
        return &table;
    }

    const std::string m_name;
    sqlite3_vfs m_vfs{};
    std::map<std::string, std::shared_ptr<File>> m_names, m_durable_names;
    std::size_t m_calls = 0, m_cut_at = 0;
    std::uint64_t m_device_bytes = 0, m_syncs = 0;
    bool m_weakened = false;
    std::atomic<bool> m_full{false};
};

} // namespace capsule
