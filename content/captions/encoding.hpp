// What people's programs write text files in, to UTF-8. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

enum class TextEncoding { utf8, utf16_le, utf16_be, windows_1252 };

// A byte order mark decides. Without one: UTF-16 when the first letter (which is ASCII in both formats) says so; UTF-8 when the bytes are, or
// when any letter beyond ASCII is well-formed UTF-8 (the rest is then damage); else Windows-1252, what old programs in western Europe write.
TextEncoding encoding_of(std::string_view bytes);

// The text as UTF-8 with "\n" at line ends: mark taken off, converted, what is malformed replaced by U+FFFD.
std::string to_plain_utf8(std::string_view bytes);

} // namespace capsule
