#include "playlists/server/people/passwords.hpp"

#include "content/base/encoding.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace capsule::server {

namespace {

// A place among those who come in, then one among those whose password is being hashed; given back when it goes.
class Entry {
public:
    Entry(std::counting_semaphore<>& entering, std::counting_semaphore<>& hashing) : m_entering(entering), m_hashing(hashing) {
        m_inside = m_entering.try_acquire();
        if (m_inside)
            m_hashing.acquire();
    }
    ~Entry() {
        if (!m_inside)
            return;
        m_hashing.release();
        m_entering.release();
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    bool inside() const { return m_inside; }

private:
    std::counting_semaphore<>& m_entering;
    std::counting_semaphore<>& m_hashing;
    bool m_inside = false;
};

Error crowded() {
    return {Category::timeout, "many people are signing in at this moment: try again in a few seconds"};
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return out;
}

// Beginnings of what is tried first where twelve characters are asked for.
constexpr std::array<std::string_view, 10> tried_first = {"motdepasse", "password", "azertyuiop", "qwertyuiop", "1234567890",
                                                          "administrat", "france", "bonjour", "capsule", "00000000"};

} // namespace

Result<void> Passwords::check(std::string_view login, std::string_view password) {
    if (password.size() > 1024 || !is_utf8(password))
        return Error{Category::invalid, "the password is too long"};
    const auto characters = static_cast<std::size_t>(
        std::count_if(password.begin(), password.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    if (characters < shortest)
        return Error{Category::invalid, "the password needs at least 12 characters"};
    const std::string low = lowered(password);
    if (low.find(lowered(login)) != std::string::npos && password.size() < login.size() + 8)
        return Error{Category::invalid, "the password must not be the login"};
    const std::set<char> different(low.begin(), low.end());
    const bool common = std::any_of(tried_first.begin(), tried_first.end(), [&](std::string_view begin) {
        return low.starts_with(begin) && low.size() < begin.size() + 6;
    });
    if (different.size() < 5 || common)
        return Error{Category::invalid, "the password is one of those that are tried first: choose a short sentence"};
    return {};
}

Result<std::string> Passwords::hash(std::string_view password) {
    const Entry entry(m_entering, m_hashing);
    if (!entry.inside())
        return crowded();
    return hash_password(password);
}

Result<bool> Passwords::matches(std::string_view hashed, std::string_view password) {
    const Entry entry(m_entering, m_hashing);
    if (!entry.inside())
        return crowded();
    if (hashed.empty()) {
        (void)hash_password(password);
        return false;
    }
    return password_matches(hashed, password);
}

} // namespace capsule::server
