#include "player/impressions/cursor.hpp"

#include "playlists/schedule/flatten.hpp"

#include <set>
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
    const Programme& programme = question.release->programme;
    cursor.playlist_digest = playlist_digest(programme, question.playlist);
    std::set<PlaylistId> playlists{question.playlist.id};
    for (const PlaylistItem& item : question.playlist.items)
        if (item.playlist)
            playlists.insert(*item.playlist);
    std::set<CapsuleId> cards; // of the list: their showings are of its shares, too
    for (const FlatItem& item : flatten(programme, question.playlist, [](const CapsuleId&) { return true; }).items) {
        playlists.insert(item.playlist);
        if (const auto capsule = programme.capsules.find(item.item->capsule);
            capsule != programme.capsules.end() && capsule->second.kind == CapsuleKind::card)
            cards.insert(capsule->first);
    }
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
            if (playlists.contains(showing->playlist) && showing->screen == question.screen && showing->shown_ms > 0)
                candidates.push_back({row->header.boot, std::move(*showing)});
        }
        return true;
    }, rows_of_a_day));
    if (question.anchor)
        anchors[question.boot] = *question.anchor;

    for (const Candidate& one : candidates) {
        const Instant began = placed(one, anchors);
        if (one.row.item == ShownItem::capsule || (one.row.item == ShownItem::card && cards.contains(one.row.capsule))) {
            Cursor counted = cursor;
            count_showing(counted, question.playlist.order, one.row.capsule, one.row.language, Milliseconds{one.row.shown_ms}, began);
            if (local_day(question.release->fleet, question.screen, began) != cursor.day) { // keeps apart, and counts for nothing else
                counted.shown = std::move(cursor.shown);
                counted.languages = std::move(cursor.languages);
                counted.last_listed = std::move(cursor.last_listed);
            }
            const auto capsule = programme.capsules.find(one.row.capsule);
            counted.last_theme = capsule == programme.capsules.end() ? std::string{} : capsule->second.theme;
            cursor = std::move(counted);
        } else if (one.row.item == ShownItem::qr_card) {
            cursor.since_qr_card = Milliseconds{0};
        }
    }
    return cursor;
}

} // namespace capsule
