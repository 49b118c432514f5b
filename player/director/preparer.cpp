#include "player/director/preparer.hpp"

#include "content/base/thread_priority.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {
// A source that only gives what fails must not spin.
constexpr int failures_before_pause = 20;
constexpr Nanoseconds overtaken_after = 400ms;
constexpr std::size_t most_laggards = 3;
constexpr Nanoseconds beat = 50ms;
constexpr Nanoseconds long_enough = 400ms; // for the item after it to be prepared while it plays
} // namespace

Preparer::Preparer(ItemSource& source, const DeckSurroundings& surroundings, Nanoseconds patience, Nanoseconds dry_wait)
    : m_source(source), m_surroundings(surroundings), m_patience(patience), m_dry_wait(dry_wait), m_stage(surroundings.stage) {
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "prepare");
        defer_this_thread();
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

// Each look at it waits for a moment only: what counts is the whole.
Error Preparer::took_too_long(const PlayItem& item) const {
    return {Category::timeout, item.file.string() + ": no picture within " + std::to_string(m_patience / 1s) + " s; it is left aside"};
}

void Preparer::told_failed(PlayItem item, Error error) {
    m_source.failed(item, error);
    std::unique_lock lock(m_mutex);
    m_failures.push_back({std::move(item), std::move(error)});
    if (++m_failures_in_a_row >= failures_before_pause)
        m_changed.wait_for(lock, 100ms, [&] { return m_stop; });
}

void Preparer::hand_over(Laggard candidate, std::uint64_t generation) {
    m_failures_in_a_row = 0;
    candidate.ready.captions = Captions::open(candidate.ready.deck->item(), surroundings().stage, m_said);
    const std::lock_guard lock(m_mutex);
    if (m_generation != generation)
        return;
    m_ready = std::move(candidate.ready);
    m_dry = false;
    m_changed.notify_all();
}

Preparer::Prepared Preparer::prepare(Laggard& candidate, std::uint64_t generation) {
    for (;;) {
        const auto prepared = candidate.ready.deck->prepare(std::min(beat, m_patience));
        if (!wanted(generation))
            return Prepared::unwanted;
        if (prepared)
            return Prepared::ready;
        const Nanoseconds age = m_surroundings.clock.monotonic() - candidate.asked;
        if (prepared.error().category != Category::timeout || age >= m_patience) {
            Error why = prepared.error();
            if (why.category == Category::timeout)
                why = took_too_long(candidate.item);
            told_failed(std::move(candidate.item), std::move(why));
            return Prepared::failed;
        }
        const std::lock_guard lock(m_mutex);
        if (m_hurry && age >= overtaken_after)
            return Prepared::late;
    }
}

// Looks at each of them once; drops those whose time is over.
bool Preparer::laggard_came_through(std::uint64_t generation) {
    for (std::size_t left = m_laggards.size(); left > 0; --left) {
        Laggard laggard = std::move(m_laggards.front());
        m_laggards.pop_front();
        const auto prepared = laggard.ready.deck->prepare(0ns);
        if (prepared) {
            hand_over(std::move(laggard), generation);
            return true;
        }
        const bool still = prepared.error().category == Category::timeout;
        if (still && m_surroundings.clock.monotonic() - laggard.asked < m_patience)
            m_laggards.push_back(std::move(laggard));
        else
            told_failed(std::move(laggard.item), still ? took_too_long(laggard.item) : prepared.error());
    }
    return false;
}

void Preparer::run() {
    std::uint64_t generation = 0;
    for (;;) {
        std::vector<ReadyItem> over;
        std::deque<FailedItem> broken_off;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] {
                return m_stop || !(m_ready || m_taken) || !m_broken_off.empty() || !m_over.empty() || !m_fallback;
            });
            if (m_stop)
                return;
            std::swap(over, m_over);
            std::swap(broken_off, m_broken_off);
            if (std::exchange(generation, m_generation) != m_generation)
                m_laggards.clear();
            if ((m_ready || m_taken) && broken_off.empty()) { // idle: a good moment to draw the card
                lock.unlock();
                over.clear();
                prepare_fallback();
                continue;
            }
        }
        over.clear();
        for (const FailedItem& failed : broken_off)
            m_source.failed(failed.item, failed.error);
        if (!broken_off.empty() || laggard_came_through(generation))
            continue;

        auto item = m_laggards.size() < most_laggards ? m_source.next() : std::nullopt;
        const bool lagging = item && std::any_of(m_laggards.begin(), m_laggards.end(), [&](const Laggard& laggard) {
            return !item->file.empty() && laggard.item.file == item->file;
        });
        if (!item || lagging) {
            prepare_fallback();
            std::unique_lock lock(m_mutex);
            m_dry = m_laggards.empty();
            m_changed.notify_all();
            m_changed.wait_for(lock, m_dry ? m_dry_wait : beat, [&] { return m_stop || m_generation != generation; });
            continue;
        }
        Laggard candidate{*item, {std::make_unique<Deck>(*item, surroundings()), {}}, m_surroundings.clock.monotonic()};
        const Prepared prepared = prepare(candidate, generation);
        if (prepared == Prepared::ready)
            hand_over(std::move(candidate), generation);
        else if (prepared == Prepared::late)
            m_laggards.push_back(std::move(candidate));
    }
}

void Preparer::attend(const std::function<void(ReadyItem&)>& visit) {
    const std::lock_guard lock(m_mutex);
    if (m_ready)
        visit(*m_ready);
}

void Preparer::hurry() {
    const std::lock_guard lock(m_mutex);
    m_hurry = true;
}

std::optional<ReadyItem> Preparer::take(Nanoseconds patience) {
    std::unique_lock lock(m_mutex);
    if (!m_ready && std::exchange(m_taken, false))
        m_changed.notify_all();
    if (patience > 0ns)
        m_changed.wait_for(lock, patience, [&] { return m_ready || m_dry; });
    std::optional<ReadyItem> ready;
    std::swap(ready, m_ready);
    if (ready) {
        m_hurry = false;
        m_taken = ready->deck->item().duration >= long_enough;
        m_changed.notify_all();
    }
    return ready;
}

void Preparer::go_on(std::optional<ReadyItem> over) {
    const std::lock_guard lock(m_mutex);
    m_taken = false;
    if (over)
        m_over.push_back(std::move(*over));
    m_changed.notify_all();
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
    m_taken = false;
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
