// What an export shows to be missing: numbers without rows, and what screens declare lost. Reentrant.
//
// Whether a device declares a hole lost may stand in a later journal, and rows may come after they were declared lost, so all of it is
// judged at the end.
#pragma once

#include "playlists/audit/ledger_audit.hpp"
#include "playlists/ledger/row.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace capsule::audit {

// `of`: the place of a journal among those of the result, where it will stand when its last row has been walked.
class Losses {
public:
    // Numbers between two rows, and those heard of behind the last row.
    void hole(std::size_t of, std::int64_t first, std::int64_t last);
    void announced(std::size_t of, std::int64_t first, std::int64_t last);
    // A row that came late.
    enum class Late { into_hole, into_no_hole, twice };
    Late late(std::size_t of, std::int64_t seq);
    // The gap row has numbers; `finding` tells of it.
    void declared(std::size_t of, std::size_t finding, const std::string& device, const GapRow& gap);

    // Adds to the findings, and changes those of losses that were none in the end.
    void judge(AuditResult& result);

    static constexpr std::int64_t most_told = 1'000'000'000; // of one gap row, that sums cannot overflow

private:
    struct Hole {
        std::size_t of = 0;
        std::int64_t first = 0, last = 0;
        bool at_end = false;
        std::set<std::int64_t> found;
    };
    struct Declaration {
        std::size_t of = 0, finding = 0;
        std::string journal;
        std::int64_t first = 0, last = 0, count = 0;
    };
    std::int64_t declared_lost(const Hole& hole, const AuditResult& result);
    void judge_holes(AuditResult& result);
    void judge_end(const Hole& hole, AuditResult& result);
    std::int64_t there_of(const Declaration& declaration, const AuditResult& result) const;
    void judge_declarations(AuditResult& result);

    std::vector<Hole> m_holes;
    std::vector<Declaration> m_declarations;
    std::map<std::pair<std::string, std::string>, std::vector<std::pair<std::int64_t, std::int64_t>>> m_lost; // by device and journal
};

} // namespace capsule::audit
