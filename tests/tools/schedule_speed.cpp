// How quickly schedules are evaluated and running orders drawn up, on a made-up programme: schedule_speed [PLAYLISTS RULES SCREENS].
#include "playlists/model/release.hpp"
#include "playlists/schedule/forecast.hpp"
#include "playlists/schedule/timetable.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace capsule;

namespace {

double seconds_of(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Release made_up(int playlists, int rules, std::mt19937& random) {
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    Release release;
    Site site;
    site.id = *SiteId::parse("mairie");
    site.commune = "92002";
    site.ept = "VSGP";
    site.type = "MUNI";
    site.hours = "Mo-Fr 08:30-12:30,13:30-17:30; Sa 09:00-12:00; PH off";
    release.fleet.sites[site.id] = site;
    Screen screen;
    screen.id = *ScreenId::parse("hall");
    screen.site = site.id;
    release.fleet.screens[screen.id] = screen;
    for (int i = 0; i < 200; ++i) {
        Capsule capsule;
        capsule.id = *CapsuleId::parse("c" + std::to_string(i));
        CapsuleVersion version;
        version.language = "fr";
        version.media = {sha256(capsule.id.text()), 1000, "video/mp4"};
        version.duration = std::chrono::seconds{15 + pick(30)};
        capsule.versions.push_back(version);
        release.programme.capsules[capsule.id] = capsule;
    }
    for (int i = 0; i < playlists; ++i) {
        Playlist list;
        list.id = *PlaylistId::parse("p" + std::to_string(i));
        list.order = i % 2 ? PlaylistOrder::shuffle : PlaylistOrder::listed;
        for (int j = 0; j < 20; ++j) {
            PlaylistItem item;
            item.capsule = *CapsuleId::parse("c" + std::to_string(pick(200)));
            item.weight = 1 + pick(5);
            list.items.push_back(item);
        }
        release.programme.playlists[list.id] = list;
    }
    const std::vector<std::string> days{"Mo-Fr", "Sa", "Mo", "Tu,Th", "We", "Mo[1]", "PH", "Su"};
    for (int i = 0; i < rules; ++i) {
        Schedule schedule;
        schedule.id = *ScheduleId::parse("s" + std::to_string(i));
        schedule.playlist = *PlaylistId::parse("p" + std::to_string(pick(playlists)));
        schedule.priority = i == 0 ? -1 : pick(10);
        if (i > 0) {
            const int from = 6 + pick(14);
            char hours[32];
            std::snprintf(hours, sizeof hours, " %02d:%02d-%02d:%02d", from, pick(60), from + 1 + pick(3), pick(60));
            schedule.when = days[static_cast<std::size_t>(pick(static_cast<int>(days.size())))] + hours;
        } else {
            schedule.when = "open";
        }
        release.programme.schedules.push_back(schedule);
    }
    return release;
}

} // namespace

int main(int argc, char** argv) {
    const int playlists = argc > 1 ? std::atoi(argv[1]) : 200, rules = argc > 2 ? std::atoi(argv[2]) : 1000,
              screens = argc > 3 ? std::atoi(argv[3]) : 0;
    if (playlists < 1 || rules < 1) {
        std::fprintf(stderr, "usage: schedule_speed [PLAYLISTS RULES SCREENS]\n");
        return 2;
    }
    std::mt19937 random{1};
    const Release release = made_up(playlists, rules, random);
    const ScreenId screen = *ScreenId::parse("hall");
    const Instant begin = *parse_rfc3339("2027-01-01T00:00:00Z");

    std::unique_ptr<Timetable> timetable;
    const double read = seconds_of([&] { timetable = std::make_unique<Timetable>(release.programme, release.fleet, release.now, screen); });
    int changes = 0;
    const double year = seconds_of([&] {
        for (Instant at = begin; at < begin + std::chrono::days{365}; ++changes) {
            const auto next = timetable->at(at).next_change;
            if (!next)
                break;
            at = *next;
        }
    });
    const int asked = 100'000;
    const double ahead = seconds_of([&] {
        for (int i = 0; i < asked; ++i)
            timetable->at(begin + std::chrono::minutes{5} * i);
    });
    const double anywhere = seconds_of([&] {
        for (int i = 0; i < 2000; ++i)
            timetable->at(begin + std::chrono::seconds{random() % (365 * 86400)});
    });
    std::printf("%d playlists, %d rules, one screen\n", playlists, rules);
    std::printf("  read once                          %8.2f ms\n", read * 1e3);
    std::printf("  an instant, every 5 minutes        %8.2f us\n", ahead / asked * 1e6);
    std::printf("  an instant, anywhere in the year   %8.2f us\n", anywhere / 2000 * 1e6);
    std::printf("  a year of changes (%d)           %8.2f s\n", changes, year);

    // A year and a week as the forecast draws them up: every item with its reason, its share, what overlaps.
    const auto shared = std::make_shared<const Release>(release);
    std::size_t items = 0;
    const double whole_year = seconds_of([&] { items = forecast(shared, screen, begin, begin + std::chrono::days{365}).entries.size(); });
    std::printf("  a year simulated                   %8.2f s (%zu items)\n", whole_year, items);
    if (screens < 1)
        return 0;
    std::atomic<int> next{0};
    std::atomic<std::size_t> all{0};
    const double weeks = seconds_of([&] {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                for (int one = next++; one < screens; one = next++)
                    all += forecast(shared, screen, begin + std::chrono::days{one % 350}, begin + std::chrono::days{one % 350 + 7}).entries.size();
            });
    });
    std::printf("  %d screens x a week, two threads  %8.2f s (%zu items)\n", screens, weeks, all.load());
}
