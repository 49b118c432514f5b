#include "playlists/schedule/urgent.hpp"
#include "playlists/schedule/judge.hpp"

#include <algorithm>

namespace capsule {

std::optional<NextItem> urgent_item(const Release& release, const ScreenId& id, const ActiveMessage& message, Instant instant,
                                    const std::vector<CapsuleId>& set_aside) {
    const Screen* screen = find_screen(release.fleet, id);
    if (!message.capsule || !screen)
        return std::nullopt;
    const Here here{release, *screen, site_of(release.fleet, screen), local_day(release.fleet, id, instant)};
    const Verdict verdict = judge(here, *message.capsule, set_aside);
    if (verdict.obstacle)
        return std::nullopt;
    NextItem item;
    item.capsule = *message.capsule;
    item.version = verdict.version;
    const auto& versions = verdict.capsule->versions;
    item.duration = verdict.version < versions.size() && versions[verdict.version].duration.count() > 0 ? versions[verdict.version].duration
                                                                                                        : Milliseconds{20'000};
    item.reason = "Un message urgent l’apporte\u00a0: «\u00a0" + message.id.text() + "\u00a0».";
    return item;
}

std::optional<FullScreen> full_screen(const Release& release, const ScreenId& screen, const std::vector<ActiveMessage>& messages,
                                      Instant instant, const std::vector<CapsuleId>& set_aside) {
    for (const ActiveMessage& message : messages) {
        if (message.style != MessageStyle::full)
            continue;
        auto item = urgent_item(release, screen, message, instant, set_aside);
        if (item || !message.text.empty())
            return FullScreen{&message, std::move(item)};
    }
    return std::nullopt;
}

std::optional<NextItem> UrgentCapsules::next(const Release& release, const ScreenId& screen, const std::vector<ActiveMessage>& messages,
                                             Instant instant, const std::vector<CapsuleId>& set_aside) {
    std::erase_if(m_began, [&](const auto& one) {
        return std::none_of(messages.begin(), messages.end(), [&](const ActiveMessage& message) { return message.id == one.first; });
    });
    for (const ActiveMessage& message : messages) {
        if (message.style != MessageStyle::banner || !message.capsule)
            continue;
        const auto began = m_began.find(message.id);
        if (began != m_began.end() && began->second <= instant && instant < began->second + interval)
            continue;
        if (auto item = urgent_item(release, screen, message, instant, set_aside)) {
            m_began[message.id] = instant;
            return item;
        }
    }
    return std::nullopt;
}

} // namespace capsule
