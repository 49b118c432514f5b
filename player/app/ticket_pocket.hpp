// Tickets of enrolment that somebody brought on a stick: which to try next, and what became of the last. Thread-bound (whoever enrols).
#pragma once

#include "content/base/disk.hpp"
#include "playlists/client/enrolment_ticket.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace capsule {

class TicketPocket {
public:
    // `folders`: where a stick may be; one that is not there has none. Keeps a reference.
    TicketPocket(std::vector<Path> folders, Disk& disk) : m_folders(std::move(folders)), m_disk(disk) {}

    // The first that was not refused since the stick was plugged in; empty: none.
    std::optional<client::EnrolmentTicket> next();
    // The token that next() gave last does not count. `reason` as the server says.
    void refused(const std::string& reason, const std::string& detail);
    // For the card, in French: why the last one was refused; empty: none was, or there is no stick any more.
    const std::string& complaint() const { return m_complaint; }

private:
    const std::vector<Path> m_folders;
    Disk& m_disk;
    std::optional<client::EnrolmentTicket> m_last;
    std::set<std::string> m_refused; // tokens
    std::string m_complaint;
    std::set<std::string> m_said; // lines about files that cannot be read, each logged once
};

} // namespace capsule
