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
    if (others.empty())
        return;
    if (m_spans.empty() || others.m_spans.front().from > m_spans.back().until) {
        m_spans.insert(m_spans.end(), others.m_spans.begin(), others.m_spans.end());
        return;
    }
    std::vector<Span> all = std::move(m_spans);
    all.insert(all.end(), others.m_spans.begin(), others.m_spans.end());
    *this = Spans(std::move(all));
}

Spans Spans::moved(std::int64_t by) const {
    Spans out = *this;
    for (Span& span : out.m_spans) {
        span.from += by;
        span.until += by;
    }
    return out;
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

// Reads encoded spans one after the other.
class SpanReader {
public:
    explicit SpanReader(std::string_view bytes)
        : m_at(reinterpret_cast<const unsigned char*>(bytes.data())), m_end(m_at + bytes.size()) {}
    // False at the end, or where the bytes are none.
    bool next(Span& span) {
        std::int64_t distance = 0, length = 0;
        if (!take(distance) || !take(length))
            return false;
        span = {span.until + distance, span.until + distance + length};
        return true;
    }

private:
    // Most numbers have one byte or two, and a year of a large fleet has twenty million of them.
    bool take(std::int64_t& value) {
        if (m_at == m_end)
            return false;
        const unsigned first = *m_at++;
        if (first < 0x80) {
            value = first;
            return true;
        }
        if (m_at != m_end && *m_at < 0x80) {
            value = (first & 0x7fu) | static_cast<unsigned>(*m_at++) << 7;
            return true;
        }
        std::uint64_t number = first & 0x7fu;
        for (unsigned shift = 7; shift < 56 && m_at != m_end; shift += 7) {
            const unsigned byte = *m_at++;
            number |= std::uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) {
                value = static_cast<std::int64_t>(number);
                return true;
            }
        }
        return false;
    }

    const unsigned char* m_at;
    const unsigned char* m_end;
};

// What of ascending spans lies within limits, which are walked once.
class Within {
public:
    explicit Within(const std::vector<Span>& limits) : m_at(limits.data()), m_end(m_at + limits.size()) {}
    void add(const Span& span) {
        while (m_at != m_end && m_at->until <= span.from)
            ++m_at;
        for (const Span* at = m_at; at != m_end && at->from < span.until; ++at)
            m_sum += std::min(at->until, span.until) - std::max(at->from, span.from);
    }
    bool over() const { return m_at == m_end; }
    std::int64_t sum() const { return m_sum; }

private:
    const Span* m_at;
    const Span* m_end;
    std::int64_t m_sum = 0;
};

} // namespace

Spans Spans::decode(std::string_view bytes) {
    Spans out;
    SpanReader reader(bytes);
    for (Span span; reader.next(span);)
        out.m_spans.push_back(span);
    return out;
}

std::int64_t Spans::encoded_within(std::string_view bytes, const Spans& limits) {
    return encoded_within(bytes, limits, Spans{}).first;
}

std::pair<std::int64_t, std::int64_t> Spans::encoded_within(std::string_view bytes, const Spans& limits, const Spans& others) {
    Within one(limits.m_spans), other(others.m_spans);
    SpanReader reader(bytes);
    for (Span span; !(one.over() && other.over()) && reader.next(span);) {
        one.add(span);
        other.add(span);
    }
    return {one.sum(), other.sum()};
}

} // namespace capsule::server
