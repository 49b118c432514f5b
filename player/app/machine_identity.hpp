// Whether the identity in the store is this machine's: what the machine was recognised by is kept beside the key. Reentrant.
//
//   STORE/device.machine   {"format":1,"device":"5f0c…","marks":["…"]}, mode 0600
//
// The rule. The identity stays as long as one mark is the same: another board with the old disk, another disk with the old board (a
// backup laid back onto a new card), a new network card, a system installed anew over the store are all one machine, and all marks
// that were ever seen are kept. Only when marks are known then and now and not one is the same, is this the copy of another machine's
// disk. Then the key goes (the original has it), the journal is set aside (its rows are the original's to send), and the machine asks
// for a screen under a new key. Media and trusted metadata stay. Where nothing can be read, nothing is concluded.
#pragma once

#include "player/app/identity.hpp"
#include "player/app/machine_marks.hpp"

namespace capsule {

// As load_identity, on the machine that has these marks. Nobody else uses the store meanwhile. A cut at any point leaves either the
// identity of before, to be looked at again, or none.
Result<Identity> load_identity_here(Disk& disk, const Path& store, Random& random, const MachineMarks& marks);

} // namespace capsule
