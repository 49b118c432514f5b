#include "playlists/server/rehearsal/rehearsed_screen.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr std::int64_t boot_takes_ms = 15'000;

} // namespace

RehearsedScreen::RehearsedScreen(ScreenId screen, std::string device, ReleasePointer release, Random& random)
    : m_screen(std::move(screen)), m_device(std::move(device)), m_journal(random.hex(16)), m_release(std::move(release)), m_random(random) {}

void RehearsedScreen::write(Instant at, std::variant<ShowingRow, AnchorRow, GapRow, StateRow> body) {
    const Row row{{m_device, m_journal, ++m_seq, m_last, m_boot}, std::move(body)};
    std::string bytes = serialise(row);
    m_last = row_digest(bytes);
    m_rows.push_back({at, std::move(bytes)});
}

ShowingRow RehearsedScreen::showing(const Forecast::Entry& entry, Instant on) {
    const Screen& screen = m_release->fleet.screens.at(m_screen);
    ShowingRow row;
    row.boot_start_ms = boot_takes_ms + (entry.from - on).count();
    row.boot_end_ms = boot_takes_ms + (entry.until - on).count();
    row.wall_start_ms = to_ms(entry.from);
    row.clock_synced = true;
    row.clock_error_ms = 40;
    row.programme = m_release->programme.number;
    row.fleet = m_release->fleet.number;
    row.screen = m_screen;
    row.site = screen.site;
    row.playlist = entry.playlist;
    row.language = "fr";
    row.due_ms = row.shown_ms = (entry.until - entry.from).count();
    row.frames_due = row.frames_shown = row.due_ms / 40;
    row.panel = PanelState::on;
    switch (entry.kind) {
    case Forecast::Kind::capsule:
        row.item = ShownItem::capsule;
        break;
    case Forecast::Kind::qr_card:
        row.item = ShownItem::qr_card;
        break;
    case Forecast::Kind::notice:
        row.item = ShownItem::notice;
        break;
    case Forecast::Kind::calm:
    case Forecast::Kind::closed:
        row.item = ShownItem::card;
        break;
    case Forecast::Kind::gap:
        row.item = ShownItem::fallback;
        break;
    }
    const auto capsule = m_release->programme.capsules.find(entry.capsule);
    if (row.item == ShownItem::capsule && capsule != m_release->programme.capsules.end() && !capsule->second.versions.empty()) {
        row.capsule = entry.capsule;
        row.version = capsule->second.versions.front().media.sha256.hex();
        // One in two hundred was a little late, or cut by somebody.
        const std::uint64_t dice = m_random.number() % 400;
        if (dice == 0) {
            row.end = ShowingEnd::cut;
            row.shown_ms = row.due_ms / 2;
            row.frames_shown = row.frames_due / 2;
        } else if (dice == 1) {
            row.frames_late = 3;
        }
    }
    return row;
}

void RehearsedScreen::play(Instant on, Instant off) {
    m_boot = m_random.hex(16);
    write(on, StateRow{boot_takes_ms, to_ms(on), "start", "exemple"});
    write(on, AnchorRow{boot_takes_ms, to_ms(on), 40, "server"});
    // On some days the television is switched off for two hours.
    const bool dark = m_random.number() % 9 == 0;
    const Instant dark_from = on + std::chrono::hours(2 + m_random.number() % 4), dark_until = dark_from + std::chrono::hours(2);
    for (const Forecast::Entry& entry : forecast(m_release, m_screen, on, off).entries) {
        if (entry.until > off || entry.until <= entry.from)
            break;
        ShowingRow row = showing(entry, on);
        if (dark && entry.until > dark_from && entry.until <= dark_until)
            row.panel = PanelState::off;
        write(entry.until, std::move(row));
    }
}

std::string RehearsedScreen::take_until(Instant instant, std::size_t most) {
    std::string batch;
    std::size_t taken = 0;
    while (taken < m_rows.size() && taken < most && m_rows[taken].at <= instant)
        batch += m_rows[taken++].row + "\n";
    m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(taken));
    return batch;
}

} // namespace capsule::server
