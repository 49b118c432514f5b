#include "player/health/panel.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

using namespace capsule;

namespace {

void plug(const Path& folder, const std::string& name, const std::string& status, const std::string& dpms = "On", const std::string& enabled = "enabled") {
    std::filesystem::create_directories(folder / name);
    std::ofstream(folder / name / "status") << status << "\n";
    std::ofstream(folder / name / "dpms") << dpms << "\n";
    std::ofstream(folder / name / "enabled") << enabled << "\n";
    std::ofstream(folder / name / "modes") << (status == "connected" ? "1920x1080\n1280x720\n" : "");
}

PanelState state(const Path& folder, const std::string& wanted = "") { return panel_state(drm::read_connectors(folder), wanted); }

} // namespace

TEST_CASE("connectors are read as the kernel shows them") {
    const TemporaryFolder folder;
    plug(folder.path(), "card0-HDMI-A-1", "connected");
    plug(folder.path(), "card1-Writeback-1", "unknown");
    std::filesystem::create_directories(folder.path() / "renderD128");
    std::ofstream(folder.path() / "version") << "drm 1.1.0\n";
    const auto connectors = drm::read_connectors(folder.path());
    REQUIRE(connectors.size() == 1);
    CHECK(connectors[0] == drm::Connector{"HDMI-A-1", drm::Cable::connected, true, true, "1920x1080"});
    CHECK(drm::read_connectors(folder.path() / "absent").empty());
}

TEST_CASE("a panel is on while it answers and is sent a picture") {
    const TemporaryFolder folder;
    plug(folder.path(), "card0-HDMI-A-1", "connected");
    plug(folder.path(), "card0-HDMI-A-2", "disconnected", "Off", "disabled");
    CHECK(state(folder.path()) == PanelState::on);
    plug(folder.path(), "card0-HDMI-A-1", "connected", "Off");
    CHECK(state(folder.path()) == PanelState::off);
    plug(folder.path(), "card0-HDMI-A-1", "connected", "On", "disabled");
    CHECK(state(folder.path()) == PanelState::off);
    plug(folder.path(), "card0-HDMI-A-1", "disconnected");
    CHECK(state(folder.path()) == PanelState::off);
}

TEST_CASE("a panel of which nothing is known is unknown") {
    const TemporaryFolder folder;
    CHECK(state(folder.path()) == PanelState::unknown);
    plug(folder.path(), "card0-VGA-1", "unknown");
    CHECK(state(folder.path()) == PanelState::unknown);
}

TEST_CASE("of several panels that disagree, the one that was named counts") {
    const TemporaryFolder folder;
    plug(folder.path(), "card0-HDMI-A-1", "connected");
    plug(folder.path(), "card0-DP-1", "connected", "Off");
    CHECK(state(folder.path()) == PanelState::unknown);
    CHECK(state(folder.path(), "HDMI-A-1") == PanelState::on);
    CHECK(state(folder.path(), "DP-1") == PanelState::off);
    CHECK(state(folder.path(), "DP-9") == PanelState::unknown);
}
