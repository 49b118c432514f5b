#include "player/app/blob_watch.hpp"

#include "content/base/log.hpp"

#include <utility>

namespace capsule {

namespace {

constexpr std::chrono::minutes one_every{1}; // 200 capsules are read through in three hours

} // namespace

BlobWatch::BlobWatch(const Clock& clock, Disk& disk, const Path& store, Told lost, Told restored)
    : m_clock(clock), m_disk(disk), m_blobs(disk, store), m_set_aside(store / "set-aside"), m_lost(std::move(lost)),
      m_restored(std::move(restored)) {}

void BlobWatch::in_force(std::set<Digest> files) {
    const std::lock_guard lock(m_mutex);
    m_in_force = std::move(files);
}

void BlobWatch::suspect(const Digest& file) {
    const std::lock_guard lock(m_mutex);
    m_suspects.insert(file);
}

// Of those that are here: what is still to come is fetched anyway.
std::optional<Digest> BlobWatch::next_in_force() {
    std::set<Digest> files;
    {
        const std::lock_guard lock(m_mutex);
        files = m_in_force;
    }
    std::erase_if(files, [this](const Digest& file) { return !m_blobs.has(file); });
    if (files.empty())
        return std::nullopt;
    const auto next = files.upper_bound(m_read);
    m_read = next == files.end() ? *files.begin() : *next;
    return m_read;
}

void BlobWatch::check(const Digest& file, const std::atomic<bool>& stop) {
    const auto verified = m_blobs.verify(file, &stop);
    if (verified || (verified.error().category != Category::invalid && verified.error().category != Category::missing))
        return;
    log_warning("store", verified.error().message + "; fetched anew");
    if (verified.error().category == Category::invalid) {
        Result<void> moved = m_disk.make_directories(m_set_aside);
        if (moved)
            moved = m_disk.rename(m_blobs.path_of(file), m_set_aside / file.hex());
        if (!moved) {
            log_warning("store", moved.error().message);
            return; // where it is, it would count as present
        }
    }
    m_lost(file);
    m_awaited.insert(file);
}

void BlobWatch::look(const std::atomic<bool>& stop) {
    std::set<Digest> files;
    {
        const std::lock_guard lock(m_mutex);
        files.swap(m_suspects);
    }
    for (const Digest& file : files)
        check(file, stop);
    std::erase_if(m_awaited, [this](const Digest& file) {
        const bool here = m_blobs.has(file);
        if (here)
            m_restored(file);
        return here;
    });
    const Nanoseconds now = m_clock.monotonic();
    if (m_read_at && now - *m_read_at < one_every)
        return;
    m_read_at = now;
    if (const auto file = next_in_force())
        check(*file, stop);
}

} // namespace capsule
