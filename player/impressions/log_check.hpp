// Whether a SQLite write-ahead log is as it was written. Reentrant.
//
// SQLite reads a log up to the first frame that does not fit and takes the rest for a write that a power cut stopped: damage in the
// middle of a log loses durable rows without a word, and their numbers would be given out again. So the log is looked at first.
#pragma once

#include <string_view>

namespace capsule {

// False when its head is damaged, or when a frame does not fit though it or one behind it belongs to this run of the log (a write that
// a power cut stopped half-way looks the same). What is left of earlier runs is no damage, nor is a last frame that is cut short.
bool log_is_whole(std::string_view log);

} // namespace capsule
