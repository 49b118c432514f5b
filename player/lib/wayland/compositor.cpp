#include "player/lib/wayland/compositor.hpp"

#include <wayland-client.h>

#include <cstring>
#include <memory>

namespace capsule::wayland {

namespace {

struct Found {
    bool shell = false, seat = false, output = false;
};

void take(void* data, wl_registry*, std::uint32_t, const char* interface, std::uint32_t) {
    auto& found = *static_cast<Found*>(data);
    found.shell = found.shell || std::strcmp(interface, "xdg_wm_base") == 0;
    found.seat = found.seat || std::strcmp(interface, "wl_seat") == 0;
    found.output = found.output || std::strcmp(interface, "wl_output") == 0;
}
void forget(void*, wl_registry*, std::uint32_t) {}

struct Disconnect {
    void operator()(wl_display* display) const { wl_display_disconnect(display); }
};

} // namespace

Result<void> check_compositor() {
    const std::unique_ptr<wl_display, Disconnect> display(wl_display_connect(nullptr));
    if (!display)
        return Error{Category::missing, "no Wayland compositor answers at WAYLAND_DISPLAY"};
    Found found;
    wl_registry* registry = wl_display_get_registry(display.get());
    const wl_registry_listener listener{&take, &forget};
    wl_registry_add_listener(registry, &listener, &found);
    const bool answered = wl_display_roundtrip(display.get()) >= 0;
    wl_registry_destroy(registry);
    if (!answered)
        return Error{Category::missing, "the Wayland compositor does not answer"};
    if (!found.output)
        return Error{Category::missing, "the Wayland compositor has no screen"};
    if (!found.shell || !found.seat)
        return Error{Category::missing, std::string("the Wayland compositor offers no ") + (found.shell ? "seat (keyboard or mouse)" : "xdg_wm_base") +
                                            ", which SDL cannot do without: run an X server (Xorg) on this machine instead"};
    return {};
}

} // namespace capsule::wayland
