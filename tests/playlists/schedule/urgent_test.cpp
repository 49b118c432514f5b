#include "playlists/schedule/forecast.hpp"
#include "playlists/schedule/urgent.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/schedule/example.hpp"

using namespace capsule;
using namespace capsule::example;
using namespace std::chrono_literals;

namespace {

const Instant nine = at("2026-11-24T09:00:00Z");

// A loop of c0; c1 stands in no playlist, and messages bring it.
Release with_message(MessageStyle style, const char* text = "") {
    Release release = make_release({1});
    release.programme.schedules = {make_schedule("defaut")};
    release.programme.capsules[capsule_id(1)] = make_capsule(1);
    Message message;
    message.id = *MessageId::parse("alerte");
    if (*text)
        message.text["fr"] = text;
    message.capsule = capsule_id(1);
    message.from = nine;
    message.until = nine + 1h;
    message.style = style;
    release.now.messages = {message};
    return release;
}

std::optional<FullScreen> ask(const Release& release, const std::vector<ActiveMessage>& messages, const std::vector<CapsuleId>& aside = {}) {
    return full_screen(release, screen, messages, nine, aside);
}
std::vector<ActiveMessage> messages_of(const Release& release, Instant instant = nine) {
    return evaluate(release.programme, release.fleet, release.now, screen, instant, ClockKnown::yes).messages;
}

} // namespace

TEST_CASE("the capsule of a full message fills the screen, else its text, else nothing") {
    Release release = with_message(MessageStyle::full, "Canicule");
    auto messages = messages_of(release);
    auto full = ask(release, messages);
    REQUIRE(full);
    REQUIRE(full->item);
    CHECK(full->item->capsule == capsule_id(1));
    CHECK(full->item->duration == 30s);
    CHECK_FALSE(ask(release, messages, {capsule_id(1)})->item); // its text
    release.programme.capsules[capsule_id(1)].valid_until = "2026-11-24";
    CHECK_FALSE(ask(release, messages)->item);

    release.now.messages[0].text.clear();
    release.programme.capsules.erase(capsule_id(1));
    messages = messages_of(release);
    REQUIRE(messages.size() == 1);
    CHECK_FALSE(ask(release, messages)); // the loop goes on

    Message text = release.now.messages[0];
    text.id = *MessageId::parse("ferme");
    text.capsule.reset();
    text.text["fr"] = "Fermé";
    release.now.messages.push_back(text);
    messages = messages_of(release);
    REQUIRE(ask(release, messages));
    CHECK(ask(release, messages)->message->text == "Fermé");
    CHECK_FALSE(ask(with_message(MessageStyle::banner), messages_of(with_message(MessageStyle::banner))));
}

TEST_CASE("the capsule of a banner comes at once and then every five minutes, while the message holds") {
    const Release release = with_message(MessageStyle::banner);
    const auto messages = messages_of(release);
    CHECK(messages.at(0).text == "Capsule 1"); // in the band
    UrgentCapsules urgent;
    const auto due = [&](Instant instant, const std::vector<ActiveMessage>& now) { return urgent.next(release, screen, now, instant, {}).has_value(); };
    CHECK(due(nine, messages));
    CHECK_FALSE(due(nine + 30s, messages));
    CHECK_FALSE(due(nine + 299s, messages));
    CHECK(due(nine + 300s, messages));
    CHECK(due(nine + 100s, messages)); // the clock was set back: it must not stay away
    CHECK_FALSE(due(nine + 2h, {}));
    CHECK(due(nine + 2h, messages)); // a message that comes back begins anew
    CHECK_FALSE(urgent.next(release, screen, messages, nine + 3h, {capsule_id(1)}));
}

TEST_CASE("a forecast knows what messages bring") {
    const auto banner = forecast(std::make_shared<Release>(with_message(MessageStyle::banner)), screen, nine, nine + 2h);
    int urgent = 0;
    for (const auto& entry : banner.entries)
        urgent += entry.capsule == capsule_id(1);
    CHECK(urgent == 12); // an hour
    const auto full = forecast(std::make_shared<Release>(with_message(MessageStyle::full)), screen, nine - 1h, nine + 2h);
    int notices = 0;
    for (const auto& entry : full.entries)
        if (entry.kind == Forecast::Kind::notice) {
            ++notices;
            CHECK(entry.capsule == capsule_id(1));
            CHECK(entry.until == nine + 1h);
        }
    CHECK(notices == 1);
}
