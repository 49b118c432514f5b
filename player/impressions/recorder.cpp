#include "player/impressions/recorder.hpp"

#include <algorithm>

namespace capsule {

namespace {

std::int64_t to_milliseconds(Nanoseconds span) {
    return std::max<std::int64_t>(0, std::chrono::duration_cast<Milliseconds>(span).count());
}

} // namespace

void ImpressionRecorder::set_place(const ScreenId& screen, const SiteId& site) {
    const std::lock_guard lock(m_mutex);
    m_screen = screen;
    m_site = site;
}

void ImpressionRecorder::set_panel(PanelState panel) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_panel == panel)
            return;
        m_panel = panel;
    }
    note("panel", panel == PanelState::on ? "on" : panel == PanelState::off ? "off" : "unknown");
}

void ImpressionRecorder::set_sound(const std::string& sound) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_sound == sound)
            return;
        m_sound = sound;
    }
    note("sound", sound);
}

void ImpressionRecorder::note(const std::string& what, const std::string& value) {
    StateRow row;
    row.boot_ms = to_milliseconds(m_clock.boottime());
    row.wall_ms = to_ms(m_clock.wall());
    row.what = what;
    row.value = value.substr(0, 500);
    m_journal.write(row);
}

ShowingRow ImpressionRecorder::row_of(const PlayItem& item, const Showing& showing) const {
    ShowingRow row;
    row.boot_start_ms = to_milliseconds(showing.boot_start);
    row.boot_end_ms = std::max(row.boot_start_ms, to_milliseconds(showing.boot_end));
    row.wall_start_ms = to_ms(showing.wall_start);
    if (const std::optional<Milliseconds> error = m_time.wall_error())
        row.clock_error_ms = error->count();
    // Synced says that the wall clock can be believed, not merely that the truth is known.
    row.clock_synced = row.clock_error_ms && *row.clock_error_ms <= Milliseconds(std::chrono::minutes(15)).count();
    row.programme = item.programme;
    row.fleet = item.fleet;
    row.playlist = item.playlist;
    row.item = item.shown;
    row.capsule = item.capsule;
    row.version = item.version;
    row.language = item.language;
    row.due_ms = to_milliseconds(showing.due);
    row.shown_ms = to_milliseconds(showing.shown);
    row.frames_due = showing.frames_due;
    row.frames_shown = showing.frames_shown;
    row.frames_late = showing.frames_late;
    row.end = showing.end;
    row.sound = showing.sound_heard ? "on" : item.sound && item.volume > 0 ? "none" : "muted";
    row.captions = showing.captions_drawn.empty() ? "none" : showing.captions_drawn;
    const std::lock_guard lock(m_mutex);
    row.screen = m_screen;
    row.site = m_site;
    row.panel = m_panel;
    return row;
}

void ImpressionRecorder::showing_ended(const PlayItem& item, const Showing& showing) { m_journal.write(row_of(item, showing)); }

void ImpressionRecorder::item_failed(const PlayItem& item, const Error&) {
    Showing showing;
    showing.boot_start = showing.boot_end = m_clock.boottime();
    showing.wall_start = m_clock.wall();
    showing.due = item.duration;
    showing.end = ShowingEnd::failed;
    m_journal.write(row_of(item, showing));
}

} // namespace capsule
