// An engine without a network, a disk or a clock of its own.
#pragma once

#include "playlists/sync/engine.hpp"
#include "tests/catch.hpp"
#include "tests/playlists/sync/test_release.hpp"

#include <algorithm>

namespace capsule::sync {

// An engine whose world is played by the test: actions are collected, time moves when told.
struct Stage {
    SeededRandom random{7};
    Nanoseconds now = std::chrono::hours(1);
    Engine engine;
    std::vector<Action> actions;

    explicit Stage(ActiveRelease active = {}, std::set<Digest> held = {})
        : engine(settings(), random, std::move(active), std::move(held)) {}

    static EngineSettings settings() {
        EngineSettings settings;
        settings.device = test_device;
        return settings;
    }
    void tell(const Input& input) {
        for (auto& action : engine.step(input, now))
            actions.push_back(std::move(action));
    }
    template <typename T>
    std::optional<T> take() { // the first action of that type
        for (auto it = actions.begin(); it != actions.end(); ++it)
            if (auto* found = std::get_if<T>(&*it)) {
                T action = *found;
                actions.erase(it);
                return action;
            }
        return std::nullopt;
    }
    template <typename T>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(),
                                                      [](const Action& action) { return std::holds_alternative<T>(action); }));
    }
    void offer(const TestRelease& source) { tell(IndexChanged{source.index, "e"}); }
    void answer_documents(const TestRelease& source) {
        while (const auto action = take<FetchDocument>())
            tell(DocumentFetched{action->kind, action->entry, source.text(action->kind)});
    }
    // Confirms the activations that are asked for and says what is then in force.
    ActiveRelease activate() {
        REQUIRE(count<Activate>() == 1);
        while (take<Activate>())
            tell(Activated{});
        return engine.active();
    }
    void fetch_all_blobs() {
        while (const auto action = take<FetchBlob>())
            tell(BlobFinished{action->blob.sha256});
    }
    // Everything that `source` offers, in force.
    void follow(const TestRelease& source) {
        offer(source);
        answer_documents(source);
        while (!actions.empty()) {
            while (take<Activate>())
                tell(Activated{});
            fetch_all_blobs();
            while (take<Poll>() || take<Collect>()) {
            }
        }
        REQUIRE(engine.active().index == source.index);
    }
    void pass(Nanoseconds span) {
        now += span;
        tell(Tick{});
    }
};

inline TestRelease two_capsules() {
    TestRelease source;
    source.add_capsule("longue", std::string(500, 'l'));
    source.add_capsule("courte", std::string(20, 'c'));
    source.seal();
    return source;
}

} // namespace capsule::sync
