// Reads the three documents of a release and prints what one screen would play over a span of time.
// show_programme FOLDER SCREEN FROM HOURS, for example: show_programme release/ fs-antony-hall 2026-11-23T08:00:00Z 2
#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/next.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

using namespace capsule;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::cerr << path << ": cannot be read\n";
        std::exit(1);
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

template <typename T>
T value_or_exit(Result<T> result) {
    if (!result.ok()) {
        std::cerr << result.error().message << "\n";
        std::exit(1);
    }
    return std::move(*result);
}

void show(const Release& release, const ScreenId& screen, Instant time, Instant end) {
    Cursor cursor;
    std::map<CapsuleId, int> shown;
    Evaluation last;
    while (time < end) {
        const auto now = evaluate(release.programme, release.fleet, release.now, screen, time, ClockKnown::yes);
        if (!(now == last)) {
            std::cout << to_rfc3339(time) << "  schedule " << (now.schedule ? now.schedule->text() : "-") << ", picture "
                      << (now.picture_on ? "on" : "off") << ", volume " << now.volume << ", next change "
                      << (now.next_change ? to_rfc3339(*now.next_change) : "never") << "\n";
            for (const ActiveMessage& message : now.messages)
                std::cout << "    message " << message.id.text() << ": " << message.text << "\n";
            last = now;
        }
        std::optional<NextItem> item;
        if (now.picture_on && now.playlist) {
            auto result = next(release, *now.playlist, screen, std::move(cursor), time, {});
            cursor = std::move(result.cursor);
            item = std::move(result.item);
        }
        if (!item) {
            if (!now.next_change)
                break;
            time = *now.next_change;
            continue;
        }
        const bool card = item->kind == ItemKind::qr_card;
        std::cout << to_rfc3339(time) << "  " << (card ? "qr-card " : "capsule ") << item->capsule.text() << "  " << item->reason << "\n";
        if (!card)
            ++shown[item->capsule];
        time += card ? Milliseconds{20000} : release.programme.capsules.at(item->capsule).versions.at(item->version).duration;
    }
    for (const auto& [capsule, count] : shown)
        std::cout << count << "\t" << capsule.text() << "\n";
}

} // namespace

int main(int count, char** arguments) {
    const auto screen = count == 5 ? ScreenId::parse(arguments[2]) : std::nullopt;
    const auto from = count == 5 ? parse_rfc3339(arguments[3]) : std::nullopt;
    if (!screen || !from) {
        std::cerr << "usage: show_programme FOLDER SCREEN FROM HOURS (FOLDER holds programme.json, fleet.json, now.json)\n";
        return 2;
    }
    const std::string folder = std::string{arguments[1]} + "/";
    Release release;
    release.programme = value_or_exit(parse_programme(text_of(folder + "programme.json")));
    release.fleet = value_or_exit(parse_fleet(text_of(folder + "fleet.json")));
    release.now = value_or_exit(parse_now(text_of(folder + "now.json")));
    if (!release.fleet.screens.contains(*screen)) {
        std::cerr << screen->text() << ": no such screen in fleet.json\n";
        return 1;
    }
    show(release, *screen, *from, *from + std::chrono::hours{std::atoi(arguments[4])});
    return 0;
}
