#include "content/base/encoding.hpp"
#include "content/ingest/cell.hpp"
#include "content/ingest/ingest.hpp"
#include "content/ingest/reason.hpp"
#include "content/ingest/seal.hpp"
#include "tests/content/ingest/media.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <thread>

using namespace capsule;
using namespace capsule::ingest;

namespace {

const Path program = Path(CAPSULE_BINARY_DIR) / "capsule"; // its main is a cell's, too

Options in_cell() {
    Options options;
    options.preset = "ultrafast";
    options.cell = program;
    return options;
}

std::string code_of(const Error& error) { return reason_for(error).code; }

// What a sealed process says of itself: each letter is something that it could do.
std::string powers_when_sealed(const Path& given, const Path& other) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const int handed = open(given.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(handed >= 0);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
        const Seal seal = seal_process({{handed, true}});
        std::string powers;
        if (seal.files)
            powers += "F"; // the rest can only be asked of a kernel that closes files off
        if (open(other.c_str(), O_RDONLY) >= 0)
            powers += "r";
        if (open(other.c_str(), O_WRONLY) >= 0)
            powers += "w";
        if (open((other.parent_path() / "new").c_str(), O_WRONLY | O_CREAT, 0600) >= 0)
            powers += "c";
        if (unlink(other.c_str()) == 0)
            powers += "u";
        if (open("/etc/passwd", O_RDONLY) >= 0)
            powers += "e";
        if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || socket(AF_INET6, SOCK_DGRAM, 0) >= 0)
            powers += "s";
        if (kill(parent, SIGURG) == 0) // it would do nothing
            powers += "k";
        if (open(("/proc/" + std::to_string(parent) + "/mem").c_str(), O_RDONLY) >= 0)
            powers += "m";
        if (fork() == 0)
            _exit(0); // new processes are needed: ffmpeg is one
        const int again = open(("/proc/self/fd/" + std::to_string(handed)).c_str(), O_RDWR | O_TRUNC);
        if (again < 0 || write(again, "x", 1) != 1)
            powers += "!"; // what was handed in must stay open to it
        if (access("/usr/bin/ffmpeg", X_OK) != 0 || open("/usr/bin/ffmpeg", O_RDONLY) < 0)
            powers += "!";
        if (!seal.network || !seal.system_calls || !seal.privileges)
            powers += "?";
        (void)!write(ends[1], powers.data(), powers.size());
        _exit(0);
    }
    close(ends[1]);
    char buffer[64];
    const ssize_t got = read(ends[0], buffer, sizeof buffer);
    close(ends[0]);
    close(handed);
    waitpid(child, nullptr, 0);
    return std::string(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
}

} // namespace

TEST_CASE("a sealed process reaches only the files that it was given, no network and no other process") {
    StoreFixture f;
    for (const char* name : {"given", "other"})
        std::ofstream(f.file(name)) << "text";
    const std::string powers = powers_when_sealed(f.file("given"), f.file("other"));
    if (powers.find('F') == std::string::npos) {
        WARN("this kernel has no Landlock: files are closed off by name spaces alone");
        CHECK(powers.find_first_of("sm?!") == std::string::npos);
        return;
    }
    CHECK(powers == "F");
}

