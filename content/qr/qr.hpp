// Text to QR modules (ISO/IEC 18004, by libqrencode), and the size at which they can be read. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// Modules left white on every side.
inline constexpr int qr_quiet_zone = 4;

// A square of modules, without its quiet zone.
class QrCode {
public:
    // Level M, the smallest version; alphanumeric mode when the text has only 0-9 A-Z space $%*+-./: (25 modules where lower case
    // needs 29), bytes otherwise. Invalid: empty, or longer than a code can hold.
    static Result<QrCode> encode(std::string_view text);

    int modules() const { return m_modules; }
    bool dark(int x, int y) const { return m_dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_modules) + static_cast<std::size_t>(x)]; }

private:
    int m_modules = 0;
    std::vector<bool> m_dark;
};

// Width in millimetres that the code (without its quiet zone) needs to be read from there: a tenth of the distance for 25 modules, in
// proportion for others. A phone's camera then sees each module on enough of its pixels.
constexpr double qr_width_needed_mm(double distance_mm, int modules) { return distance_mm / 10 * modules / 25; }

} // namespace capsule
