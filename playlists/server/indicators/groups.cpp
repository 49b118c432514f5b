#include "playlists/server/indicators/groups.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <utility>

namespace capsule::server {

Groups::Groups(const Dimensions& by, const Labels& labels)
    : m_labels(labels), m_parts(by.all().size()), m_steps(by.all().size()), m_chosen(by.all().size()) {
    for (std::size_t i = 0; i < m_parts.size(); ++i)
        m_parts[i].by = by.all()[i];
}

ReportFigures& Groups::of(const SumCell& cell) {
    Number chosen = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        m_chosen[i] = part_of(m_parts[i], cell);
        auto& step = m_steps[i];
        chosen = step.try_emplace(std::uint64_t{chosen} << 32 | m_chosen[i], static_cast<Number>(step.size())).first->second;
    }
    if (chosen == m_rows.size())
        m_rows.push_back({m_chosen, {}});
    return m_rows[chosen].figures;
}

std::map<std::vector<std::string>, ReportFigures> Groups::told() const {
    std::map<std::vector<std::string>, ReportFigures> out;
    for (const Row& row : m_rows) {
        std::vector<std::string> keys;
        for (std::size_t i = 0; i < row.parts.size(); ++i)
            keys.push_back(m_parts[i].keys[row.parts[i]]);
        out.emplace(std::move(keys), row.figures);
    }
    return out;
}

Groups::Number Groups::part_of(Part& part, const SumCell& cell) {
    switch (part.by) {
    case ReportBy::capsule:
    case ReportBy::theme:
        return number_of_text(part, cell.capsule);
    case ReportBy::site:
    case ReportBy::commune:
    case ReportBy::ept:
        return number_of_text(part, cell.site);
    case ReportBy::day:
    case ReportBy::month:
    case ReportBy::hour:
        break;
    }
    const std::int64_t time = part.by == ReportBy::hour ? cell.hour : cell.period;
    const auto at = part.by_time.find(time);
    if (at != part.by_time.end())
        return at->second;
    std::string key;
    if (part.by == ReportBy::day)
        key = day_text(time);
    else if (part.by == ReportBy::month)
        key = day_text((time > 999'999 ? time / 100 : time) * 100 + 1).substr(0, 7);
    else
        key = (time < 10 ? "0" : "") + std::to_string(time);
    return part.by_time[time] = number_of_key(part, std::move(key));
}

Groups::Number Groups::number_of_text(Part& part, std::string_view text) {
    if (part.met && part.last_text == text)
        return part.last;
    auto at = part.by_text.find(text);
    if (at == part.by_text.end()) {
        const std::string id(text);
        const auto key = [&] {
            switch (part.by) {
            case ReportBy::theme:
                return m_labels.capsule_theme(id);
            case ReportBy::commune:
                return m_labels.site_commune(id);
            case ReportBy::ept:
                return m_labels.site_ept(id);
            default:
                return id;
            }
        };
        at = part.by_text.emplace(id, number_of_key(part, key())).first;
    }
    part.met = true;
    part.last_text = text;
    return part.last = at->second;
}

Groups::Number Groups::number_of_key(Part& part, std::string key) {
    const auto [at, fresh] = part.by_key.try_emplace(key, static_cast<Number>(part.keys.size()));
    if (fresh)
        part.keys.push_back(std::move(key));
    return at->second;
}

} // namespace capsule::server
