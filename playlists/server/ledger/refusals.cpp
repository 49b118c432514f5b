#include "playlists/server/ledger/refusals.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr std::size_t most_of_a_reason = 300;

} // namespace

const char* to_string(Refusal kind) {
    switch (kind) {
    case Refusal::unknown:
        return "unknown";
    case Refusal::forged:
        return "forged";
    case Refusal::replayed:
        return "replayed";
    case Refusal::altered:
        return "altered";
    case Refusal::revoked:
        break;
    }
    return "revoked";
}

void Refusals::note(const std::string& device, Refusal kind, std::string reason) {
    const std::lock_guard lock(m_mutex);
    Noted& noted = m_noted[{device, kind}];
    ++noted.times;
    noted.last = m_clock.wall();
    reason.resize(std::min(reason.size(), most_of_a_reason)); // some of it may be a stranger's words
    noted.reason = std::move(reason);
}

Result<void> Refusals::write_when_due(sqlite::Database& database) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_clock.monotonic() - m_written < std::chrono::seconds(1))
            return {};
    }
    return write(database);
}

Result<void> Refusals::write(sqlite::Database& database) {
    const std::lock_guard lock(m_mutex);
    m_written = m_clock.monotonic();
    if (m_noted.empty())
        return {};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(
        upsert,
        database.prepare("INSERT INTO ledger_refusal(device,kind,local_day,times,last_ms,last_reason) VALUES(?1,?2,?3,?4,?5,?6)"
                         " ON CONFLICT(local_day,device,kind) DO UPDATE SET times=times+?4, last_ms=?5, last_reason=?6"));
    for (const auto& [key, noted] : m_noted) {
        upsert.bind(1, key.first);
        upsert.bind(2, std::string_view(to_string(key.second)));
        upsert.bind(3, local_hour("", noted.last).day);
        upsert.bind(4, noted.times);
        upsert.bind(5, to_ms(noted.last));
        upsert.bind(6, noted.reason);
        CAPSULE_CHECK(upsert.run());
    }
    CAPSULE_CHECK(transaction.commit());
    m_noted.clear();
    return {};
}

} // namespace capsule::server
