#include "playlists/server/ledger/capsule_numbers.hpp"

namespace capsule::server {

Result<std::uint32_t> CapsuleNumbers::of(const std::string& capsule) {
    if (capsule.empty())
        return std::uint32_t{0};
    if (const auto known = m_known.find(capsule); known != m_known.end())
        return known->second;
    CAPSULE_TRY(select, m_database.prepare("SELECT number FROM ledger_capsule WHERE capsule=?1"));
    select.bind(1, capsule);
    CAPSULE_TRY(there, select.step());
    std::int64_t number = there ? select.integer(0) : 0;
    if (!there) {
        CAPSULE_TRY(insert, m_database.prepare("INSERT INTO ledger_capsule(number,capsule)"
                                               " SELECT COALESCE(MAX(number),0)+1,?1 FROM ledger_capsule"));
        insert.bind(1, capsule);
        CAPSULE_CHECK(insert.run());
        number = m_database.last_insert_rowid();
    }
    return m_known[capsule] = static_cast<std::uint32_t>(number);
}

Result<std::vector<std::string>> CapsuleNumbers::all(sqlite::Database& database) {
    std::vector<std::string> out(1);
    CAPSULE_TRY(select, database.prepare("SELECT number, capsule FROM ledger_capsule ORDER BY number"));
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return out;
        out.resize(static_cast<std::size_t>(select.integer(0)) + 1);
        out.back() = select.text(1);
    }
}

} // namespace capsule::server
