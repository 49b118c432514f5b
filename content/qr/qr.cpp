#include "content/qr/qr.hpp"

#include <cerrno>
#include <memory>
#include <qrencode.h>

namespace capsule {

namespace {

struct InputDeleter {
    void operator()(QRinput* input) const { QRinput_free(input); }
};
struct CodeDeleter {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_alphanumeric(std::string_view text) {
    return text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == std::string_view::npos;
}

} // namespace

Result<QrCode> QrCode::encode(std::string_view text) {
    if (text.empty())
        return Error{Category::invalid, "a QR code needs a text"};
    const Error too_long{Category::invalid, "the QR code's text is too long (" + std::to_string(text.size()) + " bytes); shorten the address"};
    const std::unique_ptr<QRinput, InputDeleter> input{QRinput_new2(0, QR_ECLEVEL_M)};
    const auto mode = is_alphanumeric(text) ? QR_MODE_AN : QR_MODE_8;
    if (!input || QRinput_append(input.get(), mode, static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data())) != 0)
        return too_long;
    const std::unique_ptr<QRcode, CodeDeleter> made{QRcode_encodeInput(input.get())};
    if (!made)
        return too_long;
    QrCode code;
    code.m_modules = made->width;
    const auto count = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
    code.m_dark.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        code.m_dark[i] = (made->data[i] & 1) != 0;
    return code;
}

} // namespace capsule
