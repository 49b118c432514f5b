// now.json: urgent messages and withdrawals, obeyed as soon as verified. Format: playlists/release/README.md. Reentrant values.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"
#include "playlists/model/programme.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

enum class MessageStyle { banner, full };

// A text, a capsule, or both. `full` takes the picture's place: the capsule, or where it cannot play the text, fills the screen. A
// `banner` lies over the picture: the text, else the capsule's title; the capsule then comes between the others.
struct Message {
    MessageId id;
    std::map<std::string, std::string> text; // by language; empty only where there is a capsule
    std::optional<CapsuleId> capsule = {};   // of the programme
    Where where;
    Instant from{}, until{}; // half-open
    MessageStyle style = MessageStyle::banner;
    bool operator==(const Message&) const = default;
};

struct Withdrawal {
    CapsuleId capsule;
    std::optional<Digest> version; // empty: every version
    bool operator==(const Withdrawal&) const = default;
};

struct NowDocument {
    std::int64_t number = 0;
    std::vector<Message> messages;
    std::vector<Withdrawal> withdrawn;
};

Result<NowDocument> parse_now(std::string_view text);
std::string serialise(const NowDocument& document);

} // namespace capsule
