#include "content/photosensitivity/flash_meter.hpp"

#include "content/base/srgb.hpp"
#include "content/photosensitivity/field_changes.hpp"

#include <array>
#include <cmath>
#include <deque>

namespace capsule {

namespace {

using namespace photosensitivity;

constexpr int field_side = 2;                                      // pixels of the 1024 × 768 screen
constexpr int block_width = 341, block_height = 256;               // 10° there
constexpr double block_pixels = double{block_width} * block_height;
constexpr int most_fields = static_cast<int>(block_pixels / 4) / (field_side * field_side); // more than these flash: it counts
constexpr Nanoseconds second = std::chrono::seconds(1);
// Seven changes within a second are three flashes and the beginning of a fourth. A clip of exactly three a second has them, too, when one of its
// changes falls on the next picture: where the changes are that evenly spaced, they count only within less, by a picture of 24 a second, or
// when it goes on like that for two seconds.
constexpr Nanoseconds a_picture = std::chrono::milliseconds(42);
constexpr Nanoseconds evenly = second / 6 - a_picture; // and more between any two
constexpr std::size_t changes_of_two_seconds = 13;
constexpr std::size_t remembered = changes_of_two_seconds;
constexpr int most_apart = 8; // changes of a field by itself that are told apart: four flashes

const std::array<float, 256>& linear() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> values{};
        for (std::size_t code = 0; code < values.size(); ++code)
            values[code] = static_cast<float>(linear_light(static_cast<std::uint8_t>(code)));
        return values;
    }();
    return table;
}

// The largest number of marked fields that one position of the 10° block covers.
class Blocks {
public:
    Blocks(int columns, int rows) : m_columns(columns), m_rows(rows), m_sums((static_cast<std::size_t>(columns) + 1) * (static_cast<std::size_t>(rows) + 1)) {}

    template <typename Marked>
    int largest(const Marked& marked) {
        const auto line = static_cast<std::size_t>(m_columns) + 1;
        for (int row = 0; row < m_rows; ++row) {
            int run = 0;
            const std::size_t above = static_cast<std::size_t>(row) * line;
            for (int column = 0; column < m_columns; ++column) {
                run += marked(static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(column)) ? 1 : 0;
                m_sums[above + line + static_cast<std::size_t>(column) + 1] = m_sums[above + static_cast<std::size_t>(column) + 1] + run;
            }
        }
        const int width = std::min(m_columns, (block_width + field_side - 1) / field_side), height = std::min(m_rows, block_height / field_side);
        int most = 0;
        for (int row = 0; row + height <= m_rows; ++row)
            for (int column = 0; column + width <= m_columns; ++column) {
                const std::size_t top = static_cast<std::size_t>(row) * line + static_cast<std::size_t>(column);
                const std::size_t bottom = top + static_cast<std::size_t>(height) * line;
                most = std::max(most, m_sums[bottom + static_cast<std::size_t>(width)] - m_sums[bottom] -
                                          m_sums[top + static_cast<std::size_t>(width)] + m_sums[top]);
            }
        return most;
    }

private:
    int m_columns, m_rows;
    std::vector<int> m_sums;
};

// When each field changed of late, and what that makes of the picture.
class Counter {
public:
    explicit Counter(std::size_t fields) : m_times(fields * remembered, never), m_next(fields, 0) {}

    void change(std::size_t field, Nanoseconds at) {
        m_previous.push_back({static_cast<std::uint32_t>(field), newest(field)});
        m_times[field * remembered + m_next[field]] = at.count();
        m_next[field] = static_cast<std::uint8_t>((m_next[field] + 1) % remembered);
    }

    // After all changes of one picture.
    void close(Nanoseconds at, Blocks& blocks, std::vector<std::uint8_t>& marks) {
        if (static_cast<int>(m_previous.size()) > most_fields) {
            count_together(at, blocks, marks);
            count_apart(at, blocks);
        } else if (!m_previous.empty()) {
            m_since_apart += static_cast<int>(m_previous.size());
            if (m_since_apart > most_fields / 4)
                count_apart(at, blocks);
        }
        m_previous.clear();
    }

    const FlashCount& worst() const { return m_worst; }

private:
    static constexpr std::int64_t never = INT64_MIN / 2;
    struct Previous {
        std::uint32_t field;
        std::int64_t changed; // before this picture
    };
    struct Flash {
        Nanoseconds begin, end;
    };

    std::int64_t newest(std::size_t field) const {
        return m_times[field * remembered + (m_next[field] + remembered - 1) % remembered];
    }

    // From the last of so many changes back to the first of them, if the last is now.
    Nanoseconds span(std::size_t field, std::size_t changes, Nanoseconds at) const {
        return Nanoseconds{at.count() - m_times[field * remembered + (m_next[field] + remembered - changes) % remembered]};
    }

    // Whether its last seven changes are about as far apart as those of three flashes a second.
    bool is_even(std::size_t field, Nanoseconds at) const {
        for (std::size_t changes = 2; changes <= FlashCount::most_changes + 1; ++changes)
            if (span(field, changes, at) - span(field, changes - 1, at) < evenly)
                return false;
        return true;
    }

