// The capsules that messages bring: which of them comes next, before what the schedules say. Pure but for its own memory. One thread
// at a time.
//
// One in the picture's place (`full`) plays over and over while the message holds. One of a banner comes as soon as what is on
// screen is over, then again when five minutes have passed since it began; the loop goes on between.
#pragma once

#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/next.hpp"

#include <map>
#include <optional>
#include <vector>

namespace capsule {

// The capsule of a message. Empty: it has none, or one that cannot play here (not in the programme, withdrawn, out of date, needs
// what the place lacks, set aside).
std::optional<NextItem> urgent_item(const Release& release, const ScreenId& screen, const ActiveMessage& message, Instant instant,
                                    const std::vector<CapsuleId>& set_aside);

// What fills the screen: of several full messages the first of the document that has anything to show. Without an item: its text.
struct FullScreen {
    const ActiveMessage* message = nullptr; // of those that were given
    std::optional<NextItem> item;
};
std::optional<FullScreen> full_screen(const Release& release, const ScreenId& screen, const std::vector<ActiveMessage>& messages,
                                      Instant instant, const std::vector<CapsuleId>& set_aside);

class UrgentCapsules {
public:
    static constexpr Milliseconds interval{300'000};

    // The capsule of a banner that is due, counted as begun; empty: none.
    std::optional<NextItem> next(const Release& release, const ScreenId& screen, const std::vector<ActiveMessage>& messages, Instant instant,
                                 const std::vector<CapsuleId>& set_aside);

private:
    std::map<MessageId, Instant> m_began; // of the messages that hold
};

} // namespace capsule
