#include "playlists/server/redirect/scan_counter.hpp"

#include "content/base/log.hpp"

#include <array>
#include <chrono>
#include <string_view>

namespace capsule::server {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_per_batch = 5000;

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
    if (!m_queue.try_push(std::move(scan)) && !m_dropped.exchange(true))
        log_error("redirect", "scans cannot be written fast enough; some are not counted");
}

void ScanCounter::write_thread() {
    std::vector<ScannedLink> batch;
    while (auto scan = m_queue.pop()) {
        batch.push_back(std::move(*scan));
        // Others of the same moment go into the same transaction.
        const auto until = std::chrono::steady_clock::now() + 300ms;
        while (batch.size() < most_per_batch && !m_queue.closed()) {
            auto more = m_queue.pop_for(until - std::chrono::steady_clock::now());
            if (!more)
                break;
            batch.push_back(std::move(*more));
        }
        while (batch.size() < most_per_batch)
            if (auto more = m_queue.try_pop())
                batch.push_back(std::move(*more));
            else
                break;
        for (int attempt = 0;; ++attempt) {
            auto kept = m_keep(batch);
            if (kept)
                break;
            if (attempt == 3 || m_queue.closed()) {
                log_error("redirect", std::to_string(batch.size()) + " scans could not be kept: " + kept.error().message);
                break;
            }
            std::this_thread::sleep_for(200ms);
        }
        m_dropped = false;
        batch.clear();
    }
}

} // namespace capsule::server
