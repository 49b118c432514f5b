#include "playlists/signing/message_signature.hpp"
#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "playlists/signing/signature_base.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace capsule {

namespace {

constexpr std::string_view label = "sig1=";
constexpr std::string_view covered = R"(("@method" "@path" "content-digest" "capsule-counter"))";
constexpr std::size_t counter_digits = 15; // the largest Integer of RFC 8941
constexpr std::size_t longest_header = 512;

std::array<CoveredComponent, 4> components(std::string_view method, std::string_view path, std::string_view digest,
                                           std::string_view counter) {
    return {
        {{"@method", method}, {"@path", path.empty() ? "/" : path}, {"content-digest", digest}, {"capsule-counter", counter}}};
}

std::string byte_sequence(std::string_view bytes) {
    return ":" + to_base64(bytes) + ":";
}

std::string content_digest(std::string_view body) {
    const Digest digest = sha256(body);
    return "sha-256=" + byte_sequence({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

Error refusal(std::string message) {
    return {Category::refused, std::move(message)};
}

// Field values arrive with optional white space around them, which is no part of them.
std::string_view trimmed(std::string_view value) {
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

bool starts_with_and_skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

struct Parameters {
    std::string keyid, alg, nonce;
    std::string_view signed_text; // what follows the label
};

// sig1=(…four components…);keyid="…";alg="ed25519";nonce="…": the three parameters once each, in any order, and no others.
Result<Parameters> parse_signature_input(std::string_view header) {
    header = trimmed(header);
    if (header.empty())
        return refusal("the header Signature-Input is missing: sign the request with the device's key");
    if (header.size() > longest_header || !starts_with_and_skip(header, label))
        return refusal("Signature-Input must hold one signature with the label sig1");
    Parameters parameters;
    parameters.signed_text = header;
    if (!starts_with_and_skip(header, covered))
        return refusal("Signature-Input must cover " + std::string(covered) + ", in this order");
    while (!header.empty()) {
        if (!starts_with_and_skip(header, ";"))
            return refusal("Signature-Input has something else than parameters after its components");
        const auto equals = header.find("=\"");
        const auto name = header.substr(0, equals);
        if (equals == std::string_view::npos || (name != "keyid" && name != "alg" && name != "nonce"))
            return refusal("Signature-Input may have the parameters keyid, alg and nonce, each a string, and no others");
        header.remove_prefix(equals + 2);
        const auto quote = header.find('"');
        const auto value = header.substr(0, quote);
        const bool printable = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
        if (quote == std::string_view::npos || value.empty() || !printable)
            return refusal("the parameter " + std::string(name) + " of Signature-Input is not a plain string");
        std::string& slot = name == "keyid" ? parameters.keyid : name == "alg" ? parameters.alg : parameters.nonce;
        if (!slot.empty())
            return refusal("the parameter " + std::string(name) + " stands twice in Signature-Input");
        slot = value;
        header.remove_prefix(quote + 1);
    }
    if (parameters.keyid.empty() || parameters.alg.empty() || parameters.nonce.empty())
        return refusal("Signature-Input needs the parameters keyid, alg and nonce");
    if (parameters.alg != "ed25519")
        return refusal("the signature's algorithm is " + parameters.alg + ", but only ed25519 is taken");
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (parameters.keyid.size() != 16 || !std::all_of(parameters.keyid.begin(), parameters.keyid.end(), is_hex))
        return refusal("keyid must be a device id: 16 lower-case hexadecimal digits");
    return parameters;
}

Result<std::uint64_t> parse_counter(std::string_view value) {
    std::uint64_t counter = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), counter);
    if (value.empty() || value.size() > counter_digits || code != std::errc{} || end != value.data() + value.size() ||
        (value.size() > 1 && value.front() == '0'))
        return refusal("Capsule-Counter must be a whole number of at most 15 digits");
    return counter;
}

Result<std::string> parse_signature(std::string_view header) {
    header = trimmed(header);
    if (header.size() > longest_header || !starts_with_and_skip(header, label) || header.size() < 2 || header.front() != ':' ||
        header.back() != ':')
        return refusal("the header Signature must be sig1=:BASE64:");
    const auto bytes = from_base64(header.substr(1, header.size() - 2));
    if (!bytes || bytes->size() != 64)
        return refusal("the header Signature does not hold the 64 bytes of an Ed25519 signature");
    return *bytes;
}

} // namespace

SignedHeaders sign_request(const SecretKey& key, std::string_view method, std::string_view path, std::string_view body,
                           std::uint64_t counter, std::string_view nonce) {
    SignedHeaders headers;
    headers.content_digest = content_digest(body);
    headers.counter = std::to_string(counter);
    const auto parts = components(method, path, headers.content_digest, headers.counter);
    const std::string parameters = signature_parameters(parts, ";keyid=\"" + key.public_key().device_id() +
                                                                   "\";alg=\"ed25519\";nonce=\"" + std::string(nonce) + "\"");
    headers.signature_input = std::string(label) + parameters;
    headers.signature = std::string(label) + byte_sequence(key.sign(signature_base(parts, parameters)));
    return headers;
}

Result<std::string> claimed_device(const SignedHeaders& headers) {
    CAPSULE_TRY(parameters, parse_signature_input(headers.signature_input));
    return parameters.keyid;
}

Result<VerifiedRequest> verify_request(const PublicKey& key, std::string_view method, std::string_view path,
                                       std::string_view body, const SignedHeaders& headers) {
    CAPSULE_TRY(parameters, parse_signature_input(headers.signature_input));
    const std::string_view counter_text = trimmed(headers.counter);
    CAPSULE_TRY(counter, parse_counter(counter_text));
    CAPSULE_TRY(signature, parse_signature(headers.signature));
    if (parameters.keyid != key.device_id())
        return refusal("the request names device " + parameters.keyid + ", but the key belongs to " + key.device_id());
    const std::string_view digest = trimmed(headers.content_digest);
    if (!equal_in_constant_time(digest, content_digest(body)))
        return refusal("Content-Digest is not the SHA-256 of the body: the request was altered on its way");
    if (!verify(key, signature_base(components(method, path, digest, counter_text), parameters.signed_text), signature))
        return refusal("the signature does not fit the request and the key of device " + parameters.keyid);
    return VerifiedRequest{parameters.keyid, counter, parameters.nonce};
}

} // namespace capsule
