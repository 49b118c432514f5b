// A screen's machine: engine, executor and a store, synced from whatever source a test gives it.
#pragma once

#include "playlists/sync/executor.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/playlists/sync/test_release.hpp"

#include <algorithm>

namespace capsule::sync {

// What the machine is left with when it is switched off.
struct Session {
    ActiveRelease active;
    State state;
    std::vector<std::string> problems; // of its start
};

// One start of the machine whose store lies in `folder`: syncs, passing over waits, until all is in force or `attempts`
// deadlines have passed. The error is the start's.
inline Result<Session> start_and_sync(Disk& disk, const Path& folder, ReleaseSource& source, FakeClock& clock, Random& random,
                                      int attempts) {
    Store store(disk, folder);
    ActiveStore active(disk, folder);
    auto beginning = begin(active, store, test_device);
    if (!beginning)
        return beginning.error();
    EngineSettings settings;
    settings.device = test_device;
    Engine engine(settings, random, beginning->loaded.active, beginning->held);
    Executor executor(source, active, store, clock);
    for (int attempt = 0; attempt < attempts && !engine.state().up_to_date; ++attempt) {
        run_until_idle(engine, executor, clock);
        clock.advance(std::max(Nanoseconds{1}, engine.next_deadline() - clock.monotonic()));
    }
    return Session{engine.active(), engine.state(), beginning->loaded.problems};
}

// A machine on a real disk; each sync is a start of its own.
struct Machine {
    SystemDisk disk;
    TemporaryFolder folder;
    FakeClock clock;
    SeededRandom random{3};
    State state;                       // after the last sync
    std::vector<std::string> problems; // of its start

    ActiveRelease sync(ReleaseSource& source, int attempts = 60) {
        const auto session = start_and_sync(disk, folder.path(), source, clock, random, attempts);
        REQUIRE(session.ok());
        state = session->state;
        problems = session->problems;
        return session->active;
    }
    bool holds(const TestRelease& release) {
        const Store store(disk, folder.path());
        for (const auto& [digest, bytes] : release.blobs)
            if (const auto read = store.read(*Digest::parse(digest), 1u << 30); !read || *read != bytes)
                return false;
        return true;
    }
};

} // namespace capsule::sync
