// Figures of the server's ledger. See README.md of this folder.
#include "playlists/model/communes.hpp"
#include "playlists/server/app/schema.hpp"
#include "playlists/server/database/database.hpp"
#include "playlists/server/indicators/report.hpp"
#include "playlists/server/ledger/local_hour.hpp"
#include "playlists/server/ledger/rebuild.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/running_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <thread>

using namespace capsule;
using namespace capsule::server;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

double cpu_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <typename T>
T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().message);
    return *std::move(result);
}

void must(Result<void> result) {
    if (!result)
        throw std::runtime_error(result.error().message);
}

std::string capsule_name(int i) {
    return "capsule-" + std::to_string(i);
}

// ---- ingest

// A day of a screen that shows capsules of 28 s without a pause, in batches of 500 rows.
std::vector<std::string> batches_of(const std::string& device, int count) {
    JournalWriter screen(std::string(32, 'b'), device);
    std::vector<std::string> out;
    const std::int64_t start = 1'795'338'000'000;
    for (int batch = 0; batch < count; ++batch) {
        const std::size_t first = screen.rows().size() + 1;
        for (int i = 0; i < 500; ++i) {
            const std::int64_t boot_ms = (static_cast<std::int64_t>(batch) * 500 + i) * 28'000;
            if (i % 20 == 0)
                screen.add(AnchorRow{boot_ms, start + boot_ms, 20, "server"});
            else
                screen.show(boot_ms, capsule_name(i % 13));
        }
        out.push_back(screen.batch(first, screen.rows().size()));
    }
    return out;
}

int ingest(int count) {
    RunningServer running;
    const SecretKey key = SecretKey::generate();
    const std::string id = key.public_key().device_id(), path = "/api/v1/ledger/" + std::string(32, 'b');
    running.client->put("/api/v1/sites/fs-antony", R"({"name":"Antony","commune":"92002"})");
    running.client->put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})");
    running.client->put("/api/v1/devices/" + id,
                        R"({"public_key":")" + key.public_key().hex() + R"(","screen":"fs-antony-hall"})");
    running.clock.set_wall(instant_from_ms(1'795'338'000'000));
    const std::vector<std::string> batches = batches_of(id, count);
    std::vector<std::vector<std::string>> headers;
    std::uint64_t counter = 0;
    for (const std::string& batch : batches)
        headers.push_back(device_headers(key, "POST", path, batch, ++counter));

    HttpClient client(running.url());
    const double cpu = cpu_of(CLOCK_PROCESS_CPUTIME_ID), own = cpu_of(CLOCK_THREAD_CPUTIME_ID);
    const auto start = Steady::now();
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const HttpReply reply = client.post(path, batches[i], headers[i]);
        if (reply.status != 200)
            throw std::runtime_error("batch " + std::to_string(i) + ": " + std::to_string(reply.status) + " " + reply.body);
    }
    const double took = seconds_since(start);
    const double server = cpu_of(CLOCK_PROCESS_CPUTIME_ID) - cpu - (cpu_of(CLOCK_THREAD_CPUTIME_ID) - own);
    auto database = must(sqlite::Database::open(running.settings.data / "server.db"));
    auto select = must(database.prepare("SELECT COUNT(*), SUM(LENGTH(bytes)) FROM ledger_row"));
    must(select.step());
    const std::int64_t rows = select.integer(0);
    if (rows != count * 500)
        throw std::runtime_error("only " + std::to_string(rows) + " rows are there");
    const double all = static_cast<double>(rows);
    std::printf("%lld rows of %lld bytes in %.2f s: %.0f rows/s by one screen; %.2f s of the server's processor time: %.0f "
                "rows/s and core\n",
                static_cast<long long>(rows), static_cast<long long>(select.integer(1) / rows), took, all / took, server,
                all / server);
    return 0;
}

// ---- fill, read

struct BenchLabels final : Labels {
    int screens = 0;
    std::string capsule_title(const std::string& capsule) const override { return capsule; }
    std::string capsule_theme(const std::string& capsule) const override {
        if (capsule.empty())
            return {};
        return "theme-" + std::to_string(std::stoi(capsule.substr(8)) % 8);
    }
    std::string site_name(const std::string& site) const override { return site; }
    std::string site_commune(const std::string& site) const override {
        if (!site.starts_with("site-")) // the one of the redirects
            return "92002";
        const auto communes = all_communes();
        return std::string(communes[static_cast<std::size_t>(std::stoi(site.substr(5))) % communes.size()].insee);
    }
    std::string site_ept(const std::string& site) const override { return std::string(find_commune(site_commune(site))->ept); }
    std::vector<ExpectedScreen> expected_screens() const override {
        std::vector<ExpectedScreen> out;
        for (int i = 0; i < screens; ++i)
            out.push_back({"screen-" + std::to_string(i), "Mo-Fr 09:00-12:00,13:30-17:00; PH off", "Europe/Paris", Instant{}});
        return out;
    }
};

