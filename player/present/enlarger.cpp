#include "player/present/enlarger.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cmath>

#if defined(__x86_64__) || defined(__i386__)
#include <tmmintrin.h>
#define CAPSULE_HAS_SSSE3 1
#endif

namespace capsule {

namespace {

constexpr int group = 8; // output pixels at a time

std::size_t rounded_up(int width) { return static_cast<std::size_t>((width + 31) / 32 * 32); }

// Where the middle of target pixel `number` lies on the source.
double place(int number, int source, int target) {
    return std::clamp((number + 0.5) * source / target - 0.5, 0.0, source - 1.0);
}

#ifdef CAPSULE_HAS_SSSE3
__attribute__((target("ssse3"))) void widen(const std::uint8_t* source, std::uint8_t* out, std::size_t groups, const int* base,
                                            const std::uint8_t* bytes, const std::uint8_t* weight) {
    const __m128i half = _mm_set1_epi16(32);
    for (std::size_t i = 0; i < groups; ++i) {
        const __m128i near = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + base[i]));
        const __m128i pairs = _mm_shuffle_epi8(near, _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i)));
        const __m128i sums = _mm_maddubs_epi16(pairs, _mm_loadu_si128(reinterpret_cast<const __m128i*>(weight + 16 * i)));
        const __m128i values = _mm_srli_epi16(_mm_add_epi16(sums, half), 6);
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out + group * i), _mm_packus_epi16(values, values));
    }
}
#else
void widen(const std::uint8_t*, std::uint8_t*, std::size_t, const int*, const std::uint8_t*, const std::uint8_t*) {}
#endif

} // namespace

bool Enlarger::can(Size from, Size to) {
#ifdef CAPSULE_HAS_SSSE3
    // Sixteen bytes are read at a time, of the narrower colour planes too.
    return from.width >= 32 && from.height >= 2 && to.width >= from.width && to.height >= from.height && __builtin_cpu_supports("ssse3");
#else
    return from.width < 0 && to.width < 0; // libyuv's ways, then
#endif
}

void Enlarger::Widening::fit(int source, int target) {
    if (from == source && to == target)
        return;
    from = source;
    to = target;
    const std::size_t groups = rounded_up(target) / group;
    base.assign(groups, 0);
    bytes.assign(16 * groups, 0);
    weight.assign(16 * groups, 0);
    for (std::size_t i = 0; i < groups; ++i) {
        const int first = std::min(static_cast<int>(i) * group, target - 1);
        base[i] = std::min(static_cast<int>(place(first, source, target)), source - 16);
        for (std::size_t k = 0; k < group; ++k) {
            const double x = place(std::min(static_cast<int>(i * group + k), target - 1), source, target);
            const int left = static_cast<int>(x), right = std::min(left + 1, source - 1);
            const int share = static_cast<int>(std::lround((x - left) * 64));
            bytes[16 * i + 2 * k] = static_cast<std::uint8_t>(left - base[i]);
            bytes[16 * i + 2 * k + 1] = static_cast<std::uint8_t>(right - base[i]);
            weight[16 * i + 2 * k] = static_cast<std::uint8_t>(64 - share);
            weight[16 * i + 2 * k + 1] = static_cast<std::uint8_t>(share);
        }
    }
}

void Enlarger::Plane::begin(int source_width, int target_width) {
    widening.fit(source_width, target_width);
    rows.resize(2 * rounded_up(target_width));
    held[0] = held[1] = -1;
}

// Rows are asked for in rising order, each with its neighbour below: even ones are kept in one place, odd ones in the other.
const std::uint8_t* Enlarger::Plane::row(const std::uint8_t* plane, int pitch, int number) {
    std::uint8_t* out = rows.data() + static_cast<std::size_t>(number & 1) * (rows.size() / 2);
    if (held[number & 1] != number) {
        held[number & 1] = number;
        widen(plane + static_cast<std::ptrdiff_t>(number) * pitch, out, widening.base.size(), widening.base.data(), widening.bytes.data(),
              widening.weight.data());
    }
    return out;
}

void Enlarger::Plane::make(const std::uint8_t* plane, int pitch, int source_height, int target_height, int line, std::uint8_t* out) {
    const double y = place(line, source_height, target_height);
    int above = static_cast<int>(y);
    int share = static_cast<int>(std::lround((y - above) * 256)); // of the row below
    if (share == 256) {
        ++above;
        share = 0;
    }
    const std::uint8_t* upper = row(plane, pitch, above);
    const std::uint8_t* lower = share > 0 ? row(plane, pitch, above + 1) : upper;
    libyuv::InterpolatePlane(upper, 0, lower, 0, out, 0, widening.to, 1, share);
}

void Enlarger::draw(const Planes& from, const libyuv::YuvConstants& constants, std::uint8_t* out, int pitch, Size to) {
    const Size colour{(from.size.width + 1) / 2, (from.size.height + 1) / 2}, half{(to.width + 1) / 2, (to.height + 1) / 2};
    m_y.begin(from.size.width, to.width);
    m_u.begin(colour.width, half.width);
    m_v.begin(colour.width, half.width);
    const std::size_t luma = rounded_up(to.width), chroma = rounded_up(half.width);
    m_lines.resize(2 * luma + 2 * chroma);
    std::uint8_t *y = m_lines.data(), *u = y + 2 * luma, *v = u + chroma;
    for (int line = 0; line < to.height; line += 2) {
        const int lines = std::min(2, to.height - line);
        for (int i = 0; i < lines; ++i)
            m_y.make(from.y, from.y_pitch, from.size.height, to.height, line + i, y + static_cast<std::size_t>(i) * luma);
        m_u.make(from.u, from.u_pitch, colour.height, half.height, line / 2, u);
        m_v.make(from.v, from.v_pitch, colour.height, half.height, line / 2, v);
        libyuv::I420ToARGBMatrix(y, static_cast<int>(luma), u, static_cast<int>(chroma), v, static_cast<int>(chroma),
                                 out + static_cast<std::ptrdiff_t>(line) * pitch, pitch, &constants, to.width, lines);
    }
}

} // namespace capsule
