// Bytes as text: hexadecimal, base64 (RFC 4648), Crockford's base 32 for codes that people read aloud. Reentrant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace capsule {

std::string to_hex(std::span<const std::byte> bytes); // lower case
std::string to_hex(std::string_view bytes);
// Either case; empty when the length is odd or a character is none.
std::optional<std::string> from_hex(std::string_view hex);

std::string to_base64(std::string_view bytes); // with padding
// Strict: padded, no white space; empty otherwise.
std::optional<std::string> from_base64(std::string_view text);

// `digits` characters of 0-9 A-Z without I, L, O, U; `number` modulo 32^digits.
std::string to_crockford(std::uint64_t number, std::size_t digits);
// Upper case, O read as 0, I and L as 1, as Crockford asks; empty when a character is none.
std::optional<std::string> normalise_crockford(std::string_view code);

// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

} // namespace capsule
