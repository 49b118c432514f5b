// Random lives of screens, as rows in batches in an order in which they can arrive: late, overlapping, anchored late and anew.
#pragma once

#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/ledger_database.hpp"

#include <algorithm>
#include <memory>
#include <random>

namespace capsule {

class RandomHistory {
public:
    explicit RandomHistory(unsigned seed) : m_random(seed) {
        for (int i = 0; i < 3; ++i) {
            // The first two journals are one device's, which was reinstalled within one boot.
            const std::string device = i < 2 ? "00000000000000d1" : "00000000000000d2";
            m_screens.push_back({std::make_unique<JournalWriter>(std::string(31, 'a') + static_cast<char>('1' + i), device)});
            write(m_screens.back());
        }
    }

    // Sends one more batch of some screen to the server. False: all is there.
    bool send(LedgerDatabase& server) {
        std::vector<Life*> open;
        for (Life& life : m_screens)
            if (life.sent < life.writer->rows().size())
                open.push_back(&life);
        if (open.empty())
            return false;
        Life& life = *open[static_cast<std::size_t>(number(0, static_cast<int>(open.size()) - 1))];
        const std::size_t rows = life.writer->rows().size();
        const std::size_t first = life.sent > 3 && chance(20) ? life.sent - 2 : life.sent + 1; // some come twice
        const std::size_t last = std::min(rows, life.sent + static_cast<std::size_t>(number(1, chance(50) ? 3 : 40)));
        m_received += std::chrono::minutes(number(0, 90));
        server.take(life.writer->device(), life.writer->journal(), life.writer->batch(first, last), m_received);
        life.sent = last;
        return true;
    }
    int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(m_random); }
    bool chance(int percent) { return number(1, 100) <= percent; }

private:
    struct Life {
        std::unique_ptr<JournalWriter> writer;
        std::size_t sent = 0;
    };

    void write(Life& life) {
        JournalWriter& writer = *life.writer;
        // Around the night of October when an hour comes twice.
        std::int64_t utc = to_ms(*parse_rfc3339("2026-10-24T04:00:00Z")) + number(0, 86'400) * std::int64_t{1000};
        for (int boot = 0, boots = number(3, 6); boot < boots; ++boot) {
            const std::int64_t started = utc;
            writer.reboot(boot == 0 ? "shared-boot" : "boot-" + writer.journal().substr(31) + "-" + std::to_string(boot));
            const bool anchored = !chance(25);
            for (int row = 0, rows = number(3, 60); row < rows; ++row) {
                const std::int64_t boot_ms = utc - started + 30'000;
                const int kind = number(1, 100);
                if (kind <= 12 && anchored) {
                    const int error = chance(30) ? number(1'000, 5'000'000) : number(5, 60);
                    const std::int64_t off = number(-error, error);
                    writer.add(AnchorRow{boot_ms - (chance(30) ? number(0, 20'000) : 0), started - 30'000 + boot_ms + off, error,
                                         error > 999 ? "rtc" : "server"});
                } else if (kind <= 15) {
                    writer.add(GapRow{number(0, 9), boot_ms, boot_ms, "salvage"});
                } else if (kind <= 18) {
                    writer.add(StateRow{boot_ms, 0, "panel", "on"});
                } else {
                    show(writer, boot_ms);
                }
                utc += chance(5) ? number(600, 40'000) * std::int64_t{1000} : number(10, 30) * std::int64_t{1000};
            }
            utc += number(1, 100'000) * std::int64_t{1000};
        }
    }
    void show(JournalWriter& writer, std::int64_t boot_ms) {
        ShowingRow row;
        row.boot_start_ms = boot_ms;
        const std::string site = chance(80) ? "fs-antony" : chance(50) ? "reunion" : "";
        if (!site.empty()) {
            row.site = *SiteId::parse(site);
            row.screen = *ScreenId::parse(site + (chance(90) ? "-hall" : "-salle"));
        }
        row.item = chance(85) ? ShownItem::capsule : ShownItem::qr_card;
        row.capsule = *CapsuleId::parse(chance(50) ? "mot-de-passe" : chance(50) ? "faux-message" : "mises-a-jour");
        row.shown_ms = chance(5) ? 0 : chance(5) ? number(10, 90'000) * std::int64_t{1000} : number(1, 30'000);
        row.boot_end_ms = boot_ms + row.shown_ms;
        row.due_ms = 28'000;
        row.frames_due = row.shown_ms / 40;
        row.frames_shown = chance(90) ? row.frames_due : 0;
        row.end = chance(80) ? ShowingEnd::complete : ShowingEnd::cut;
        row.panel = chance(70) ? PanelState::unknown : chance(50) ? PanelState::on : PanelState::off;
        writer.add(row);
    }

    std::mt19937 m_random;
    std::vector<Life> m_screens;
    Instant m_received = *parse_rfc3339("2026-10-24T05:00:00Z");
};

} // namespace capsule
