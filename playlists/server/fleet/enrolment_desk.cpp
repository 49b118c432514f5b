#include "playlists/server/fleet/enrolment_desk.hpp"

#include "content/base/encoding.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

// As typed or read out, to as issued; empty when it has not the shape of a code.
std::string read_code(std::string_view typed) {
    std::string bare;
    for (const char c : typed.substr(0, 64))
        if (c != ' ' && c != '-')
            bare += c;
    const auto code = normalise_crockford(bare);
    return code && code->size() == EnrolmentDesk::code_length ? *code : std::string{};
}

} // namespace

void EnrolmentDesk::tidy_while_locked(Nanoseconds now) {
    std::erase_if(m_machines, [&](const auto& entry) { return now - entry.second.heard > forgotten_after; });
    while (!m_arrivals.empty() && now - m_arrivals.front() >= std::chrono::minutes(1))
        m_arrivals.pop_front();
    while (!m_wrong.empty() && now - m_wrong.front().first >= wrong_span)
        m_wrong.pop_front();
}

std::string EnrolmentDesk::fresh_code_while_locked() {
    for (;;) {
        std::string code = to_crockford(m_random.number(), code_length);
        if (std::none_of(m_machines.begin(), m_machines.end(),
                         [&](const auto& entry) { return entry.second.code == code || entry.second.former == code; }))
            return code;
    }
}

Result<EnrolmentDesk::Waiting> EnrolmentDesk::announce(const PublicKey& key, std::uint64_t counter) {
    const std::lock_guard lock(m_mutex);
    const Nanoseconds now = m_clock.monotonic();
    tidy_while_locked(now);
    auto found = m_machines.find(key);
    if (found == m_machines.end()) {
        if (m_machines.size() >= most_waiting || m_arrivals.size() >= most_new)
            return Error{Category::timeout, "too many machines ask to be enrolled: try again in a minute"};
        m_arrivals.push_back(now);
        std::string code = fresh_code_while_locked();
        found = m_machines.emplace(key, Machine{std::move(code), {}, now, now, 0}).first;
    }
    Machine& machine = found->second;
    if (counter <= machine.counter)
        return Error{Category::refused, "the counter did not rise: this request, or a later one, was received before"};
    machine.counter = counter;
    machine.heard = now;
    if (now - machine.made >= shown_for) {
        std::string code = fresh_code_while_locked();
        machine.former = std::exchange(machine.code, std::move(code));
        machine.made = now;
    } else if (now - machine.made >= grace) {
        machine.former.clear();
    }
    return Waiting{machine.code, std::chrono::duration_cast<Milliseconds>(machine.made + shown_for - now)};
}

Result<PublicKey> EnrolmentDesk::find(const std::string& login, std::string_view typed) {
    const std::string code = read_code(typed);
    if (code.empty())
        return Error{Category::invalid, "code: eight letters and digits are expected, as the screen shows them"};
    const std::lock_guard lock(m_mutex);
    const Nanoseconds now = m_clock.monotonic();
    tidy_while_locked(now);
    const auto by_login = std::count_if(m_wrong.begin(), m_wrong.end(), [&](const auto& wrong) { return wrong.second == login; });
    if (m_wrong.size() >= most_wrong || static_cast<std::size_t>(by_login) >= most_wrong_each)
        return Error{Category::timeout, "too many wrong codes: wait a quarter of an hour, then read the code from the screen again"};
    // All of them, each in constant time: how long this takes says nothing about how near a guess was.
    const PublicKey* whose = nullptr;
    for (const auto& [key, machine] : m_machines) {
        const bool current = equal_in_constant_time(machine.code, code) && now - machine.made < shown_for + grace;
        const bool former = equal_in_constant_time(machine.former, code) && now - machine.made < grace;
        if (current || former)
            whose = &key;
    }
    if (whose)
        return *whose;
    m_wrong.emplace_back(now, login);
    return Error{Category::missing, "no screen waits with this code: read it from the screen again, it changes every quarter of an hour"};
}

void EnrolmentDesk::done(const PublicKey& key) {
    const std::lock_guard lock(m_mutex);
    m_machines.erase(key);
}

} // namespace capsule::server
