// Stretches of time, to the second: how long a screen is known to have shown something, or to have been off. Pure. Reentrant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capsule::server {

// Half-open, in seconds.
struct Span {
    std::int64_t from = 0, until = 0;
    bool operator==(const Span&) const = default;
};

// Ascending, disjoint, not touching, none empty.
class Spans {
public:
    Spans() = default;
    // In any order, overlapping or not; empty ones are dropped.
    explicit Spans(std::vector<Span> unsorted);

    const std::vector<Span>& all() const { return m_spans; }
    bool empty() const { return m_spans.empty(); }
    std::int64_t total() const; // seconds
    void add(Span span);
    void add(const Spans& others);
    Spans moved(std::int64_t by) const;
    Spans minus(const Spans& other) const;
    Spans within(const Spans& other) const;
    bool operator==(const Spans&) const = default;

    // A few bytes per span: distance from the last end and length, seven bits a byte, lowest first. Not negative.
    std::string encode() const;
    // Bytes that are none give what could be read.
    static Spans decode(std::string_view bytes);
    // Seconds of the encoded spans that lie within `limits`: what decode, within and total give, without making anything. A report of a
    // year asks it of each screen and day.
    static std::int64_t encoded_within(std::string_view bytes, const Spans& limits);
    // The same for two limits at once.
    static std::pair<std::int64_t, std::int64_t> encoded_within(std::string_view bytes, const Spans& limits, const Spans& others);

private:
    std::vector<Span> m_spans;
};

} // namespace capsule::server
