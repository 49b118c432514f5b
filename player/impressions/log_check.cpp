#include "player/impressions/log_check.hpp"

#include <cstddef>
#include <cstdint>

namespace capsule {

namespace {

// https://www.sqlite.org/fileformat.html#the_write_ahead_log
constexpr std::size_t head_size = 32, frame_head_size = 24;

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

struct Sum {
    bool words_are_big_endian = false;
    std::uint32_t first = 0, second = 0;

    void add(std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first += word(bytes, at) + second;
            second += word(bytes, at + 4) + first;
        }
    }
    std::uint32_t word(std::string_view bytes, std::size_t at) const {
        const std::uint32_t value = big_endian(bytes, at);
        return words_are_big_endian ? value : __builtin_bswap32(value);
    }
    bool stands_in(std::string_view bytes, std::size_t at) const {
        return big_endian(bytes, at) == first && big_endian(bytes, at + 4) == second;
    }
};

} // namespace

bool log_is_whole(std::string_view log) {
    if (log.empty())
        return true;
    if (log.size() < head_size)
        return false;
    const std::uint32_t magic = big_endian(log, 0), page_size = big_endian(log, 8), run = big_endian(log, 16);
    if ((magic & ~1u) != 0x377f0682u || page_size < 512 || page_size > 65536 || (page_size & (page_size - 1)) != 0)
        return false;
    Sum sum{(magic & 1u) != 0};
    sum.add(log.substr(0, 24));
    if (!sum.stands_in(log, 24))
        return false;
    const std::string_view salts = log.substr(16, 8);
    const std::size_t frame_size = frame_head_size + page_size;
    bool fits = true;
    for (std::size_t at = head_size; at < log.size(); at += frame_size) {
        if (at + frame_size > log.size())
            return true; // a frame that was begun when the writer was killed: nobody was promised it
        const bool of_this_run = log.substr(at + 8, 8) == salts;
        if (fits && of_this_run) {
            sum.add(log.substr(at, 8));
            sum.add(log.substr(at + frame_head_size, page_size));
            if (!sum.stands_in(log, at + 16))
                return false;
            continue;
        }
        fits = false;
        // The first salt rises by one with each run: what is neither of this one nor of one before it was never written by SQLite.
        const std::uint32_t runs_ago = run - big_endian(log, at + 8);
        if (of_this_run || runs_ago == 0 || runs_ago > 1'000'000)
            return false;
    }
    return true;
}

} // namespace capsule
