#include "playlists/server/ledger/spans.hpp"

#include <algorithm>

namespace capsule::server {

Spans::Spans(std::vector<Span> unsorted) {
    std::sort(unsorted.begin(), unsorted.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
    for (const Span& span : unsorted) {
        if (span.from >= span.until)
            continue;
        if (!m_spans.empty() && span.from <= m_spans.back().until)
            m_spans.back().until = std::max(m_spans.back().until, span.until);
        else
            m_spans.push_back(span);
    }
}

std::int64_t Spans::total() const {
    std::int64_t sum = 0;
    for (const Span& span : m_spans)
        sum += span.until - span.from;
    return sum;
}

void Spans::add(Span span) {
    if (span.from >= span.until)
        return;
    if (m_spans.empty() || span.from > m_spans.back().until) { // the rule: what comes is later than what is there
        m_spans.push_back(span);
        return;
    }
    std::vector<Span> all = std::move(m_spans);
    all.push_back(span);
    *this = Spans(std::move(all));
}

void Spans::add(const Spans& others) {
    for (const Span& span : others.m_spans)
        add(span);
}

Spans Spans::within(const Spans& other) const {
    Spans out;
    for (std::size_t a = 0, b = 0; a < m_spans.size() && b < other.m_spans.size();) {
        const Span& one = m_spans[a];
        const Span& two = other.m_spans[b];
        const Span both{std::max(one.from, two.from), std::min(one.until, two.until)};
        if (both.from < both.until)
            out.m_spans.push_back(both);
        if (one.until < two.until)
            ++a;
        else
            ++b;
    }
    return out;
}

Spans Spans::minus(const Spans& other) const {
    Spans out;
    std::size_t b = 0;
    for (const Span& span : m_spans) {
        std::int64_t from = span.from;
        while (b < other.m_spans.size() && other.m_spans[b].until <= from)
            ++b;
        for (std::size_t at = b; at < other.m_spans.size() && other.m_spans[at].from < span.until; ++at) {
            if (from < other.m_spans[at].from)
                out.m_spans.push_back({from, other.m_spans[at].from});
            from = std::max(from, other.m_spans[at].until);
        }
        if (from < span.until)
            out.m_spans.push_back({from, span.until});
    }
    return out;
}

std::string Spans::encode() const {
    std::string out;
    const auto put = [&](std::int64_t value) {
        auto rest = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
        for (; rest >= 0x80; rest >>= 7)
            out += static_cast<char>((rest & 0x7f) | 0x80);
        out += static_cast<char>(rest);
    };
    std::int64_t last = 0;
    for (const Span& span : m_spans) {
        put(span.from - last);
        put(span.until - span.from);
        last = span.until;
    }
    return out;
}

namespace {

// Takes the next span off `bytes`; false at the end, or where they are none.
bool take_span(std::string_view& bytes, Span& span) {
    const auto take = [&](std::int64_t& value) {
        std::uint64_t number = 0;
        for (std::size_t at = 0; at < bytes.size() && at < 8; ++at) {
            const auto byte = static_cast<unsigned char>(bytes[at]);
            number |= std::uint64_t{byte & 0x7fu} << (7 * at);
            if (byte < 0x80) {
                bytes.remove_prefix(at + 1);
                value = static_cast<std::int64_t>(number);
                return true;
            }
        }
        return false;
    };
    std::int64_t distance = 0, length = 0;
    if (!take(distance) || !take(length))
        return false;
    span = {span.until + distance, span.until + distance + length};
    return true;
}

} // namespace

Spans Spans::decode(std::string_view bytes) {
    Spans out;
    for (Span span; take_span(bytes, span);)
        out.m_spans.push_back(span);
    return out;
}

std::int64_t Spans::encoded_within(std::string_view bytes, const Spans& limits) {
    std::int64_t sum = 0;
    auto limit = limits.m_spans.begin();
    for (Span span; limit != limits.m_spans.end() && take_span(bytes, span);) {
        while (limit != limits.m_spans.end() && limit->until <= span.from)
            ++limit;
        for (auto at = limit; at != limits.m_spans.end() && at->from < span.until; ++at)
            sum += std::min(at->until, span.until) - std::max(at->from, span.from);
    }
    return sum;
}

} // namespace capsule::server
