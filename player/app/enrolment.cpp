#include "player/app/enrolment.hpp"

#include "content/base/log.hpp"
#include "playlists/release/client.hpp"
#include "playlists/release/trust_store.hpp"

namespace capsule {

namespace {

constexpr Nanoseconds code_outlives_silence = std::chrono::minutes(1); // the server forgets it after two

std::string without_slash(std::string address) {
    while (address.ends_with('/'))
        address.pop_back();
    return address;
}

} // namespace

Enrolment::Enrolment(Settings settings, std::unique_ptr<client::DeviceClient> client, const Clock& clock, Disk& disk, ProgrammeSource& source,
                     std::function<void()> begin_sync)
    : m_settings(std::move(settings)), m_clock(clock), m_disk(disk), m_source(source), m_begin_sync(std::move(begin_sync)), m_pocket(m_settings.sticks, disk),
      m_thread(
          std::move(client), m_settings.poll_interval,
          [this] {
              const auto ticket = m_pocket.next();
              return ticket ? ticket->token : std::string{};
          },
          [this](const auto& answer) { told(answer); }) {}

bool Enrolment::trusts_somebody() {
    return m_settings.root_given || tuf::TrustStore(m_disk, m_settings.trust).has_root(); // what cannot be read is not replaced
}

void Enrolment::start(bool served) {
    m_thread.want(!served); // first: syncing may bring other news at once
    if (trusts_somebody())
        begin();
}

void Enrolment::served(bool is) {
    if (is)
        m_source.set_enrolment(std::nullopt);
    m_thread.want(!is);
}

void Enrolment::stop() { m_thread.stop(); }

void Enrolment::begin() {
    std::call_once(m_begun, [&] {
        m_syncing = true;
        m_begin_sync();
    });
}

Result<void> Enrolment::trust(const std::string& root) {
    if (trusts_somebody())
        return {};
    tuf::TrustStore store(m_disk, m_settings.trust);
    if (const auto refusal = tuf::trust_first_root(store, root))
        return tuf::to_error(*refusal);
    return {};
}

void Enrolment::told(const Result<client::Announced>& answer) {
    const Nanoseconds now = m_clock.monotonic();
    if (!answer) {
        if (answer.error().category == Category::missing) {
            log_warning("enrolment", answer.error().message + ": its files are followed, whoever made them");
            m_source.set_enrolment(std::nullopt);
            begin();
            return;
        }
        if (now - m_heard < code_outlives_silence && !m_code.empty())
            return;
        m_code.clear();
        m_source.set_enrolment(std::nullopt);
        if (!m_syncing)
            m_source.set_awaited("Le serveur ne répond pas encore.");
        log_debug("enrolment", answer.error().message);
        if (m_settings.other_sources)
            begin();
        return;
    }
    m_heard = now;
    switch (answer->state) {
    case client::Announced::State::waiting:
        if (!answer->token_refused.empty())
            m_pocket.refused(answer->token_refused, answer->token_detail);
        if (m_code != answer->code)
            log_info("enrolment", "this machine serves no screen: somebody signed in types the code " + answer->code);
        m_code = answer->code;
        m_source.set_enrolment(EnrolmentCard{answer->code,
                                             answer->console.empty() ? without_slash(m_settings.server) + "/console" : answer->console,
                                             "appareil " + m_settings.device, m_pocket.complaint()});
        break;
    case client::Announced::State::enrolled:
        m_code.clear();
        log_info("enrolment", "this machine is screen " + answer->screen);
        m_source.set_enrolment(std::nullopt);
        m_source.set_awaited("Cet écran est reconnu. Les capsules arrivent…");
        if (const auto trusted = trust(answer->root); !trusted) {
            log_error("enrolment", trusted.error().message);
            return;
        }
        begin();
        break;
    case client::Announced::State::revoked:
        m_code.clear();
        m_source.set_enrolment(EnrolmentCard{"", "", "appareil " + m_settings.device, ""});
        log_warning("enrolment", "device " + m_settings.device + " was revoked: `capsule-player --prepare-image` makes it a new one");
        break;
    }
}

} // namespace capsule
