#include "player/app/ticket_pocket.hpp"

#include "content/base/log.hpp"

namespace capsule {

namespace {

std::string in_french(const std::string& reason, const std::string& name) {
    const std::string begin = "Le jeton de la clé pour «\u00a0" + name + "\u00a0» ";
    if (reason == "used")
        return begin + "a déjà servi pour un autre appareil.";
    if (reason == "expired")
        return begin + "n’est plus valable. Faites préparer une nouvelle clé.";
    if (reason == "served")
        return begin + "ne peut pas servir\u00a0: cet écran a déjà un appareil.";
    return begin + "n’est pas reconnu par le serveur. Faites préparer une nouvelle clé.";
}

} // namespace

std::optional<client::EnrolmentTicket> TicketPocket::next() {
    m_last.reset();
    bool any = false;
    std::vector<std::string> complaints;
    for (const Path& folder : m_folders)
        for (client::EnrolmentTicket& ticket : client::read_tickets(m_disk, folder, complaints)) {
            any = true;
            if (!m_last && !m_refused.contains(ticket.token))
                m_last = std::move(ticket);
        }
    for (const std::string& complaint : complaints)
        if (m_said.size() < 100 && m_said.insert(complaint).second)
            log_warning("enrolment", complaint);
    if (!any) { // unplugged: whoever plugs it in again means it
        m_complaint.clear();
        m_refused.clear();
    }
    return m_last;
}

void TicketPocket::refused(const std::string& reason, const std::string& detail) {
    if (!m_last)
        return;
    log_warning("enrolment", "a token of the stick is refused: " + detail);
    m_complaint = in_french(reason, m_last->name.empty() ? m_last->screen : m_last->name);
    m_refused.insert(m_last->token);
}

} // namespace capsule
