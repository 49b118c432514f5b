// What a machine is recognised by: serial numbers of its board, its network circuits and its disks. Reentrant.
//
// The machine-id of the system is none of them: it is copied with a disk, and made anew when the system is installed anew.
#pragma once

#include "content/base/disk.hpp"

#include <set>
#include <string>

namespace capsule {

// Each the first 32 hexadecimal digits of a SHA-256 over kind and number, so that no serial number lies about.
using MachineMarks = std::set<std::string>;

// From /sys and /proc under `root`. What comes and goes is left out (USB, removable disks, addresses made up by software), as is what
// makers forget to fill in. Some numbers need privileges: without them there are fewer marks, never wrong ones.
MachineMarks read_machine_marks(const Path& root = "/");

// Whether these can be two looks at one machine: something is the same, or one of them knows nothing.
bool may_be_one_machine(const MachineMarks& a, const MachineMarks& b);

} // namespace capsule