TEST_CASE("a cell makes of a master what is made in place") {
    StoreFixture f;
    const Path master = make_clip(f.file("a.mkv"), {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1", "-shortest"});
    Options in_place = in_cell();
    in_place.cell.clear();
    std::vector<double> told;
    Options options = in_cell();
    options.progress = [&](double part) { told.push_back(part); };
    const auto there = ingest_media(master, {}, f.store, options);
    INFO((there ? "" : there.error().message));
    REQUIRE(there);
    const auto here = ingest_media(master, {}, f.store, in_place);
    REQUIRE(here);
    CHECK(there->version == here->version);
    CHECK(there->measurement == here->measurement);
    CHECK(there->warnings == here->warnings);
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(told.back() == 1.0);
    const auto image = ingest_media(make_clip(f.file("a.png"), {"-f", "lavfi", "-i", "color=c=teal:s=320x180", "-frames:v", "1"}), {}, f.store, in_cell());
    REQUIRE(image);
    CHECK(image->kind == CapsuleKind::image);
}

TEST_CASE("masters made to do harm are refused in words, and nothing is left of them") {
    StoreFixture f;
    std::vector<std::string> many{"-f", "lavfi", "-i", "color=s=16x16:r=5:d=0.2", "-f", "lavfi", "-i", "anullsrc=d=0.2", "-map", "0:v"};
    for (int i = 0; i < 80; ++i)
        many.insert(many.end(), {"-map", "1:a"});
    many.insert(many.end(), {"-c:a", "pcm_s16le"});
    std::ofstream(f.file("nothing.mp4")) << "";
    std::ofstream(f.file("zeros.mp4")) << std::string(65536, '\0');
    std::ofstream(f.file("list.mp4")) << "ffconcat version 1.0\nfile /etc/passwd\n";
    // 60,000 by 60,000 pixels, in 74 bytes
    std::ofstream(f.file("huge.png"), std::ios::binary) << *from_hex("89504e470d0a1a0a0000000d494844520000ea600000ea6008020000000fb0e2150000001149444154789c63601805a36014"
                                                           "0c77000003e80001b3a6d3460000000049454e44ae426082");
    const std::pair<Path, std::string> masters[] = {
        {make_clip(f.file("many.mkv"), many), "too-many-streams"},
        {make_clip(f.file("long.mp4"), {"-f", "lavfi", "-i", "color=s=16x16:r=1:d=7200", "-preset", "ultrafast"}), "too-long"},
        {f.file("huge.png"), "too-large"},
        {make_clip(f.file("sound.mp4"), {"-f", "lavfi", "-i", "sine=d=1"}), "no-picture"},
        {f.file("nothing.mp4"), "damaged"},
        {f.file("zeros.mp4"), "damaged"},
        {f.file("list.mp4"), "not-accepted"},
    };
    for (const auto& [master, code] : masters) {
        const auto made = ingest_media(master, {}, f.store, in_cell());
        INFO(master.string());
        REQUIRE_FALSE(made);
        INFO(made.error().message);
        CHECK(made.error().message.find(master.filename().string()) != std::string::npos);
        CHECK(made.error().message.find("/proc/self") == std::string::npos);
        if (code == "not-accepted")
            CHECK((code_of(made.error()) == "not-accepted" || code_of(made.error()) == "damaged"));
        else
            CHECK(code_of(made.error()) == code);
    }
    CHECK(f.store.list()->empty());
}

TEST_CASE("a cell that needs more than its limits ends with a reason") {
    StoreFixture f;
    const Path master = make_clip(f.file("a.mp4"), {"-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=8", "-preset", "ultrafast"});
    const int source = open(master.c_str(), O_RDONLY | O_CLOEXEC);
    const int media = memfd_create("media", MFD_CLOEXEC), thumbnail = memfd_create("thumbnail", MFD_CLOEXEC);
    WorkOrder order;
    order.name = "a.mp4";
    order.preset = "veryslow";
    CellLimits limits;
    SECTION("of output") {
        limits.file_bytes = 20'000;
        const auto made = work_in_cell(program, order, {source, media, thumbnail}, {}, {}, limits);
        REQUIRE_FALSE(made);
        CHECK(code_of(made.error()) == "too-long");
    }
    SECTION("of the processor's time") {
        limits.cpu_seconds = 1;
        const auto made = work_in_cell(program, order, {source, media, thumbnail}, {}, {}, limits);
        REQUIRE_FALSE(made);
        CHECK(code_of(made.error()) == "too-slow");
    }
    SECTION("of memory") {
        limits.memory_bytes = 150u << 20;
        const auto made = work_in_cell(program, order, {source, media, thumbnail}, {}, {}, limits);
        if (made) {
            WARN("memory is not limited in this build");
            return;
        }
        INFO(made.error().message);
        CHECK((code_of(made.error()) == "out-of-memory" || code_of(made.error()) == "damaged"));
    }
    for (const int descriptor : {source, media, thumbnail})
        close(descriptor);
}

TEST_CASE("a cell ends when it is asked to stop") {
    StoreFixture f;
    const Path master = make_clip(f.file("a.mp4"), {"-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=20", "-preset", "ultrafast"});
    std::stop_source stop;
    Options options = in_cell();
    options.preset = "veryslow";
    options.stop = stop.get_token();
    options.progress = [&](double) { stop.request_stop(); };
    const auto made = ingest_media(master, {}, f.store, options);
    REQUIRE_FALSE(made);
    CHECK(made.error().category == Category::refused);
    CHECK(f.store.list()->empty());
}
