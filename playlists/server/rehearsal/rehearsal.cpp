#include "playlists/server/rehearsal/rehearsal.hpp"

#include "content/lib/curl/session.hpp"
#include "playlists/client/api_client.hpp"
#include "playlists/client/device_client.hpp"
#include "playlists/ledger/limits.hpp"
#include "playlists/release/index.hpp"
#include "playlists/schedule/zone.hpp"
#include "playlists/server/rehearsal/rehearsed_screen.hpp"

#include <algorithm>
#include <memory>

namespace capsule::server {

namespace {

constexpr std::uint64_t most_bytes = 64u << 20;
constexpr std::size_t rows_a_batch = 200;
constexpr int opens = 8, closes = 18; // local hours

// A screen, its machine, and the way to the server.
struct Machine {
    ScreenId id;
    std::string code;
    SecretKey key = SecretKey::generate();
    std::unique_ptr<client::RequestCounter> counter;
    std::unique_ptr<client::DeviceClient> client;
    std::unique_ptr<RehearsedScreen> screen;
    bool offline = false; // today
};

Result<std::string> document(const Path& release, const ReleaseIndex& index, DocumentKind kind, Disk& disk) {
    if (!index.entry(kind))
        return Error{Category::missing, "nothing is published yet"};
    return disk.read(release / document_file_name(kind, index.entry(kind)->sha256), most_bytes);
}

Result<Release> published(const Path& data, Disk& disk) {
    const Path folder = data / "release";
    CAPSULE_TRY(text, disk.read(folder / "index.json", 1u << 20));
    CAPSULE_TRY(index, parse_release_index(text));
    Release release;
    CAPSULE_TRY(programme_text, document(folder, index, DocumentKind::programme, disk));
    CAPSULE_TRY(programme, parse_programme(programme_text));
    CAPSULE_TRY(fleet_text, document(folder, index, DocumentKind::fleet, disk));
    CAPSULE_TRY(fleet, parse_fleet(fleet_text));
    release.programme = std::move(programme);
    release.fleet = std::move(fleet);
    return release;
}

Result<void> send(Machine& machine, Instant until, std::int64_t& rows) {
    for (;;) {
        const std::string batch = machine.screen->take_until(until, rows_a_batch);
        if (batch.empty())
            return {};
        CAPSULE_TRY(reply, machine.client->send_rows(machine.screen->journal(), batch));
        if (reply.answer != client::RowsReply::Answer::taken)
            return Error{Category::refused, "rows of screen " + machine.id.text() + ": " + reply.problem};
        rows += static_cast<std::int64_t>(std::count(batch.begin(), batch.end(), '\n'));
    }
}

Result<void> open_link(http::Session& session, const std::string& address) {
    http::Request request;
    request.url = address;
    request.most_bytes = 1u << 20;
    CAPSULE_TRY(response, session.perform(request));
    if (response.status != 302)
        return Error{Category::io, address + " answers " + std::to_string(response.status)};
    return {};
}

} // namespace

Result<Rehearsed> rehearse(const RehearsalPlan& plan, SimulatedClock& clock, Disk& disk, Random& random) {
    Rehearsed done;
    CAPSULE_TRY(release, published(plan.data, disk));
    client::ApiClient api(plan.url, plan.token);
    std::vector<Machine> machines;
    const auto counter_of = [&](const ScreenId& id) { return plan.data / ("rehearsal-" + id.text()); };
    for (const auto& [id, screen] : release.fleet.screens) {
        Machine machine;
        machine.id = id;
        machine.code = screen.code;
        CAPSULE_CHECK(api.put_device(machine.key.public_key(), id));
        machine.counter = std::make_unique<client::RequestCounter>(disk, counter_of(id));
        machine.client = std::make_unique<client::DeviceClient>(plan.url, machine.key, *machine.counter, random);
        machines.push_back(std::move(machine));
    }
    CAPSULE_TRY(with_devices, published(plan.data, disk));
    const auto shared = std::make_shared<const Release>(std::move(with_devices));
    std::vector<std::string> codes;
    for (const auto& [id, capsule] : shared->programme.capsules)
        codes.push_back(capsule.code);
    for (Machine& machine : machines)
        machine.screen = std::make_unique<RehearsedScreen>(machine.id, machine.key.public_key().device_id(), shared, random);

    http::Session visitors{http::Settings{}};
    const Zone zone("Europe/Paris");
    for (LocalDay day = zone.day(clock.wall()); zone.instant(day + std::chrono::hours(23)) < plan.until; day += std::chrono::days(1)) {
        if (std::chrono::weekday(std::chrono::sys_days(day.time_since_epoch())) == std::chrono::Sunday)
            continue;
        for (Machine& machine : machines) {
            machine.offline = random.number() % 14 == 0; // what it has comes the next day
            machine.screen->play(zone.instant(day + std::chrono::hours(opens)), zone.instant(day + std::chrono::hours(closes)));
        }
        for (int hour = opens + 1; hour <= closes; ++hour) {
            const Instant now = zone.instant(day + std::chrono::hours(hour)) + std::chrono::seconds(20);
            clock.move_to(now);
            for (Machine& machine : machines) {
                if (!machine.offline)
                    CAPSULE_CHECK(send(machine, now, done.rows));
                for (std::uint64_t visitor = random.number() % 3; !codes.empty() && visitor > 0; --visitor, ++done.links)
                    CAPSULE_CHECK(open_link(visitors, plan.url + "/Q/" + machine.code + codes[random.number() % codes.size()]));
            }
        }
    }
    clock.move_to(plan.until);
    for (Machine& machine : machines) {
        CAPSULE_CHECK(send(machine, plan.until, done.rows));
        CAPSULE_CHECK(api.revoke_device(machine.key.public_key().device_id()));
        CAPSULE_CHECK(disk.remove(counter_of(machine.id)));
    }
    done.screens = static_cast<std::int64_t>(machines.size());
    return done;
}

} // namespace capsule::server
