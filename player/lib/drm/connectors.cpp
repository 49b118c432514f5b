#include "player/lib/drm/connectors.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace capsule::drm {

namespace {

std::string first_line(const Path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

} // namespace

std::vector<Connector> read_connectors(const Path& folder) {
    std::vector<Connector> connectors;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error); !error && entry != std::filesystem::directory_iterator();
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const auto dash = name.find('-');
        const std::string status = first_line(entry->path() / "status");
        if (!name.starts_with("card") || dash == name.npos || status.empty() || name.find("Writeback") != name.npos)
            continue;
        Connector connector;
        connector.name = name.substr(dash + 1);
        connector.cable = status == "connected" ? Cable::connected : status == "disconnected" ? Cable::disconnected : Cable::unknown;
        connector.enabled = first_line(entry->path() / "enabled") == "enabled";
        connector.powered = first_line(entry->path() / "dpms") == "On";
        connector.best_mode = first_line(entry->path() / "modes");
        connectors.push_back(std::move(connector));
    }
    std::sort(connectors.begin(), connectors.end(), [](const Connector& a, const Connector& b) { return a.name < b.name; });
    return connectors;
}

} // namespace capsule::drm
