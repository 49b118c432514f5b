#include "player/present/display_watch.hpp"

#include "content/base/log.hpp"

#include <algorithm>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds settling = 100ms;      // changes come in twos and threes
constexpr Nanoseconds desktop_first = 500ms; // a desktop that runs lights its outputs itself
constexpr Nanoseconds connector_beat = 500ms;

std::vector<xcb::Output> lit_ones(const std::vector<xcb::Output>& outputs) {
    std::vector<xcb::Output> lit;
    std::copy_if(outputs.begin(), outputs.end(), std::back_inserter(lit), [](const xcb::Output& output) { return output.lit; });
    return lit;
}

class XOutputs final : public DisplayWatch {
public:
    explicit XOutputs(xcb::Server server) : m_server(std::move(server)) {
        if (auto outputs = m_server.outputs())
            m_outputs = std::move(*outputs);
        m_server.wake();
    }

    DisplayNews poll(Nanoseconds now) override {
        if (m_server.outputs_changed())
            m_changed_at = now;
        if (!m_server.alive())
            return DisplayNews::gone;
        if (m_changed_at && now - *m_changed_at >= settling) {
            m_changed_at.reset();
            auto outputs = m_server.outputs();
            if (!outputs)
                return DisplayNews::none; // gone, as the next call finds
            const bool other = *outputs != m_outputs;
            m_outputs = std::move(*outputs);
            if (other && !lit_ones(m_outputs).empty())
                return DisplayNews::changed;
        }
        light_if_dark(now);
        return DisplayNews::none;
    }

    std::optional<Nanoseconds> period(int x, int y) const override {
        for (const xcb::Output& output : m_outputs) {
            if (output.lit && output.refresh > 1 && x >= output.x && x < output.x + output.width && y >= output.y &&
                y < output.y + output.height)
                return Nanoseconds(static_cast<std::int64_t>(1e9 / output.refresh));
        }
        return std::nullopt;
    }

private:
    void light_if_dark(Nanoseconds now) {
        const auto output = output_to_light(m_outputs);
        if (!output) {
            m_dark_since.reset();
            return;
        }
        if (!m_dark_since)
            m_dark_since = now;
        if (now - *m_dark_since < desktop_first)
            return;
        m_dark_since = now + 5s; // the next attempt, should this one not help
        if (const auto lit = m_server.light(*output))
            log_info("display", "an output was connected and dark; it shows its preferred mode now");
        else
            log_warning("display", lit.error().message);
    }

    xcb::Server m_server;
    std::vector<xcb::Output> m_outputs;
    std::optional<Nanoseconds> m_changed_at, m_dark_since;
};

class Connectors final : public DisplayWatch {
public:
    explicit Connectors(Path folder) : m_folder(std::move(folder)), m_seen(drm::read_connectors(m_folder)) {}

    DisplayNews poll(Nanoseconds now) override {
        if (now - m_looked < connector_beat)
            return DisplayNews::none;
        m_looked = now;
        auto connectors = drm::read_connectors(m_folder);
        bool returned = false;
        for (const drm::Connector& connector : connectors) {
            const auto before = std::find_if(m_seen.begin(), m_seen.end(), [&](const auto& c) { return c.name == connector.name; });
            returned = returned || (connector.cable == drm::Cable::connected &&
                                    (before == m_seen.end() || before->cable != drm::Cable::connected ||
                                     before->best_mode != connector.best_mode));
        }
        m_seen = std::move(connectors);
        return returned ? DisplayNews::changed : DisplayNews::none;
    }

    std::optional<Nanoseconds> period(int, int) const override { return std::nullopt; }

private:
    const Path m_folder;
    std::vector<drm::Connector> m_seen;
    Nanoseconds m_looked{};
};

} // namespace

std::optional<std::uint32_t> output_to_light(const std::vector<xcb::Output>& outputs) {
    if (std::any_of(outputs.begin(), outputs.end(), [](const auto& output) { return output.lit; }))
        return std::nullopt;
    const auto found = std::find_if(outputs.begin(), outputs.end(), [](const auto& output) { return output.connected; });
    return found == outputs.end() ? std::nullopt : std::optional(found->id);
}

std::unique_ptr<DisplayWatch> watch_x_outputs(xcb::Server server) { return std::make_unique<XOutputs>(std::move(server)); }
std::unique_ptr<DisplayWatch> watch_connectors(Path folder) { return std::make_unique<Connectors>(std::move(folder)); }

} // namespace capsule
