// How few bytes a screen needs: a poll with nothing new, and small changes in a large fleet.
#include "playlists/model/release.hpp"
#include "playlists/release/writer.hpp"
#include "playlists/server/http/gzip.hpp"
#include "playlists/sync/executor.hpp"
#include "playlists/sync/folder_source.hpp"
#include "playlists/sync/http_source.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace capsule;
using namespace capsule::sync;

namespace {

// Passes connections on to a server on this machine and counts bytes and requests. One connection at a time.
class CountingProxy {
public:
    explicit CountingProxy(const std::string& upstream) {
        m_upstream = std::stoi(upstream.substr(upstream.rfind(':') + 1));
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        REQUIRE(bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) == 0);
        REQUIRE(listen(m_listener, 8) == 0);
        REQUIRE(getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~CountingProxy() {
        m_stop = true;
        m_thread.join();
        close(m_listener);
    }
    std::string address() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    std::atomic<std::size_t> bytes = 0, requests = 0;

private:
    static sockaddr_in loopback(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }
    void run() {
        while (!m_stop) {
            pollfd waiting{m_listener, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int here = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            const int there = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_in address = loopback(m_upstream);
            if (here >= 0 && connect(there, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
                relay(here, there);
            close(here);
            close(there);
        }
    }
    void relay(int here, int there) {
        pollfd both[2] = {{here, POLLIN, 0}, {there, POLLIN, 0}};
        std::string buffer(65536, '\0');
        while (!m_stop) {
            if (poll(both, 2, 20) <= 0)
                continue;
            for (int side = 0; side < 2; ++side) {
                if (!(both[side].revents & (POLLIN | POLLHUP)))
                    continue;
                const ssize_t got = read(both[side].fd, buffer.data(), buffer.size());
                if (got <= 0)
                    return;
                bytes += static_cast<std::size_t>(got);
                if (side == 0 && buffer.starts_with("GET "))
                    ++requests;
                for (ssize_t at = 0; at < got;)
                    at += std::max<ssize_t>(0, write(both[1 - side].fd, buffer.data() + at, static_cast<std::size_t>(got - at)));
            }
        }
    }
    int m_upstream = 0, m_listener = -1, m_port = 0;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

// Counts what is written.
class CountingDisk final : public Disk {
public:
    int changes = 0;
    Result<std::string> read(const Path& path, std::uint64_t most) override { return m_disk.read(path, most); }
    Result<std::uint64_t> size(const Path& path) override { return m_disk.size(path); }
    bool exists(const Path& path) override { return m_disk.exists(path); }
    Result<std::unique_ptr<WritableFile>> create(const Path& path, unsigned mode) override {
        ++changes;
        return m_disk.create(path, mode);
    }
    Result<std::unique_ptr<WritableFile>> append_to(const Path& path, unsigned mode) override {
        ++changes;
        return m_disk.append_to(path, mode);
    }
    Result<void> rename(const Path& from, const Path& to) override {
        ++changes;
        return m_disk.rename(from, to);
    }
    Result<void> remove(const Path& path) override {
        ++changes;
        return m_disk.remove(path);
    }
    Result<void> make_directories(const Path& path) override { return m_disk.make_directories(path); }
    Result<void> sync_directory(const Path& path) override { return m_disk.sync_directory(path); }
    Result<std::vector<std::string>> list(const Path& path) override { return m_disk.list(path); }
    Result<std::uint64_t> free_bytes(const Path& path) override { return m_disk.free_bytes(path); }

private:
    SystemDisk m_disk;
};

// What a source is asked for, with the bytes that it would send: compressed as the server does, and a kilobyte for each request's heads.
class MeteredFolder final : public ReleaseSource {
public:
    MeteredFolder(Disk& disk, Path folder) : m_folder(disk, std::move(folder)) {}
    std::string name() const override { return "metered"; }
    Result<FetchedFile> file(const std::string& name, const std::string& etag, std::uint64_t most) override {
        auto file = m_folder.file(name, etag, most);
        bytes += 1000 + (file && file->changed ? server::gzip(file->bytes).size() : 0);
        return file;
    }
    Result<void> blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) override { return m_folder.blob(blob, offset, sink); }
    std::size_t bytes = 0;

private:
    FolderSource m_folder;
};

const std::vector<std::string> words = {"mot",   "passe",  "message", "fraude", "ligne", "impots", "sante",  "carte",  "vitale",
                                        "aide",  "proche", "atelier", "clavier", "souris", "reseau", "donnees", "famille", "emploi"};

struct LargeFleet {
    Release release;
    SeededRandom random{42};
    std::string word() { return words[random.number() % words.size()]; }
    std::string digest() { return random.hex(32); }

    LargeFleet() {
        for (int i = 0; i < 200; ++i) {
            Capsule capsule;
            capsule.id = *CapsuleId::parse(word() + "-" + word() + "-" + std::to_string(i));
            capsule.title["fr"] = word() + " " + word() + " " + word() + " " + word();
            capsule.code = "2P4";
            CapsuleVersion version;
            version.language = "fr";
            version.media = {*Digest::parse(digest()), 1'000'000 + random.number() % 9'000'000, "video/mp4"};
            version.duration = Milliseconds{10'000 + static_cast<std::int64_t>(random.number() % 50'000)};
            version.width = 1920;
            version.height = 1080;
            capsule.versions.push_back(version);
            release.programme.capsules[capsule.id] = capsule;
        }
        Playlist playlist;
        playlist.id = *PlaylistId::parse("accueil");
        playlist.title = "Accueil";
        for (const auto& [id, capsule] : release.programme.capsules)
            playlist.items.push_back({id, static_cast<int>(1 + random.number() % 3), {}, {}});
        release.programme.playlists[playlist.id] = playlist;
        for (int i = 0; i < 700; ++i) {
            Site site;
            site.id = *SiteId::parse("site-" + word() + std::to_string(i));
            site.name = "France services " + word() + " " + word();
            site.commune = "92" + std::to_string(100 + random.number() % 800);
            site.hours = "Mo-Fr 09:00-1" + std::to_string(5 + random.number() % 5) + ":00; PH off";
            release.fleet.sites[site.id] = site;
        }
        for (int i = 0; i < 1000; ++i) {
            Screen screen;
            screen.id = *ScreenId::parse("ecran-" + word() + std::to_string(i));
            screen.site = std::next(release.fleet.sites.begin(), static_cast<long>(random.number() % 700))->first;
            screen.name = "Hall";
            release.fleet.screens[screen.id] = screen;
            const std::string device = random.hex(8);
            release.fleet.devices[device] = {device, screen.id, instant_from_ms(1'795'000'000'000 + static_cast<std::int64_t>(random.number() % 1'000'000) * 1000)};
        }
    }
};

struct Centre {
    SystemDisk disk;
    FakeClock clock;
    TemporaryFolder folder;
    std::unique_ptr<tuf::SignedRelease> signer =
        std::move(*tuf::SignedRelease::open(disk, folder.path() / "release", folder.path() / "keys", clock));
    std::unique_ptr<ReleaseWriter> writer = std::move(*ReleaseWriter::open(disk, folder.path() / "release", clock));

    Centre() { REQUIRE(writer->sign_with(*signer).ok()); }
    template <typename Document>
    void publish(DocumentKind kind, Document& document) {
        document.number = writer->next_number(kind);
        REQUIRE(writer->replace(kind, document.number, serialise(document)).ok());
    }
};

// A screen that keeps running.
struct RunningScreen {
    TemporaryFolder folder;
    Disk& disk;
    FakeClock& clock;
    SeededRandom random{1};
    ActiveStore active{disk, folder.path()};
    Store store{disk, folder.path()};
    std::unique_ptr<Engine> engine;
    std::unique_ptr<Executor> executor;

    RunningScreen(Disk& its_disk, FakeClock& its_clock, ReleaseSource& source) : disk(its_disk), clock(its_clock) {
        auto beginning = begin(active, store, "0123456789abcdef");
        REQUIRE(beginning.ok());
        EngineSettings settings;
        settings.device = "0123456789abcdef";
        engine = std::make_unique<Engine>(settings, random, beginning->loaded.active, beginning->held);
        executor = std::make_unique<Executor>(source, active, store, clock);
    }
    void poll() {
        clock.advance(std::chrono::minutes(2));
        run_until_idle(*engine, *executor, clock);
    }
};

} // namespace

TEST_CASE("a poll with nothing new is one request of less than a kilobyte and writes nothing") {
    RunningServer server;
    CountingProxy proxy(server.url());
    CountingDisk disk;
    HttpSource source(proxy.address(), http::Settings{});
    RunningScreen screen(disk, server.clock, source);
    screen.poll();
    REQUIRE(screen.engine->state().up_to_date);
    screen.poll(); // has tidied up what was left over
    const std::size_t bytes = proxy.bytes, requests = proxy.requests;
    const int changes = disk.changes;
    for (int i = 1; i <= 5; ++i) {
        screen.poll();
        CHECK(proxy.requests == requests + static_cast<std::size_t>(i));
    }
    CHECK((proxy.bytes - bytes) / 5 <= 1000);
    WARN("a poll with nothing new: " << (proxy.bytes - bytes) / 5 << " bytes");
    CHECK(disk.changes == changes);
}

TEST_CASE("a small change in a large fleet is a small download") {
    LargeFleet large;
    Centre centre;
    const std::string device = "0123456789abcdef";
    large.release.fleet.devices[device] = {device, large.release.fleet.screens.begin()->first, instant_from_ms(0)};
    centre.publish(DocumentKind::programme, large.release.programme);
    centre.publish(DocumentKind::fleet, large.release.fleet);
    centre.publish(DocumentKind::now, large.release.now);
    MeteredFolder source(centre.disk, centre.folder.path());
    RunningScreen screen(centre.disk, centre.clock, source);
    screen.poll();
    REQUIRE(screen.engine->state().up_to_date);
    WARN("all from nothing: " << source.bytes << " bytes");

    source.bytes = 0;
    auto& items = large.release.programme.playlists.begin()->second.items;
    std::rotate(items.begin(), items.begin() + 7, items.end());
    centre.publish(DocumentKind::programme, large.release.programme);
    screen.poll();
    CHECK(screen.engine->active().index == centre.writer->index());
    CHECK(source.bytes <= 40'000);
    WARN("one playlist changed: " << source.bytes << " bytes");

    source.bytes = 0;
    std::next(large.release.fleet.screens.begin(), 500)->second.site = large.release.fleet.sites.begin()->first;
    centre.publish(DocumentKind::fleet, large.release.fleet);
    screen.poll();
    CHECK(screen.engine->active().index == centre.writer->index());
    CHECK(source.bytes <= 60'000);
    WARN("one screen moved: " << source.bytes << " bytes");

    SECTION("also for one that has missed many versions, by the whole document") {
        for (int i = 0; i < 3; ++i) {
            std::rotate(items.begin(), items.begin() + 1, items.end());
            centre.publish(DocumentKind::programme, large.release.programme);
        }
        source.bytes = 0;
        screen.poll();
        CHECK(screen.engine->active().index == centre.writer->index());
        WARN("three versions missed: " << source.bytes << " bytes");
    }
}
