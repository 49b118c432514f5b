// The root key on the administrator's machine: a file sealed by a passphrase, and a recovery sheet on paper. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <string>
#include <string_view>

namespace capsule::cli {

// Refused when the file is there already: a root key is never overwritten. Mode 0600.
Result<void> save_root_key(Disk& disk, const Path& file, const SecretKey& key, std::string_view passphrase);
// Missing, refused (wrong passphrase) or invalid.
Result<SecretKey> load_root_key(Disk& disk, const Path& file, std::string_view passphrase);

// "K7Q2-…": the key's seed in Crockford's base 32 with a checksum, 14 groups of four. Whoever has it has the key.
std::string recovery_code(const SecretKey& key);
// Case, spaces and dashes do not matter; O is read as 0, I and L as 1. Invalid when a character was misread.
Result<SecretKey> from_recovery_code(std::string_view code);

// The sheet to be printed and locked away, in French: what it is for, the code as text and as a QR code in block characters.
Result<std::string> recovery_sheet(const SecretKey& key, const std::string& made_on);

} // namespace capsule::cli
