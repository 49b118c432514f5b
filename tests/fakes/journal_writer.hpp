// Chained rows without a disk, as a screen would write them.
#pragma once

#include "playlists/ledger/batch.hpp"
#include "playlists/ledger/row.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace capsule {

class JournalWriter {
public:
    explicit JournalWriter(std::string journal = std::string(32, 'a'), std::string device = "5f0c9a1e22b47d10")
        : m_journal(std::move(journal)), m_device(std::move(device)) {}

    const std::string& journal() const { return m_journal; }
    const std::string& device() const { return m_device; }
    void reboot(std::string boot) { m_boot = std::move(boot); }

    // Appends a row and returns its bytes.
    const std::string& add(std::variant<ShowingRow, AnchorRow, GapRow, StateRow> body) {
        const RowHeader header{m_device, m_journal, static_cast<std::int64_t>(m_rows.size()) + 1,
                               m_rows.empty() ? Digest{} : row_digest(m_rows.back()), m_boot};
        m_rows.push_back(serialise({header, std::move(body)}));
        return m_rows.back();
    }
    // A capsule shown for 10 s from `boot_ms` on.
    const std::string& show(std::int64_t boot_ms, const std::string& capsule = "mot-de-passe", const std::string& site = "fs-antony") {
        ShowingRow row;
        row.boot_start_ms = boot_ms;
        row.boot_end_ms = boot_ms + 10'000;
        row.wall_start_ms = boot_ms; // 1970
        row.screen = *ScreenId::parse(site + "-hall");
        row.site = *SiteId::parse(site);
        row.capsule = *CapsuleId::parse(capsule);
        row.version = sha256(capsule).hex();
        row.language = "fr";
        row.due_ms = row.shown_ms = 10'000;
        row.frames_due = row.frames_shown = 250;
        return add(row);
    }

    // Rows `from` … `to` (from 1, both included) as a batch.
    std::string batch(std::size_t from, std::size_t to) const {
        std::string out;
        for (std::size_t i = from; i <= to; ++i)
            out += m_rows.at(i - 1) + "\n";
        return out;
    }
    std::string batch() const { return batch(1, m_rows.size()); }
    const std::vector<std::string>& rows() const { return m_rows; }
    // Forgets rows after `count`: what is added next is another branch.
    void cut(std::size_t count) { m_rows.resize(count); }

private:
    std::string m_journal, m_device, m_boot = "boot-1";
    std::vector<std::string> m_rows;
};

} // namespace capsule
