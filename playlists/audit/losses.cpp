#include "playlists/audit/losses.hpp"

#include <algorithm>

namespace capsule::audit {

namespace {

std::string numbers(std::int64_t first, std::int64_t last) {
    return "lignes " + std::to_string(first) + " à " + std::to_string(last);
}

} // namespace

void Losses::hole(std::size_t of, std::int64_t first, std::int64_t last) {
    m_holes.push_back({of, first, last, false, {}});
}

void Losses::announced(std::size_t of, std::int64_t first, std::int64_t last) {
    m_holes.push_back({of, first, last, true, {}});
}

Losses::Late Losses::late(std::size_t of, std::int64_t seq) {
    const auto hole = std::find_if(m_holes.begin(), m_holes.end(),
                                   [&](const Hole& one) { return one.of == of && one.first <= seq && seq <= one.last; });
    if (hole == m_holes.end())
        return Late::into_no_hole;
    return hole->found.insert(seq).second ? Late::into_hole : Late::twice;
}

void Losses::declared(std::size_t of, std::size_t finding, const std::string& device, const GapRow& gap) {
    m_lost[{device, gap.lost->journal}].push_back({gap.lost->first, gap.lost->last});
    m_declarations.push_back({of, finding, gap.lost->journal, gap.lost->first, gap.lost->last, std::min<std::int64_t>(gap.count, most_told)});
}

void Losses::judge(AuditResult& result) {
    judge_holes(result);
    judge_declarations(result);
}

// How many of its numbers, each once.
std::int64_t Losses::declared_lost(const Hole& hole, const AuditResult& result) {
    const JournalResult& of = result.journals[hole.of];
    const auto ranges = m_lost.find({of.device, of.journal});
    if (ranges == m_lost.end())
        return 0;
    std::sort(ranges->second.begin(), ranges->second.end());
    std::int64_t sum = 0, next = hole.first;
    for (const auto& [first, last] : ranges->second) {
        const std::int64_t from = std::max(next, first), to = std::min(hole.last, last);
        if (to < from)
            continue;
        sum += to - from + 1;
        next = to + 1;
    }
    return sum;
}

void Losses::judge_holes(AuditResult& result) {
    for (const Hole& hole : m_holes) {
        if (hole.at_end) {
            judge_end(hole, result);
            continue;
        }
        JournalResult& of = result.journals[hole.of];
        const bool declared = declared_lost(hole, result) == hole.last - hole.first + 1;
        const auto found = static_cast<std::int64_t>(hole.found.size());
        const bool all_there = found == hole.last - hole.first + 1;
        std::string text = numbers(hole.first, hole.last) +
                           (declared ? " perdues sur l’écran, qui le déclare\u00a0; la chaîne reprend après elles"
                                     : " absentes sans que l’écran les déclare perdues");
        if (all_there)
            text = numbers(hole.first, hole.last) + " déclarées perdues par l’écran et arrivées après coup\u00a0: elles comptent";
        else if (found > 0)
            text += "\u00a0; " + std::to_string(found) + " d’entre elles sont arrivées après coup et comptent";
        result.findings.push_back({all_there  ? Gravity::note
                                   : declared ? Gravity::missing
                                              : Gravity::wrong,
                                   of.device, of.journal, hole.first, std::move(text)});
        result.complete = result.complete && all_there;
        if (!declared && !all_there)
            result.holds = of.holds = false;
    }
}

// How many of its numbers are there all the same.
std::int64_t Losses::there_of(const Declaration& declaration, const AuditResult& result) const {
    const std::string& device = result.journals[declaration.of].device;
    std::int64_t there = 0;
    for (std::size_t i = 0; i < result.journals.size(); ++i) {
        const JournalResult& of = result.journals[i];
        if (of.device != device || of.journal != declaration.journal || of.rows == 0)
            continue;
        const auto within = [&](std::int64_t first, std::int64_t last) {
            return std::max<std::int64_t>(0, std::min(last, declaration.last) - std::max(first, declaration.first) + 1);
        };
        there += within(of.first_seq, of.last_seq);
        for (const Hole& hole : m_holes)
            if (hole.of == i && !hole.at_end)
                there -= within(hole.first, hole.last) - std::count_if(hole.found.begin(), hole.found.end(), [&](std::int64_t seq) {
                             return seq >= declaration.first && seq <= declaration.last;
                         });
    }
    return there;
}

// What came after all is not missing. The screen that declares it does not know what the server has.
void Losses::judge_declarations(AuditResult& result) {
    for (const Declaration& declaration : m_declarations) {
        const std::int64_t there = std::min(there_of(declaration, result), declaration.count);
        if (there <= 0)
            continue;
        result.journals[declaration.of].lost_showings -= there;
        if (declaration.finding >= result.findings.size())
            continue;
        Finding& finding = result.findings[declaration.finding];
        finding.text += "\u00a0; " + std::to_string(there) + " d’entre elles sont pourtant là et comptent";
        if (there == declaration.count)
            finding.gravity = Gravity::note;
    }
    if (result.findings.size() >= most_findings)
        return;
    result.complete = std::none_of(result.findings.begin(), result.findings.end(),
                                   [](const Finding& finding) { return finding.gravity == Gravity::missing; });
}

// What the screen declares lost is told with its declaration; only the rest may still come.
void Losses::judge_end(const Hole& hole, AuditResult& result) {
    JournalResult& of = result.journals[hole.of];
    of.missing = hole.last - hole.first + 1 - declared_lost(hole, result);
    result.complete = false;
    const std::string heard_of = numbers(hole.first, hole.last) + " annoncées par l’écran, ";
    result.findings.push_back({Gravity::missing, of.device, of.journal, hole.first,
                               of.missing == 0                              ? heard_of + "qui les déclare perdues"
                               : of.missing == hole.last - hole.first + 1 ? heard_of + "pas encore reçues"
                                                                            : heard_of + std::to_string(of.missing) +
                                                                                  " pas encore reçues, les autres déclarées perdues"});
}

} // namespace capsule::audit
