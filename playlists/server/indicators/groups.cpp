#include "playlists/server/indicators/groups.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace capsule::server {

Groups::Groups(const Dimensions& by, const Labels& labels, bool scans_measured)
    : m_by(by), m_labels(labels), m_scans_measured(scans_measured), m_slots(1024, none) {
    // What is not asked for has one number and no keys.
    for (Part* part : {&m_places, &m_contents, &m_times})
        part->keys.emplace_back();
}

Groups::Number Groups::number_of(Part& part, std::vector<std::string> keys) {
    std::string all;
    for (const std::string& key : keys)
        all += std::to_string(key.size()) + ':' + key;
    const auto [at, fresh] = part.by_keys.try_emplace(std::move(all), static_cast<Number>(part.keys.size()));
    if (fresh)
        part.keys.push_back(std::move(keys));
    return at->second;
}

Groups::Number Groups::place(std::string_view site) {
    if (!m_by.need_site())
        return 0;
    if (const auto known = m_places.by_text.find(site); known != m_places.by_text.end())
        return known->second;
    const std::string id(site);
    std::vector<std::string> keys;
    for (const ReportBy by : m_by.all()) {
        if (by == ReportBy::site)
            keys.push_back(id);
        else if (by == ReportBy::commune)
            keys.push_back(m_labels.site_commune(id));
        else if (by == ReportBy::ept)
            keys.push_back(m_labels.site_ept(id));
    }
    return m_places.by_text[id] = number_of(m_places, std::move(keys));
}

Groups::Number Groups::content(std::string_view capsule) {
    if (!m_by.need_capsule())
        return 0;
    if (const auto known = m_contents.by_text.find(capsule); known != m_contents.by_text.end())
        return known->second;
    const std::string id(capsule);
    std::vector<std::string> keys;
    for (const ReportBy by : m_by.all()) {
        if (by == ReportBy::capsule)
            keys.push_back(id);
        else if (by == ReportBy::theme)
            keys.push_back(m_labels.capsule_theme(id));
    }
    return m_contents.by_text[id] = number_of(m_contents, std::move(keys));
}

Groups::Number Groups::time(std::int64_t period) {
    if (!m_by.need_day() && !m_by.need_month())
        return 0;
    if (!m_by.need_day() && period > 999'999)
        period /= 100;
    if (const auto known = m_times.by_time.find(period); known != m_times.by_time.end())
        return known->second;
    const std::string day = day_text(period > 999'999 ? period : period * 100 + 1);
    std::vector<std::string> keys;
    for (const ReportBy by : m_by.all()) {
        if (by == ReportBy::day)
            keys.push_back(day);
        else if (by == ReportBy::month)
            keys.push_back(day.substr(0, 7));
    }
    return m_times.by_time[period] = number_of(m_times, std::move(keys));
}

void Groups::grow() {
    m_slots.assign(m_slots.size() * 2, none);
    const std::size_t mask = m_slots.size() - 1;
    for (Number group = 0; group < m_groups.size(); ++group) {
        std::size_t at = slot_of(m_groups[group].id) & mask;
        while (m_slots[at] != none)
            at = (at + 1) & mask;
        m_slots[at] = group;
    }
}

namespace {

// The numbers of `keys` in their order, for each of them.
std::vector<std::uint32_t> ranks_of(const std::vector<std::string>& keys) {
    std::vector<std::uint32_t> order(keys.size()), ranks(keys.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && keys[order[i]] != keys[order[i - 1]])
            ++rank;
        ranks[order[i]] = rank;
    }
    return ranks;
}

} // namespace

std::vector<Groups::Row> Groups::rows() const {
    // Where the keys of each dimension are found in a group's id, and how they are ordered.
    struct Column {
        std::uint64_t mask = 0;
        unsigned shift = 0;
        std::vector<std::string> keys;
        std::vector<std::uint32_t> ranks;
    };
    std::vector<Column> columns;
    std::size_t places = 0, contents = 0, times = 0;
    for (const ReportBy by : m_by.all()) {
        Column column;
        const auto take = [&](const Part& part, std::size_t& nth, unsigned shift, unsigned bits) {
            column.shift = shift;
            column.mask = (std::uint64_t{1} << bits) - 1;
            for (const auto& keys : part.keys)
                column.keys.push_back(nth < keys.size() ? keys[nth] : std::string{});
            ++nth;
        };
        if (by == ReportBy::site || by == ReportBy::commune || by == ReportBy::ept) {
            take(m_places, places, content_bits + time_bits + hour_bits, 64 - content_bits - time_bits - hour_bits);
        } else if (by == ReportBy::capsule || by == ReportBy::theme) {
            take(m_contents, contents, time_bits + hour_bits, content_bits);
        } else if (by == ReportBy::day || by == ReportBy::month) {
            take(m_times, times, hour_bits, time_bits);
        } else {
            column.mask = (1u << hour_bits) - 1;
            for (int hour = 0; hour < 1 << hour_bits; ++hour)
                column.keys.push_back((hour < 10 ? "0" : "") + std::to_string(hour));
        }
        column.ranks = ranks_of(column.keys);
        columns.push_back(std::move(column));
    }
    struct Ranked {
        std::array<std::uint32_t, 8> ranks{};
        Number group = 0;
    };
    std::vector<Ranked> order(m_groups.size());
    for (Number group = 0; group < m_groups.size(); ++group) {
        order[group].group = group;
        for (std::size_t i = 0; i < columns.size(); ++i)
            order[group].ranks[i] = columns[i].ranks[m_groups[group].id >> columns[i].shift & columns[i].mask];
    }
    std::sort(order.begin(), order.end(), [](const Ranked& a, const Ranked& b) { return a.ranks < b.ranks; });
    std::vector<Row> out;
    out.reserve(order.size());
    for (const Ranked& ranked : order) {
        const Group& group = m_groups[ranked.group];
        Row row{{}, group.figures};
        row.keys.reserve(columns.size());
        for (const Column& column : columns)
            row.keys.push_back(column.keys[group.id >> column.shift & column.mask]);
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace capsule::server
