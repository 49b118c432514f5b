#include "playlists/schedule/running_order.hpp"

#include <algorithm>
#include <utility>

namespace capsule {

RunningOrder::RunningOrder(ReleasePointer release, ScreenId screen) { set(std::move(release), std::move(screen)); }

void RunningOrder::set(ReleasePointer release, ScreenId screen) {
    m_rotation.reset(); // they borrow the release
    m_timetable.reset();
    m_release = std::move(release);
    m_screen = std::move(screen);
    m_timetable = std::make_unique<Timetable>(m_release->programme, m_release->fleet, m_release->now, m_screen);
}

Rotation& RunningOrder::rotation(const Evaluation& evaluation) {
    if (!m_rotation || m_playlist != evaluation.playlist || m_campaigns != evaluation.campaigns) {
        m_rotation = std::make_unique<Rotation>(*m_release, m_screen, playlist_in_force(m_release->programme, evaluation));
        m_playlist = evaluation.playlist;
        m_campaigns = evaluation.campaigns;
    }
    return *m_rotation;
}

// What keeps showings apart comes along; the counts are each content's own.
void RunningOrder::take_cursor(const std::string& digest) {
    if (m_cursor.playlist_digest == digest)
        return;
    std::erase_if(m_waiting, [&](const auto& waiting) { return waiting.second.day != m_cursor.day; });
    Cursor taken;
    if (auto waiting = m_waiting.extract(digest))
        taken = std::move(waiting.mapped());
    taken.last = m_cursor.last;
    taken.last_theme = m_cursor.last_theme;
    taken.began = std::move(m_cursor.began);
    taken.since_qr_card = m_cursor.since_qr_card;
    taken.follows = std::nullopt;
    taken.qr_card_owed = false;
    if (!m_cursor.playlist_digest.empty())
        m_waiting[m_cursor.playlist_digest] = std::move(m_cursor);
    m_cursor = std::move(taken);
}

std::optional<NextItem> RunningOrder::next(const Evaluation& evaluation, Instant instant, const std::vector<CapsuleId>& set_aside) {
    if (!evaluation.playlist && evaluation.campaigns.empty())
        return std::nullopt;
    Rotation& current = rotation(evaluation);
    take_cursor(current.digest());
    auto item = current.next(m_cursor, instant, set_aside);
    if (item && item->playlist.empty()) // what belongs to a mixture counts for the loop
        item->playlist = evaluation.playlist ? *evaluation.playlist : evaluation.campaigns.front().playlist;
    return item;
}

void RunningOrder::hasten_qr_card() {
    if (m_rotation)
        m_cursor.since_qr_card = std::max(m_cursor.since_qr_card, m_rotation->playlist().qr_card_every);
}

} // namespace capsule
