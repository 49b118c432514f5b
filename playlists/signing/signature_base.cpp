#include "playlists/signing/signature_base.hpp"

namespace capsule {

std::string signature_base(std::span<const CoveredComponent> components, std::string_view parameters) {
    std::string base;
    for (const auto& component : components) {
        base += '"';
        base += component.name;
        base += "\": ";
        base += component.value;
        base += '\n';
    }
    base += "\"@signature-params\": ";
    base += parameters;
    return base;
}

std::string signature_parameters(std::span<const CoveredComponent> components, std::string_view parameters) {
    std::string text = "(";
    for (const auto& component : components) {
        if (text.size() > 1)
            text += ' ';
        text += '"';
        text += component.name;
        text += '"';
    }
    text += ')';
    text += parameters;
    return text;
}

} // namespace capsule
