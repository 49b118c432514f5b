// Before a disk is copied: a store that is no machine's. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <string>
#include <vector>

namespace capsule {

// Takes the key and all that belongs to it, and what was fetched; the key last. Afterwards this machine and each copy ask for a screen;
// rows that were not sent yet are lost. Refused while a player uses the store. What it does not know it leaves, and returns its names.
Result<std::vector<std::string>> prepare_image(Disk& disk, const Path& store);

} // namespace capsule
