// A bounded queue between threads. Thread-safe.
// A full mailbox refuses (try_push) or waits (push): the sender decides, nothing is dropped silently.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace capsule {

template <typename T>
class Mailbox {
public:
    explicit Mailbox(std::size_t capacity) : m_capacity(capacity) {}

    // False when it is full or closed; `item` is then untouched.
    bool try_push(T&& item) {
        const std::lock_guard lock(m_mutex);
        if (m_closed || m_items.size() >= m_capacity)
            return false;
        m_items.push_back(std::move(item));
        m_changed.notify_all();
        return true;
    }
    // Waits for room. False when it is closed.
    bool push(T&& item) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_closed || m_items.size() < m_capacity; });
        if (m_closed)
            return false;
        m_items.push_back(std::move(item));
        m_changed.notify_all();
        return true;
    }
    // Waits for an item. Empty when it is closed and nothing is left.
    std::optional<T> pop() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_closed || !m_items.empty(); });
        return take_while_locked();
    }
    // Waits no longer than `patience`.
    std::optional<T> pop_for(std::chrono::nanoseconds patience) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, patience, [&] { return m_closed || !m_items.empty(); });
        return take_while_locked();
    }
    std::optional<T> try_pop() {
        const std::lock_guard lock(m_mutex);
        return take_while_locked();
    }
    // What is inside can still be taken; pushes are refused; waiting threads wake.
    void close() {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_changed.notify_all();
    }
    bool closed() const {
        const std::lock_guard lock(m_mutex);
        return m_closed;
    }
    std::size_t size() const {
        const std::lock_guard lock(m_mutex);
        return m_items.size();
    }

private:
    std::optional<T> take_while_locked() {
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> item{std::move(m_items.front())};
        m_items.pop_front();
        m_changed.notify_all();
        return item;
    }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<T> m_items;
    const std::size_t m_capacity;
    bool m_closed = false;
};

} // namespace capsule
