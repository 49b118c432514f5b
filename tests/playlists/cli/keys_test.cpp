// What an administrator's tool signs when the server that it asks has been broken into.
#include "playlists/cli/keys.hpp"
#include "tests/catch.hpp"

using namespace capsule;
using namespace capsule::cli;

namespace {

struct Roots {
    SecretKey own = SecretKey::generate(), other = SecretKey::generate(), online = SecretKey::generate();

    tuf::Metadata root(std::int64_t version, const std::vector<SecretKey>& named, const std::vector<SecretKey>& signers) const {
        std::map<tuf::Role, tuf::Signers> roles;
        for (const SecretKey& key : named)
            roles[tuf::Role::root].keys.push_back(tuf::ed25519_key(key.public_key()));
        for (const tuf::Role role : {tuf::Role::targets, tuf::Role::snapshot, tuf::Role::timestamp})
            roles[role] = {{tuf::ed25519_key(online.public_key())}, 1};
        std::string bytes = tuf::compose_root(version, instant_from_ms(4'000'000'000'000), roles);
        for (const SecretKey& key : signers)
            bytes = *tuf::with_signature(bytes, key);
        return std::get<tuf::Metadata>(tuf::parse_metadata(bytes, tuf::Role::root, "root.json"));
    }
};

} // namespace

TEST_CASE("the next root names the root keys that this key has signed for, and no key that a server slips in") {
    const Roots roots;
    const auto honest = signers_of_next_root(roots.root(2, {roots.own}, {roots.own, roots.other}), roots.own, false);
    REQUIRE(honest.ok());
    CHECK(honest->keys == std::vector{tuf::ed25519_key(roots.own.public_key())});

    const auto slipped_in = signers_of_next_root(roots.root(2, {roots.own, roots.other}, {roots.other}), roots.own, false);
    REQUIRE_FALSE(slipped_in.ok());
    CHECK(slipped_in.error().message.find("broken into") != std::string::npos);
    CHECK_FALSE(signers_of_next_root(roots.root(2, {roots.other}, {roots.other}), roots.own, false).ok());
}

TEST_CASE("only the first root of a new server is taken over") {
    const Roots roots;
    const auto first = signers_of_next_root(roots.root(1, {roots.other}, {roots.other}), roots.own, true);
    REQUIRE(first.ok());
    CHECK(first->keys == std::vector{tuf::ed25519_key(roots.own.public_key())});
    CHECK_FALSE(signers_of_next_root(roots.root(7, {roots.other}, {roots.other}), roots.own, true).ok());
    CHECK_FALSE(signers_of_next_root(roots.root(7, {roots.own, roots.other}, {roots.other}), roots.own, true).ok());
}
