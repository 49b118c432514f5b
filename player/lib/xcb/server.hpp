// A connection to the X server of $DISPLAY that draws nothing and survives the server's death. Thread-bound: to whoever opened it.
// Each question is a round trip of well under a millisecond; none makes the server look at its cables.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace capsule::xcb {

struct Output {
    std::uint32_t id = 0;
    std::string name;       // "HDMI-1"
    bool connected = false; // a cable with somebody at the other end
    bool lit = false;       // the server sends it a picture
    int x = 0, y = 0, width = 0, height = 0; // of that picture, in the server's plane
    double refresh = 0;                      // Hz; 0: not known
    bool operator==(const Output&) const = default;
};

class Server {
public:
    // Missing: no $DISPLAY, or nobody answers there. Refused: a server without RandR 1.3.
    static Result<Server> open();
    Server(Server&&) noexcept;
    Server& operator=(Server&&) noexcept;
    ~Server();

    // False once the connection has broken, which is for good.
    bool alive() const;
    // Whether outputs came, went or changed since the last call. Never waits.
    bool outputs_changed();
    // In the server's order. Io when the connection breaks.
    Result<std::vector<Output>> outputs();
    // Lets the output show its preferred mode at 0,0. Refused when it has none, or no circuit is free for it.
    Result<void> light(std::uint32_t output);
    // Ends a screen saver and a panel's sleep (DPMS), if there is one.
    void wake();

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule::xcb
