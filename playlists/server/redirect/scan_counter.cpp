#include "playlists/server/redirect/scan_counter.hpp"

#include "content/base/log.hpp"

#include <array>
#include <chrono>
#include <map>
#include <string_view>
#include <tuple>

namespace capsule::server {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 100'000; // links × quarters of an hour while the database is away

std::string lower_case(std::string text) {
    for (char& c : text)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

} // namespace

bool counts_as_scan(const std::string& purpose, const std::string& user_agent) {
    const std::string why = lower_case(purpose);
    if (why.find("prefetch") != std::string::npos || why.find("preview") != std::string::npos)
        return false;
    // Words in the names of robots and of the programs that fetch link previews.
    static constexpr std::array<std::string_view, 12> robots = {
        "bot",      "crawl",    "spider",  "slurp",    "preview",         "facebookexternalhit",
        "whatsapp", "telegram", "embedly", "headless", "python-requests", "go-http-client"};
    const std::string agent = lower_case(user_agent);
    for (const std::string_view robot : robots)
        if (agent.find(robot) != std::string::npos)
            return false;
    return true;
}

ScanCounter::ScanCounter(Keep keep) : m_keep(std::move(keep)), m_thread([this] { write_thread(); }) {}

ScanCounter::~ScanCounter() {
    m_queue.close();
    m_thread.join();
}

void ScanCounter::count(ScannedLink scan) {
    if (!m_queue.try_push(std::move(scan)))
        drop();
}

void ScanCounter::drop() {
    if (!m_dropped.exchange(true))
        log_error("redirect", "scans cannot be kept fast enough; some are not counted");
}

void ScanCounter::write_thread() {
    // What waits to be kept: of each link and quarter of an hour, how often. No zone's hour begins within a quarter.
    using Key = std::tuple<std::string, std::string, std::string, std::string, std::int64_t>;
    std::map<Key, std::int64_t> waiting;
    std::int64_t scans = 0;
    const auto take = [&](ScannedLink& scan) {
        constexpr std::int64_t quarter_ms = 900'000;
        const Key key{std::move(scan.screen_code), std::move(scan.site), std::move(scan.capsule), std::move(scan.zone),
                      to_ms(scan.at) / quarter_ms};
        if (const auto known = waiting.find(key); known != waiting.end())
            known->second += scan.times;
        else if (waiting.size() < most_waiting)
            waiting.emplace(key, scan.times);
        else
            return drop();
        scans += scan.times;
    };
    bool said = false;
    int last_tries = 0;
    while (!waiting.empty() || !m_queue.closed() || m_queue.size() > 0) {
        if (waiting.empty())
            if (auto first = m_queue.pop())
                take(*first);
        // Others of the same moment go into the same transaction; after a failure there is more patience.
        const auto until = std::chrono::steady_clock::now() + (said ? 1000ms : 300ms);
        for (auto now = std::chrono::steady_clock::now(); now < until && !m_queue.closed();
             now = std::chrono::steady_clock::now()) {
            auto more = m_queue.pop_for(until - now);
            if (!more)
                break;
            take(*more);
        }
        while (auto more = m_queue.try_pop())
            take(*more);
        if (waiting.empty())
            continue;
        std::vector<ScannedLink> batch;
        for (const auto& [key, times] : waiting)
            batch.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
                             instant_from_ms(std::get<4>(key) * 900'000), times});
        if (auto kept = m_keep(batch)) {
            if (said)
                log_info("redirect", std::to_string(scans) + " scans that had to wait are kept now");
            said = false;
            waiting.clear();
            scans = 0;
            m_dropped = false;
        } else if (m_queue.closed() && ++last_tries == 4) {
            log_error("redirect", std::to_string(scans) + " scans are lost at the end: " + kept.error().message);
            return;
        } else if (!said) {
            log_warning("redirect", "scans wait to be kept: " + kept.error().message);
            said = true;
        }
        if (said && m_queue.closed())
            std::this_thread::sleep_for(200ms);
    }
}

} // namespace capsule::server