    // Fields that complete a pair of changes in this very picture.
    void count_together(Nanoseconds at, Blocks& blocks, std::vector<std::uint8_t>& marks) {
        // Those pairs that began after the last flash that was counted make a further one; any within a second make an odd change.
        int fresh = 0;
        std::int64_t begin = at.count();
        for (const Previous& one : m_previous)
            if (at.count() - one.changed < second.count() && (m_flashes.empty() || one.changed > m_flashes.back().end.count())) {
                marks[one.field] = 1;
                ++fresh;
                begin = std::min(begin, one.changed);
            }
        int covered = 0;
        if (fresh > most_fields && (covered = blocks.largest([&](std::size_t field) { return marks[field] != 0; })) > most_fields) {
            m_flashes.push_back({Nanoseconds{begin}, at});
            while (at - m_flashes.front().begin >= second)
                m_flashes.pop_front();
            keep(static_cast<int>(m_flashes.size()), 2 * static_cast<int>(m_flashes.size()), m_flashes.front().begin, covered);
        }
        for (const Previous& one : m_previous)
            marks[one.field] = 0;
    }

    // Fields that by themselves changed that often within the last second.
    void count_apart(Nanoseconds at, Blocks& blocks) {
        m_since_apart = 0;
        for (int changes = most_apart; changes >= 4 && changes > m_worst.changes; --changes) {
            const int covered = blocks.largest([&](std::size_t field) {
                const Nanoseconds whole = span(field, static_cast<std::size_t>(changes), at);
                return whole < second && (changes != FlashCount::most_changes + 1 || whole < second - a_picture || !is_even(field, at) ||
                                          span(field, changes_of_two_seconds, at) < 2 * second - a_picture);
            });
            if (covered > most_fields) {
                keep(changes / 2, changes, at - second, covered);
                return;
            }
        }
    }

    void keep(int flashes, int changes, Nanoseconds begin, int covered) {
        const double area = covered * field_side * field_side / block_pixels;
        m_worst.area = std::max(m_worst.area, std::min(area, 1.0));
        if (changes <= m_worst.changes)
            return;
        m_worst.flashes = flashes;
        m_worst.changes = changes;
        m_worst.worst_at = std::chrono::duration_cast<Milliseconds>(std::max(begin, Nanoseconds{0}));
    }

    std::vector<std::int64_t> m_times; // `remembered` for each field, in a ring
    std::vector<std::uint8_t> m_next;
    std::vector<Previous> m_previous; // what changed in this picture
    std::deque<Flash> m_flashes;      // of the last second, one after the other
    int m_since_apart = 0;
    FlashCount m_worst;
};

} // namespace

struct FlashMeter::State {
    int columns, rows;
    std::vector<LuminanceChanges> luminance;
    std::vector<RedChanges> red;
    Counter general_count, red_count;
    Blocks blocks;
    std::vector<std::uint8_t> marks;

    explicit State(PictureSize size)
        : columns(size.width / field_side), rows(size.height / field_side), luminance(fields()), red(fields()), general_count(fields()),
          red_count(fields()), blocks(columns, rows), marks(fields()) {}
    std::size_t fields() const { return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows); }
};

PictureSize FlashMeter::fit(PictureSize picture) {
    const bool tall = picture.height > picture.width;
    const double factor = std::min((tall ? 768.0 : 1024.0) / picture.width, (tall ? 1024.0 : 768.0) / picture.height);
    const auto even = [&](int side) { return std::max(2, 2 * static_cast<int>(std::lround(side * factor / 2))); };
    return {even(picture.width), even(picture.height)};
}

FlashMeter::FlashMeter(PictureSize fitted) : m_state(std::make_unique<State>(fitted)) {}
FlashMeter::FlashMeter(FlashMeter&&) noexcept = default;
FlashMeter& FlashMeter::operator=(FlashMeter&&) noexcept = default;
FlashMeter::~FlashMeter() = default;

void FlashMeter::add(const std::uint8_t* rgb, std::size_t stride, Nanoseconds at) {
    State& state = *m_state;
    const auto& value = linear();
    std::size_t field = 0;
    for (int row = 0; row < state.rows; ++row) {
        const std::uint8_t* upper = rgb + static_cast<std::size_t>(row) * field_side * stride;
        const std::uint8_t* lower = upper + stride;
        for (int column = 0; column < state.columns; ++column, ++field, upper += 6, lower += 6) {
            const Light light{(value[upper[0]] + value[upper[3]] + value[lower[0]] + value[lower[3]]) / 4,
                              (value[upper[1]] + value[upper[4]] + value[lower[1]] + value[lower[4]]) / 4,
                              (value[upper[2]] + value[upper[5]] + value[lower[2]] + value[lower[5]]) / 4};
            if (state.luminance[field].step(light.luminance()))
                state.general_count.change(field, at);
            if (state.red[field].step(light))
                state.red_count.change(field, at);
        }
    }
    state.general_count.close(at, state.blocks, state.marks);
    state.red_count.close(at, state.blocks, state.marks);
}

FlashReport FlashMeter::report() const { return {m_state->general_count.worst(), m_state->red_count.worst()}; }

} // namespace capsule
