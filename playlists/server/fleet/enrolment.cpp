// What enrolling needs of the register.
#include "playlists/server/fleet/fleet_register.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace capsule::server {

namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t rivals_needed = 3;
constexpr Milliseconds rivals_within = std::chrono::hours(24);
constexpr std::size_t most_rivals_known = 10'000;

// "Salle d’attente n° 2" → "salle-d-attente-n-2". Letters that are not French count as a hyphen.
std::string slug(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 30> plain{{
        {"à", "a"}, {"â", "a"}, {"ä", "a"}, {"ç", "c"}, {"é", "e"}, {"è", "e"}, {"ê", "e"}, {"ë", "e"}, {"î", "i"}, {"ï", "i"},
        {"ô", "o"}, {"ö", "o"}, {"ù", "u"}, {"û", "u"}, {"ü", "u"}, {"À", "a"}, {"Â", "a"}, {"Ç", "c"}, {"É", "e"}, {"È", "e"},
        {"Ê", "e"}, {"Ë", "e"}, {"Î", "i"}, {"Ï", "i"}, {"Ô", "o"}, {"Ù", "u"}, {"Û", "u"}, {"Ü", "u"}, {"œ", "oe"}, {"Œ", "oe"},
    }};
    std::string text;
    while (!name.empty()) {
        const char c = name.front();
        std::size_t taken = 1;
        std::string next;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            next = c;
        else if (c >= 'A' && c <= 'Z')
            next = static_cast<char>(c + 32);
        else
            for (const auto& [letter, letters] : plain)
                if (name.starts_with(letter)) {
                    next = letters;
                    taken = letter.size();
                }
        if (next.empty() && !text.empty() && text.back() != '-')
            text += '-';
        text += next;
        name.remove_prefix(taken);
    }
    while (text.ends_with('-'))
        text.pop_back();
    return text;
}

} // namespace

Result<EnrolledDevice> FleetRegister::device(sqlite::Database& database, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare("SELECT screen, revoked_ms FROM devices WHERE id=?1"));
    select.bind(1, std::string_view(id));
    CAPSULE_TRY(known, select.step());
    if (!known)
        return Error{Category::missing, "there is no device \"" + id + "\""};
    return EnrolledDevice{select.text(0), !select.is_null(1)};
}

Result<std::vector<std::string>> FleetRegister::devices_of(sqlite::Database& database, const std::string& screen) const {
    CAPSULE_TRY(select, database.prepare("SELECT id FROM devices WHERE screen=?1 AND revoked_ms IS NULL ORDER BY id"));
    select.bind(1, std::string_view(screen));
    std::vector<std::string> devices;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return devices;
        devices.push_back(select.text(0));
    }
}

Result<std::string> FleetRegister::add_screen(sqlite::Database& database, const std::string& site, const std::string& name) {
    if (name.empty())
        return Error{Category::invalid, "name: a screen needs one"};
    const std::string base = site.substr(0, longest_id - 24) + "-" + (slug(name).empty() ? "ecran" : slug(name));
    for (int number = 1; number < 1000; ++number) {
        const std::string suffix = number == 1 ? std::string{} : "-" + std::to_string(number);
        std::string id = base.substr(0, longest_id - suffix.size());
        while (id.ends_with('-'))
            id.pop_back();
        id += suffix;
        const auto there = screen(database, id);
        if (there)
            continue;
        if (there.error().category != Category::missing)
            return there.error();
        CAPSULE_TRY(created, put_screen(database, id, nlohmann::json{{"site", site}, {"name", name}}.dump()));
        (void)created;
        return id;
    }
    return Error{Category::refused, "site \"" + site + "\" has too many screens of that name"};
}

void FleetRegister::note_rival(const std::string& device) {
    const std::lock_guard lock(m_rivals_mutex);
    if (m_rivals.size() >= most_rivals_known && !m_rivals.contains(device))
        return;
    auto& times = m_rivals[device];
    times.push_back(m_clock.wall());
    while (times.size() > rivals_needed)
        times.pop_front();
}

bool FleetRegister::has_rival(const std::string& device) const {
    const std::lock_guard lock(m_rivals_mutex);
    const auto found = m_rivals.find(device);
    return found != m_rivals.end() && found->second.size() >= rivals_needed && m_clock.wall() - found->second.front() < rivals_within;
}

} // namespace capsule::server