// Showings at random times of the day, from 1 January 2026 on. Each stands for a row; the rows themselves are left out.
int fill(const Path& folder, int screens, int days, int a_day) {
    std::filesystem::create_directories(folder);
    SystemClock clock;
    auto server = must(ServerDatabase::open(folder / "server.db", server_migrations(), clock));
    auto lease = must(server->lease());
    sqlite::Database& database = *lease;
    must(database.execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-6000000; PRAGMA temp_store=MEMORY;"));
    const auto start = Steady::now();
    must(database.execute("BEGIN"));
    for (int i = 0; i < screens; ++i)
        must(database.execute(
            "INSERT INTO ledger_journal(device,journal,acked,last_digest,highest_seen,first_received_ms,last_received_ms)"
            " VALUES('" +
            std::to_string(1'000'000'000'000'000 + i) + "','" + std::string(32, 'b') + "',0,'',0,0,0)"));
    auto insert = must(database.prepare(
        "INSERT INTO "
        "ledger_showing(journal_id,seq,device,boot,boot_start_ms,start_utc_ms,error_ms,local_day,local_hour,received_ms,screen,"
        "site,"
        "playlist,item,capsule,version,language,due_ms,shown_ms,frames_due,frames_shown,frames_late,ending,evidence)"
        " VALUES(?1,?2,?3,'boot',?4,?5,20,?6,?7,?5,?8,?9,'accueil','capsule',?10,'','fr',28000,?11,700,?12,0,?13,?14)"));
    std::uint64_t random = 42;
    const auto draw = [&](std::uint64_t below) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        return (random >> 33) % below;
    };
    const Instant first = *parse_rfc3339("2026-01-01T00:00:00Z");
    std::vector<std::string> names, sites, devices, capsules;
    for (int i = 0; i < screens; ++i) {
        names.push_back("screen-" + std::to_string(i));
        sites.push_back("site-" + std::to_string(i * 9 / 10)); // some have two
        devices.push_back(std::to_string(1'000'000'000'000'000 + i));
    }
    for (int i = 0; i < 24; ++i)
        capsules.push_back(capsule_name(i));
    for (int day = 0; day < days; ++day)
        for (int screen = 0; screen < screens; ++screen) {
            std::int64_t offset = 8 * 3'600'000; // from 09:00 in Paris
            for (int i = 0; i < a_day; ++i) {
                offset += static_cast<std::int64_t>(draw(1'800'000)) * 30 / a_day;
                const Instant at = first + std::chrono::hours(24 * day) + Milliseconds(offset);
                const LocalHour hour = local_hour("", at);
                const auto at_screen = static_cast<std::size_t>(screen);
                insert.bind(1, std::int64_t{screen} + 1);
                insert.bind(2, std::int64_t{day} * a_day + i + 1);
                insert.bind(3, devices[at_screen]);
                insert.bind(4, to_ms(at) - to_ms(first));
                insert.bind(5, to_ms(at));
                insert.bind(6, hour.day);
                insert.bind(7, hour.hour);
                insert.bind(8, names[at_screen]);
                insert.bind(9, sites[at_screen]);
                insert.bind(10, capsules[draw(24)]);
                insert.bind(11, static_cast<std::int64_t>(draw(20) == 0 ? draw(28'000) : 28'000));
                insert.bind(12, static_cast<std::int64_t>(700 - draw(3)));
                insert.bind(13, std::string_view(draw(30) == 0 ? "cut" : "complete"));
                insert.bind(14, std::string_view(draw(50) == 0 ? "panel-off" : "presented"));
                must(insert.run());
            }
        }
    std::printf("%d showings in %.0f s\n", screens * days * a_day, seconds_since(start));
    const auto summing = Steady::now();
    must(sum_showings(database));
    must(mark_ledger_current(database));
    must(database.execute("COMMIT; ANALYZE;"));
    std::printf("their sums in %.0f s\n", seconds_since(summing));
    return 0;
}

// All that can be asked for together, or those that are worth the minutes which the rows take.
std::vector<std::string> combinations(bool all) {
    if (!all)
        return {"commune",      "theme",       "month",     "site",    "capsule",   "day",
                "commune,theme", "theme,month", "commune,month", "commune,theme,month", "commune,theme,hour", "ept,theme,day"};
    const char* words[] = {"commune", "theme", "month", "ept", "capsule", "site", "day", "hour"};
    std::vector<std::string> out;
    for (unsigned chosen = 1; chosen < 1u << 8; ++chosen) {
        std::string by;
        for (unsigned word = 0; word < 8; ++word)
            if (chosen & 1u << word)
                by += (by.empty() ? "" : ",") + std::string(words[word]);
        out.push_back(by);
    }
    return out;
}

// As many rows as there can be, of 900 sites and 24 capsules that show from 09:00 on.
std::size_t rows_expected(const Dimensions& by) {
    std::size_t rows = by.has(ReportBy::site) ? 900 : by.has(ReportBy::commune) ? 36 : by.has(ReportBy::ept) ? 4 : 1;
    rows *= by.has(ReportBy::capsule) ? 24 : by.has(ReportBy::theme) ? 8 : 1;
    rows *= by.has(ReportBy::day) ? 365 : by.has(ReportBy::month) ? 12 : 1;
    return rows * (by.has(ReportBy::hour) ? 15 : 1);
}

// `most_rows`: longer reports are not asked for. `asked_for`: these instead of the usual ones.
int read(const Path& folder, bool compare, std::size_t most_rows, const std::vector<std::string>& asked_for) {
    SystemClock clock;
    auto server = must(ServerDatabase::open(folder / "server.db", server_migrations(), clock));
    auto lease = must(server->lease());
    auto count = must(lease->prepare("SELECT COUNT(DISTINCT place) FROM ledger_sum WHERE grain=6"));
    must(count.step());
    BenchLabels labels;
    labels.screens = static_cast<int>(count.integer(0));
    const Instant now = *parse_rfc3339("2027-01-01T00:00:00Z");
    setvbuf(stdout, nullptr, _IOLBF, 0);
    bool well = true;
    double worst = 0;
    int asked = 0, quick = 0, long_ones = 0;
    for (const auto& [from, to] : std::vector<std::pair<std::int64_t, std::int64_t>>{{20260101, 20261231}, {20260117, 20261109}})
        for (const std::string& by : asked_for.empty() ? combinations(!compare) : asked_for) {
            const auto dimensions = parse_dimensions(by);
            if (!dimensions)
                throw std::runtime_error("no dimensions: " + by);
            ReportQuery query{from, to, *dimensions, true, ReportSource::sums};
            if (rows_expected(query.by) > most_rows) {
                ++long_ones;
                continue;
            }
            std::vector<double> took;
            std::string sums;
            std::size_t rows_told = 0;
            for (int i = 0; i < (compare ? 5 : 3); ++i) {
                const auto start = Steady::now();
                const Report made = must(report(*lease, query, labels, now));
                sums = report_json(made);
                took.push_back(seconds_since(start) * 1000);
                rows_told = made.rows.size();
            }
            std::sort(took.begin(), took.end());
            std::printf("%lld to %lld by %-40s %7zu rows, median %6.1f ms, worst %6.1f ms", static_cast<long long>(from),
                        static_cast<long long>(to), by.c_str(), rows_told, took[took.size() / 2], took.back());
            worst = std::max(worst, took.back());
            ++asked;
            quick += took.back() <= 300;
            if (!compare) {
                std::printf("\n");
                continue;
            }
            const auto start = Steady::now();
            query.source = ReportSource::rows;
            std::string rows = report_json(must(report(*lease, query, labels, now)));
            const double slow = seconds_since(start);
            for (std::string* text : {&sums, &rows})
                text->erase(text->find("\"source\""), 15);
            well = well && sums == rows;
            std::printf("; from rows %6.2f s, %s\n", slow, sums == rows ? "equal" : "NOT EQUAL");
        }
    std::printf("%d reports, %d within 300 ms, worst %.1f ms%s; %d of more than %zu rows not asked for\n", asked, quick, worst,
                !compare ? "" : well ? ", all equal" : ", NOT ALL EQUAL", long_ones, most_rows);
    return well ? 0 : 1;
}

// ---- redirects

class Visitor {
public:
    explicit Visitor(const std::string& address) {
        m_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
        inet_pton(AF_INET, address.substr(0, address.find(':')).c_str(), &to.sin_addr);
        if (connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("cannot connect to " + address);
        const int on = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Visitor() { close(m_socket); }
    bool scan(const std::string& code) {
        const std::string request =
            "GET /Q/" + code + " HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14)\r\n\r\n";
        if (write(m_socket, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
            return false;
        std::string answer;
        char buffer[4096];
        while (answer.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::read(m_socket, buffer, sizeof buffer);
            if (got <= 0)
                return false;
            answer.append(buffer, static_cast<std::size_t>(got));
        }
        return answer.starts_with("HTTP/1.1 302") && answer.find("soliguide.fr") != std::string::npos;
    }

private:
    int m_socket = -1;
};

int redirects(const Path& folder, int rate, int length) {
    block_signals();
    SystemClock clock;
    SystemDisk disk;
    SystemRandom random;
    ServerSettings settings;
    settings.data = folder;
    settings.public_url = "http://127.0.0.1:1";
    settings.scans_per_minute = 1'000'000;
    auto server = must(Server::start(settings, clock, disk, random));
    const std::string url = "http://" + server->address();
    HttpClient client(url);
    if (server->first_secret())
        client.post("/api/v1/accounts/first",
                    R"({"secret":")" + *server->first_secret() + R"(","login":"anne","password":"un mot de passe bien long"})");
    const std::string token = RunningServer::after(
        client.post("/api/v1/sessions", R"({"login":"anne","password":"un mot de passe bien long","kind":"token"})").body,
        "\"token\":\"", 64);
    client.always("Authorization: Bearer " + token);
    client.put("/api/v1/sites/fs-antony", R"({"name":"Antony","commune":"92002","postcode":"92160"})");
    const std::string code =
        RunningServer::after(client.put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})").body,
                             "\"code\":\"", 3) +
        "000";

    std::atomic<bool> stop = false;
    std::atomic<int> reports = 0, bad_reports = 0;
    std::vector<std::thread> evaluators;
    for (int i = 0; i < 2; ++i)
        evaluators.emplace_back([&, i] {
            HttpClient evaluator(url);
            evaluator.always("Authorization: Bearer " + token);
            for (int n = i; !stop; ++n) {
                const char* by[] = {"site", "capsule", "day", "commune,theme,month"};
                if (evaluator.get(std::string("/api/v1/report?from=2026-01-17&to=2026-11-09&by=") + by[n % 4]).status != 200)
                    ++bad_reports;
                ++reports;
            }
        });
    constexpr int visitors = 16;
    std::vector<std::vector<double>> latencies(visitors);
    std::atomic<int> bad = 0;
    std::vector<std::thread> threads;
    const auto start = Steady::now() + 200ms;
    for (int v = 0; v < visitors; ++v)
        threads.emplace_back([&, v] {
            Visitor visitor(server->address());
            for (std::int64_t n = v; n < std::int64_t{rate} * length; n += visitors) {
                const auto due = start + std::chrono::nanoseconds(n * 1'000'000'000 / rate);
                std::this_thread::sleep_until(due);
                if (!visitor.scan(code))
                    ++bad;
                latencies[static_cast<std::size_t>(v)].push_back(seconds_since(due) * 1000);
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    const double took = seconds_since(start);
    stop = true;
    for (std::thread& thread : evaluators)
        thread.join();
    server->stop();
    server.reset();
    std::vector<double> all;
    for (const auto& some : latencies)
        all.insert(all.end(), some.begin(), some.end());
    std::sort(all.begin(), all.end());
    auto database = must(sqlite::Database::open(folder / "server.db"));
    auto select = must(database.prepare("SELECT COALESCE(SUM(scans),0) FROM scan_count"));
    must(select.step());
    const auto at = [&](double share) {
        return all[std::min(all.size() - 1, static_cast<std::size_t>(static_cast<double>(all.size()) * share))];
    };
    std::printf("%zu redirects in %.1f s: %.0f a second; median %.2f ms, p99 %.2f ms, p99.9 %.2f ms, worst %.1f ms; %d wrong; %d "
                "reports meanwhile,"
                " %d of them wrong; %lld scans counted in all\n",
                all.size(), took, static_cast<double>(all.size()) / took, at(0.5), at(0.99), at(0.999), all.back(), bad.load(),
                reports.load(), bad_reports.load(), static_cast<long long>(select.integer(0)));
    return bad + bad_reports == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&](std::size_t at, int otherwise) { return words.size() > at ? std::stoi(words[at]) : otherwise; };
    try {
        if (!words.empty() && words[0] == "ingest")
            return ingest(number(1, 200));
        if (words.size() > 1 && words[0] == "fill")
            return fill(words[1], number(2, 1000), number(3, 365), number(4, 30));
        if (words.size() > 1 && words[0] == "read") {
            const bool sums = words.size() > 2 && words[2] == "sums", chosen = words.size() > 2 && !sums;
            return read(words[1], !sums, static_cast<std::size_t>(sums ? number(3, 20'000) : 10'000'000),
                        chosen ? std::vector(words.begin() + 2, words.end()) : std::vector<std::string>{});
        }
        if (words.size() > 1 && words[0] == "redirects")
            return redirects(words[1], number(2, 2000), number(3, 20));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ledger_bench: %s\n", error.what());
        return 1;
    }
    std::fprintf(stderr, "usage: ledger_bench ingest [BATCHES] | fill FOLDER [SCREENS DAYS A_DAY] | read FOLDER [BY… | sums [ROWS]] | redirects "
                         "FOLDER [RATE SECONDS]\n");
    return 2;
}
