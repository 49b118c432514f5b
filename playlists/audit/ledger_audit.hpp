// Reads an export of the ledger line by line and checks it. Reentrant. Keeps the last rows of one journal in memory, and those
// beside its holes, whatever the length.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::audit {

enum class Gravity {
    wrong,   // the ledger does not hold here
    apart,   // a fork: kept, in no figure
    missing, // known not to be there
    note,
};
const char* to_string(Gravity gravity);

struct Finding {
    Gravity gravity = Gravity::note;
    std::string device, journal; // empty: of the export as a whole
    std::int64_t seq = 0;        // 0: of the journal as a whole
    std::string text;            // French, one line
};

struct JournalResult {
    std::string device, journal;
    std::int64_t first_seq = 0, last_seq = 0; // that were walked; 0: none
    std::int64_t rows = 0, batches = 0, signed_batches = 0, forks = 0;
    std::int64_t gaps = 0, lost_showings = 0; // `gap` rows, and the showings that they tell
    std::int64_t missing = 0;                 // numbers heard of, not received and not declared lost
    bool holds = true;
};

// More than these are not told one by one.
constexpr std::size_t most_findings = 10'000;

struct AuditResult {
    std::vector<JournalResult> journals;
    std::vector<Finding> findings;
    std::int64_t refused = 0; // requests that the server refused
    bool holds = true;        // nothing is wrong
    bool complete = true;     // nothing is known to be missing
};

class LedgerAudit {
public:
    LedgerAudit();
    ~LedgerAudit();

    // Without its line feed. What is wrong becomes a finding.
    void line(std::string_view text);
    // After the last line.
    AuditResult finish();

private:
    struct Walk;
    std::unique_ptr<Walk> m_walk;
};

// For people, in French, and for programs.
std::string audit_text(const AuditResult& result);
std::string audit_json(const AuditResult& result);

} // namespace capsule::audit
