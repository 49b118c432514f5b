#include "player/impressions/device_state.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

std::string to_state_json(const DeviceState& state) {
    nlohmann::json out = {{"programme", state.programme}, {"fleet", state.fleet},           {"now", state.now},
                          {"player", state.player},       {"boot", state.boot},             {"boot_ms", state.boot_ms},
                          {"wall_ms", state.wall_ms},     {"free_bytes", state.free_bytes}, {"backlog", state.backlog}};
    out["playing"] = state.playing.empty() ? nlohmann::json(nullptr) : nlohmann::json(state.playing);
    out["reason"] = state.reason.empty() ? nlohmann::json(nullptr) : nlohmann::json(state.reason);
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool worth_telling(const DeviceState& before, const DeviceState& after) {
    return before.programme != after.programme || before.fleet != after.fleet || before.now != after.now || before.reason != after.reason ||
           before.playing.empty() != after.playing.empty();
}

} // namespace capsule
