// The bytes that an HTTP message signature signs (RFC 9421, section 2.5). Reentrant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace capsule {

// One covered component: its name as an identifier without quotes ("@method", "content-digest") and its value, without line feeds
// and without white space at its ends (RFC 9421, section 2.1).
struct CoveredComponent {
    std::string_view name, value;
};

// `parameters` is the value of @signature-params exactly as it stands in Signature-Input after the label and "=": a verifier
// must pass what it received, since order and form of parameters are signed too.
std::string signature_base(std::span<const CoveredComponent> components, std::string_view parameters);

// The inner list of component names followed by `;name=value` parameters: ("@method" "@path");keyid="k".
std::string signature_parameters(std::span<const CoveredComponent> components, std::string_view parameters);

} // namespace capsule
