#include "playlists/cli/root_key.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <sys/stat.h>

#include <cctype>

using namespace capsule;
using namespace capsule::cli;

TEST_CASE("a recovery code brings back its key, however it is typed, and a misread character is noticed") {
    for (int i = 0; i < 20; ++i) {
        const SecretKey key = SecretKey::generate();
        const std::string code = recovery_code(key);
        CHECK(code.size() == 56 + 13);
        CHECK(from_recovery_code(code)->seed_hex() == key.seed_hex());
        std::string typed;
        for (const char c : code)
            typed += c == '-' ? ' ' : c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
        CHECK(from_recovery_code(typed)->seed_hex() == key.seed_hex());
        for (std::size_t at = 0; at < code.size(); at += 7) {
            std::string misread = code;
            misread[at] = code[at] == '8' ? 'B' : '8';
            if (code[at] != '-')
                CHECK_FALSE(from_recovery_code(misread).ok());
        }
    }
    for (const char* bad : {"", "AAAA", "UUUU-UUUU"})
        CHECK_FALSE(from_recovery_code(bad).ok());
}

TEST_CASE("the root key's file opens with its passphrase only, can be read by nobody else, and is never overwritten") {
    TemporaryFolder folder;
    SystemDisk disk;
    const Path file = folder.path() / "config" / "root.key";
    const SecretKey key = SecretKey::generate();
    REQUIRE(save_root_key(disk, file, key, "une phrase").ok());
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(load_root_key(disk, file, "une phrase")->seed_hex() == key.seed_hex());
    CHECK(load_root_key(disk, file, "une autre").error().category == Category::refused);
    CHECK(save_root_key(disk, file, key, "une phrase").error().category == Category::refused);
    CHECK(load_root_key(disk, folder.path() / "nothing", "x").error().category == Category::missing);
    std::string text = *disk.read(file, 4096);
    CHECK(text.find(key.seed_hex()) == std::string::npos);
    const std::size_t at = text.find("\"sealed\": \"") + 20;
    text[at] = text[at] == 'a' ? 'b' : 'a';
    REQUIRE(write_durably(disk, file, text).ok());
    CHECK(load_root_key(disk, file, "une phrase").error().category == Category::refused);
    REQUIRE(write_durably(disk, file, "{}").ok());
    CHECK(load_root_key(disk, file, "une phrase").error().category == Category::invalid);
}
