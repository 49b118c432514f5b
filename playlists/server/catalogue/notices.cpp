#include "playlists/server/catalogue/notices.hpp"

#include "playlists/model/now.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr std::string_view mark = "avis-"; // with which their ids begin

bool is_notice(const Message& message) {
    return message.id.text().starts_with(mark) && message.where.kind == Where::Kind::fact && message.where.fact == "site";
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Zone zone_of(const Fleet& fleet, const std::string& site) {
    const auto found = fleet.sites.find(SiteId::parse(site).value_or(SiteId{}));
    return Zone{found == fleet.sites.end() ? std::string("Europe/Paris") : found->second.zone};
}

} // namespace

Result<std::vector<Notice>> notices(const Publisher& publisher, const Fleet& fleet, Instant now) {
    CAPSULE_TRY(text, publisher.now());
    CAPSULE_TRY(document, parse_now(text));
    std::vector<Notice> found;
    for (const Message& message : document.messages) {
        if (!is_notice(message) || message.until <= now)
            continue;
        const auto french = message.text.find("fr");
        const Zone zone = zone_of(fleet, message.where.value);
        found.push_back({message.id.text(), message.where.value, french == message.text.end() ? std::string{} : french->second,
                         to_text(zone.day(message.until - Milliseconds{1}))});
    }
    return found;
}

Result<Notice> put_up(Publisher& publisher, const Fleet& fleet, Notice notice, Instant now) {
    const auto site = SiteId::parse(notice.site);
    if (!site || !fleet.sites.contains(*site))
        return Error{Category::invalid, "site: there is no site \"" + notice.site + "\""};
    if (notice.text.find_first_not_of(" \t\r\n") == std::string::npos || characters(notice.text) > longest_notice)
        return Error{Category::invalid, "text: 1 to " + std::to_string(longest_notice) + " characters are expected"};
    const Zone zone = zone_of(fleet, notice.site);
    const auto day = parse_day(notice.last_day);
    if (!day)
        return Error{Category::invalid, "last_day: a date such as 2026-11-24 is expected"};
    Message message;
    message.text["fr"] = notice.text;
    message.where.kind = Where::Kind::fact;
    message.where.fact = "site";
    message.where.value = notice.site;
    message.from = std::chrono::floor<std::chrono::seconds>(now);
    message.until = zone.instant(LocalTime{*day + std::chrono::days{1}});
    if (message.until <= now)
        return Error{Category::invalid, "last_day: " + notice.last_day + " is over: choose today or a later day"};
    if (message.until > now + std::chrono::days{366})
        return Error{Category::invalid, "last_day: within a year is expected"};
    CAPSULE_TRY(number, publisher.change_now([&](NowDocument& document) -> Result<void> {
        std::erase_if(document.messages, [&](const Message& one) { return is_notice(one) && one.until <= now; });
        const auto there = std::count_if(document.messages.begin(), document.messages.end(),
                                         [&](const Message& one) { return is_notice(one) && one.where.value == notice.site; });
        if (static_cast<std::size_t>(there) >= most_notices)
            return Error{Category::refused, "the site has " + std::to_string(most_notices) + " notices already: take one down first"};
        notice.id = std::string(mark) + std::to_string(document.number + 1); // each document bears another number
        message.id = MessageId::parse(notice.id).value_or(MessageId{});
        document.messages.push_back(message);
        return {};
    }));
    (void)number;
    return notice;
}

Result<void> take_down(Publisher& publisher, const std::string& id) {
    CAPSULE_TRY(number, publisher.change_now([&](NowDocument& document) -> Result<void> {
        const auto gone = std::erase_if(document.messages, [&](const Message& one) { return is_notice(one) && one.id.text() == id; });
        if (gone == 0)
            return Error{Category::missing, "there is no notice \"" + id + "\""};
        return {};
    }));
    (void)number;
    return {};
}

} // namespace capsule::server
