#include "player/director/preparer.hpp"

#include <pthread.h>

#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {
// A source that only gives what fails must not spin.
constexpr int failures_before_pause = 20;
} // namespace

Preparer::Preparer(ItemSource& source, const DeckSurroundings& surroundings, Nanoseconds patience, Nanoseconds dry_wait)
    : m_source(source), m_surroundings(surroundings), m_patience(patience), m_dry_wait(dry_wait), m_stage(surroundings.stage) {
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "prepare");
        run();
    });
}

Preparer::~Preparer() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_changed.notify_all();
    }
    m_thread.join();
}

bool Preparer::wanted(std::uint64_t generation) const {
    const std::lock_guard lock(m_mutex);
    return !m_stop && m_generation == generation;
}

DeckSurroundings Preparer::surroundings() const {
    const std::lock_guard lock(m_mutex);
    DeckSurroundings now = m_surroundings;
    now.stage = m_stage;
    return now;
}

void Preparer::fit(Size stage) {
    const std::lock_guard lock(m_mutex);
    if (m_stage == stage)
        return;
    m_stage = stage;
    m_fallback.reset(); // drawn anew while there is time
    m_changed.notify_all();
}

void Preparer::prepare_fallback() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_fallback || m_stop)
            return;
    }
    ReadyItem card{std::make_unique<Deck>(m_source.fallback(), surroundings()), {}};
    if (!card.deck->prepare(m_patience))
        return; // cards do not fail unless their drawing is missing
    const std::lock_guard lock(m_mutex);
    m_fallback = std::move(card);
    m_changed.notify_all();
}

void Preparer::run() {
    int failures_in_a_row = 0;
    for (;;) {
        std::deque<FailedItem> broken_off;
        std::uint64_t generation = 0;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_stop || !m_ready || !m_broken_off.empty() || !m_fallback; });
            if (m_stop)
                return;
            std::swap(broken_off, m_broken_off);
            generation = m_generation;
            if (m_ready && broken_off.empty()) { // idle: a good moment to draw the card
                lock.unlock();
                prepare_fallback();
                continue;
            }
        }
        for (const FailedItem& failed : broken_off)
            m_source.failed(failed.item, failed.error);
        if (!broken_off.empty())
            continue;

        auto item = m_source.next();
        if (!item) {
            prepare_fallback();
            std::unique_lock lock(m_mutex);
            m_dry = true;
            m_changed.notify_all();
            m_changed.wait_for(lock, m_dry_wait, [&] { return m_stop || m_generation != generation; });
            continue;
        }
        ReadyItem ready{std::make_unique<Deck>(*item, surroundings()), {}};
        const auto prepared = ready.deck->prepare(m_patience, [&] { return !wanted(generation); });
        if (!prepared && !wanted(generation))
            continue;
        if (!prepared) {
            m_source.failed(*item, prepared.error());
            std::unique_lock lock(m_mutex);
            m_failures.push_back({std::move(*item), prepared.error()});
            if (++failures_in_a_row >= failures_before_pause)
                m_changed.wait_for(lock, 100ms, [&] { return m_stop; });
            continue;
        }
        failures_in_a_row = 0;
        ready.captions = Captions::open(ready.deck->item(), surroundings().stage, m_said);
        const std::lock_guard lock(m_mutex);
        if (m_generation == generation) {
            m_ready = std::move(ready);
            m_dry = false;
            m_changed.notify_all();
        }
    }
}

std::optional<ReadyItem> Preparer::take(Nanoseconds patience) {
    std::unique_lock lock(m_mutex);
    if (patience > 0ns)
        m_changed.wait_for(lock, patience, [&] { return m_ready || m_dry; });
    std::optional<ReadyItem> ready;
    std::swap(ready, m_ready);
    if (ready)
        m_changed.notify_all();
    return ready;
}

std::optional<ReadyItem> Preparer::take_fallback() {
    const std::lock_guard lock(m_mutex);
    std::optional<ReadyItem> card;
    std::swap(card, m_fallback);
    m_changed.notify_all();
    return card;
}

void Preparer::discard() {
    const std::lock_guard lock(m_mutex);
    ++m_generation;
    m_ready.reset();
    m_dry = false;
    m_changed.notify_all();
}

bool Preparer::dry() const {
    const std::lock_guard lock(m_mutex);
    return m_dry && !m_ready;
}

std::vector<FailedItem> Preparer::failures() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_failures, {});
}

void Preparer::broke_off(PlayItem item, Error error) {
    const std::lock_guard lock(m_mutex);
    m_broken_off.push_back({std::move(item), std::move(error)});
    m_changed.notify_all();
}

} // namespace capsule
