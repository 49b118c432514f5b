#include "player/lib/xcb/server.hpp"

#include <xcb/dpms.h>
#include <xcb/randr.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <cstdlib>
#include <span>

namespace capsule::xcb {

namespace {

struct Freed {
    void operator()(void* memory) const { std::free(memory); }
};
template <typename T>
using Reply = std::unique_ptr<T, Freed>;

double refresh_of(const xcb_randr_mode_info_t& mode) {
    double lines = mode.vtotal;
    if (mode.mode_flags & XCB_RANDR_MODE_FLAG_DOUBLE_SCAN)
        lines *= 2;
    if (mode.mode_flags & XCB_RANDR_MODE_FLAG_INTERLACE)
        lines /= 2;
    return mode.htotal > 0 && lines > 0 ? mode.dot_clock / (mode.htotal * lines) : 0;
}

} // namespace

struct Server::State {
    xcb_connection_t* connection = nullptr;
    xcb_window_t root = 0;
    std::uint8_t randr_event = 0;
    bool has_dpms = false;

    ~State() { xcb_disconnect(connection); }

    Reply<xcb_randr_get_screen_resources_current_reply_t> resources() const {
        return Reply<xcb_randr_get_screen_resources_current_reply_t>(xcb_randr_get_screen_resources_current_reply(
            connection, xcb_randr_get_screen_resources_current(connection, root), nullptr));
    }
    Reply<xcb_randr_get_output_info_reply_t> info(xcb_randr_output_t output, xcb_timestamp_t at) const {
        return Reply<xcb_randr_get_output_info_reply_t>(
            xcb_randr_get_output_info_reply(connection, xcb_randr_get_output_info(connection, output, at), nullptr));
    }
    Reply<xcb_randr_get_crtc_info_reply_t> circuit(xcb_randr_crtc_t crtc, xcb_timestamp_t at) const {
        return Reply<xcb_randr_get_crtc_info_reply_t>(
            xcb_randr_get_crtc_info_reply(connection, xcb_randr_get_crtc_info(connection, crtc, at), nullptr));
    }
};

namespace {

std::span<const xcb_randr_mode_info_t> modes_of(const xcb_randr_get_screen_resources_current_reply_t& resources) {
    return {xcb_randr_get_screen_resources_current_modes(&resources),
            static_cast<std::size_t>(xcb_randr_get_screen_resources_current_modes_length(&resources))};
}

const xcb_randr_mode_info_t* find_mode(const xcb_randr_get_screen_resources_current_reply_t& resources, xcb_randr_mode_t id) {
    const auto modes = modes_of(resources);
    const auto found = std::find_if(modes.begin(), modes.end(), [id](const auto& mode) { return mode.id == id; });
    return found == modes.end() ? nullptr : &*found;
}

Error gone() { return {Category::io, "the X server does not answer any more"}; }

} // namespace

Result<Server> Server::open() {
    if (!std::getenv("DISPLAY"))
        return Error{Category::missing, "DISPLAY is not set: there is no X server to ask"};
    auto state = std::make_unique<State>();
    int number = 0;
    state->connection = xcb_connect(nullptr, &number);
    if (xcb_connection_has_error(state->connection))
        return Error{Category::missing, std::string("no X server answers at DISPLAY ") + std::getenv("DISPLAY")};
    auto screens = xcb_setup_roots_iterator(xcb_get_setup(state->connection));
    for (; number > 0 && screens.rem > 1; --number)
        xcb_screen_next(&screens);
    state->root = screens.data->root;
    const auto* randr = xcb_get_extension_data(state->connection, &xcb_randr_id);
    if (!randr || !randr->present)
        return Error{Category::refused, "the X server has no RandR: changes of its display are not seen"};
    const Reply<xcb_randr_query_version_reply_t> version(
        xcb_randr_query_version_reply(state->connection, xcb_randr_query_version(state->connection, 1, 5), nullptr));
    if (!version || (version->major_version == 1 && version->minor_version < 3))
        return Error{Category::refused, "the X server's RandR is too old: changes of its display are not seen"};
    state->randr_event = randr->first_event;
    xcb_randr_select_input(state->connection, state->root,
                           XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE | XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE | XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
    const auto* dpms = xcb_get_extension_data(state->connection, &xcb_dpms_id);
    state->has_dpms = dpms && dpms->present;
    xcb_flush(state->connection);
    return Server(std::move(state));
}

Server::Server(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

bool Server::alive() const { return xcb_connection_has_error(m_state->connection) == 0; }

bool Server::outputs_changed() {
    bool changed = false;
    while (const Reply<xcb_generic_event_t> event{xcb_poll_for_event(m_state->connection)}) {
        const int kind = event->response_type & 0x7f;
        changed = changed || kind == m_state->randr_event + XCB_RANDR_SCREEN_CHANGE_NOTIFY || kind == m_state->randr_event + XCB_RANDR_NOTIFY;
    }
    return changed;
}

Result<std::vector<Output>> Server::outputs() {
    const auto resources = m_state->resources();
    if (!resources)
        return gone();
    std::vector<Output> outputs;
    const auto* ids = xcb_randr_get_screen_resources_current_outputs(resources.get());
    for (int i = 0; i < xcb_randr_get_screen_resources_current_outputs_length(resources.get()); ++i) {
        const auto info = m_state->info(ids[i], resources->config_timestamp);
        if (!info) {
            if (!alive())
                return gone();
            continue;
        }
        Output output;
        output.id = ids[i];
        output.name.assign(reinterpret_cast<const char*>(xcb_randr_get_output_info_name(info.get())),
                           static_cast<std::size_t>(xcb_randr_get_output_info_name_length(info.get())));
        output.connected = info->connection == XCB_RANDR_CONNECTION_CONNECTED;
        if (const auto circuit = info->crtc ? m_state->circuit(info->crtc, resources->config_timestamp) : nullptr; circuit && circuit->mode) {
            output.lit = true;
            output.x = circuit->x;
            output.y = circuit->y;
            output.width = circuit->width;
            output.height = circuit->height;
            if (const auto* mode = find_mode(*resources, circuit->mode))
                output.refresh = refresh_of(*mode);
        }
        outputs.push_back(std::move(output));
    }
    return outputs;
}

Result<void> Server::light(std::uint32_t id) {
    xcb_connection_t* connection = m_state->connection;
    const auto resources = m_state->resources();
    const auto info = resources ? m_state->info(id, resources->config_timestamp) : nullptr;
    if (!info)
        return gone();
    const auto* modes = xcb_randr_get_output_info_modes(info.get());
    if (xcb_randr_get_output_info_modes_length(info.get()) == 0)
        return Error{Category::refused, "this output names no mode that it can show"};
    const auto* mode = find_mode(*resources, modes[0]); // the preferred ones come first
    const auto* crtcs = xcb_randr_get_output_info_crtcs(info.get());
    xcb_randr_crtc_t free_crtc = 0;
    for (int i = 0; i < xcb_randr_get_output_info_crtcs_length(info.get()) && !free_crtc; ++i) {
        const auto circuit = m_state->circuit(crtcs[i], resources->config_timestamp);
        if (circuit && circuit->num_outputs == 0)
            free_crtc = crtcs[i];
    }
    if (!mode || !free_crtc)
        return Error{Category::refused, "no display circuit is free for this output"};
    // The plane first: no circuit may look beyond it.
    const std::uint16_t width = mode->width, height = mode->height;
    xcb_randr_set_screen_size(connection, m_state->root, width, height, static_cast<std::uint32_t>(width * 254 / 960),
                              static_cast<std::uint32_t>(height * 254 / 960));
    const Reply<xcb_randr_set_crtc_config_reply_t> set(xcb_randr_set_crtc_config_reply(
        connection,
        xcb_randr_set_crtc_config(connection, free_crtc, XCB_CURRENT_TIME, resources->config_timestamp, 0, 0, mode->id,
                                  XCB_RANDR_ROTATION_ROTATE_0, 1, &id),
        nullptr));
    if (!set || set->status != XCB_RANDR_SET_CONFIG_SUCCESS)
        return alive() ? Error{Category::refused, "the X server does not light this output"} : gone();
    return {};
}

void Server::wake() {
    xcb_force_screen_saver(m_state->connection, XCB_SCREEN_SAVER_RESET);
    if (m_state->has_dpms) {
        const Reply<xcb_dpms_info_reply_t> now(xcb_dpms_info_reply(m_state->connection, xcb_dpms_info(m_state->connection), nullptr));
        if (now && now->state && now->power_level != XCB_DPMS_DPMS_MODE_ON)
            xcb_dpms_force_level(m_state->connection, XCB_DPMS_DPMS_MODE_ON);
    }
    xcb_flush(m_state->connection);
}

} // namespace capsule::xcb
