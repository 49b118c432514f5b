#include "player/impressions/cursor.hpp"

#include <vector>

namespace capsule {

namespace {

struct Candidate {
    std::string boot;
    ShowingRow row;
};

// More than a day of ten-second capsules: months of backlog must not delay the first picture.
constexpr std::int64_t rows_of_a_day = 10'000;

Instant placed(const Candidate& one, const std::map<std::string, AnchorRow>& anchors) {
    const auto anchor = anchors.find(one.boot);
    if (anchor == anchors.end())
        return instant_from_ms(one.row.wall_start_ms);
    return instant_from_ms(anchor->second.utc_ms + one.row.boot_start_ms - anchor->second.boot_ms);
}

} // namespace

Result<Cursor> rebuild_cursor(JournalThread& journal, const CursorQuestion& question) {
    Cursor cursor;
    const auto playlist = question.release->programme.playlists.find(question.playlist);
    if (playlist != question.release->programme.playlists.end())
        cursor.playlist_digest = playlist_digest(question.release->programme, playlist->second);
    cursor.day = local_day(question.release->fleet, question.screen, question.now);

    std::map<std::string, AnchorRow> anchors;
    std::vector<Candidate> candidates;
    CAPSULE_CHECK(journal.for_each_row([&](const StoredRow& stored) {
        Result<Row> row = parse_row(stored.bytes);
        if (!row)
            return true;
        if (const auto* anchor = std::get_if<AnchorRow>(&row->body)) {
            const auto known = anchors.find(row->header.boot);
            if (known == anchors.end() || anchor->error_ms <= known->second.error_ms)
                anchors[row->header.boot] = *anchor;
        } else if (auto* showing = std::get_if<ShowingRow>(&row->body)) {
            if (showing->playlist == question.playlist && showing->screen == question.screen && showing->shown_ms > 0)
                candidates.push_back({row->header.boot, std::move(*showing)});
        }
        return true;
    }, rows_of_a_day));
    if (question.anchor)
        anchors[question.boot] = *question.anchor;

    for (const Candidate& one : candidates) {
        if (local_day(question.release->fleet, question.screen, placed(one, anchors)) != cursor.day)
            continue;
        if (one.row.item == ShownItem::capsule) {
            ++cursor.shown[one.row.capsule];
            cursor.last = cursor.last_listed = one.row.capsule;
            cursor.since_qr_card += Milliseconds{one.row.shown_ms};
        } else if (one.row.item == ShownItem::qr_card) {
            cursor.since_qr_card = Milliseconds{0};
        }
    }
    return cursor;
}

} // namespace capsule
