#include "playlists/schedule/flatten.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace capsule {

namespace {

constexpr std::size_t deepest = 5;
constexpr std::int64_t most_parts = 1'000'000'000; // that share_choices can count with

struct Part {
    FlatItem flat;
    std::int64_t numerator = 1, denominator = 1;
};

class Flattener {
public:
    Flattener(const Programme& programme, const std::function<bool(const CapsuleId&)>& plays) : m_programme(programme), m_plays(plays) {}

    // Complaints are made here, not in total(), which passes over the same items.
    void add(const Playlist& playlist, std::int64_t numerator, std::int64_t denominator) {
        m_path.push_back(playlist.id);
        for (const PlaylistItem& item : playlist.items) {
            if (!item.playlist) {
                if (m_plays(item.capsule))
                    m_parts.push_back({{&item, playlist.id, 1}, numerator * std::max(1, item.weight), denominator});
                continue;
            }
            const Playlist* inside = find(*item.playlist);
            if (!inside) {
                complain(playlist, *item.playlist);
                continue;
            }
            if (item.weight == 0) {
                add(*inside, numerator, denominator);
            } else if (const std::int64_t whole = total(*inside); whole > 0) {
                std::int64_t above = numerator * item.weight, below = denominator * whole;
                const std::int64_t common = std::gcd(above, below);
                above /= common;
                below /= common;
                while (std::max(above, below) > most_parts) { // finer than anything that can be shown
                    above = std::max<std::int64_t>(1, above / 2);
                    below = std::max<std::int64_t>(1, below / 2);
                    m_exact = false;
                }
                add(*inside, above, below);
            }
        }
        m_path.pop_back();
    }

    FlatPlaylist result() {
        FlatPlaylist flat;
        std::int64_t common = 1;
        bool exact = m_exact;
        for (const Part& part : m_parts) {
            const std::int64_t multiple = std::lcm(common, part.denominator / std::gcd(part.numerator, part.denominator));
            exact = exact && multiple > 0 && multiple <= most_parts;
            if (exact)
                common = multiple;
        }
        double sum = 0;
        for (const Part& part : m_parts)
            sum += static_cast<double>(part.numerator) / static_cast<double>(part.denominator);
        exact = exact && sum * static_cast<double>(common) <= static_cast<double>(most_parts);
        for (const Part& part : m_parts) {
            flat.items.push_back(part.flat);
            const double share = static_cast<double>(part.numerator) / static_cast<double>(part.denominator);
            const std::int64_t reduced = std::gcd(part.numerator, part.denominator);
            flat.items.back().weight = exact ? part.numerator / reduced * (common / (part.denominator / reduced))
                                             : std::max<std::int64_t>(1, std::llround(share / sum * 1'000'000));
        }
        if (!exact)
            m_complaints.push_back("the weights of the playlists inside cannot be met together exactly: they are rounded to millionths");
        flat.complaints = std::move(m_complaints);
        return flat;
    }

private:
    // Null: missing, holds itself, or too deep.
    const Playlist* find(const PlaylistId& id) const {
        const auto found = m_programme.playlists.find(id);
        if (found == m_programme.playlists.end() || m_path.size() >= deepest ||
            std::find(m_path.begin(), m_path.end(), id) != m_path.end())
            return nullptr;
        return &found->second;
    }

    // The weights of a playlist inside, of what can play.
    std::int64_t total(const Playlist& playlist) {
        m_path.push_back(playlist.id);
        std::int64_t sum = 0;
        for (const PlaylistItem& item : playlist.items) {
            if (!item.playlist)
                sum += m_plays(item.capsule) ? std::max(1, item.weight) : 0;
            else if (const Playlist* inside = find(*item.playlist))
                if (const std::int64_t own = total(*inside); own > 0)
                    sum += item.weight == 0 ? own : item.weight;
        }
        m_path.pop_back();
        return sum;
    }

    void complain(const Playlist& playlist, const PlaylistId& inside) {
        const std::string where = "the playlist " + playlist.id.text() + " holds " + inside.text();
        if (!m_programme.playlists.contains(inside))
            m_complaints.push_back(where + ", which does not exist");
        else if (std::find(m_path.begin(), m_path.end(), inside) != m_path.end())
            m_complaints.push_back(where + ", which holds it in turn");
        else
            m_complaints.push_back(where + ": more than " + std::to_string(deepest) + " playlists one inside the other");
    }

    const Programme& m_programme;
    const std::function<bool(const CapsuleId&)>& m_plays;
    std::vector<PlaylistId> m_path;
    std::vector<Part> m_parts;
    std::vector<std::string> m_complaints;
    bool m_exact = true;
};

} // namespace

FlatPlaylist flatten(const Programme& programme, const Playlist& root, const std::function<bool(const CapsuleId&)>& plays) {
    Flattener flattener{programme, plays};
    flattener.add(root, 1, 1);
    return flattener.result();
}

} // namespace capsule
