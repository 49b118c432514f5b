// The program begun anew in the same process id, for what a running one cannot mend: a display server that has died.
#pragma once

namespace capsule {

// What the modes return to ask for it, after everything has been written and closed. No exit code of the program.
inline constexpr int begin_anew = -1;

// Does not return when it succeeds: the same program with the same arguments and --wait-for-display. Else the exit code.
int replace_process(int count, char** arguments);

} // namespace capsule
