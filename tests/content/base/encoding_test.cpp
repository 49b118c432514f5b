#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/base/identifier.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("SHA-256 of the standard's example, and its strict reading") {
    CHECK(sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(Digest::parse(sha256("abc").hex()) == sha256("abc"));
    CHECK_FALSE(Digest::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"));
    CHECK_FALSE(Digest::parse("ba78"));
}

TEST_CASE("base64 has one spelling per value") {
    CHECK(to_base64("light w") == "bGlnaHQgdw==");
    CHECK(from_base64("bGlnaHQgdw==") == "light w");
    CHECK(from_base64("") == "");
    for (const char* bad : {"bGlnaHQgdx==", "bGln aHQ=", "bGlnaHQgdw=", "=bGl", "bGlnaHQgdw=a"})
        CHECK_FALSE(from_base64(bad));
}

TEST_CASE("codes read aloud are forgiven O, I and L") {
    CHECK(to_crockford(7 * 1024 + 19 * 32 + 3, 3) == "7K3");
    CHECK(normalise_crockford("7k3oil") == "7K3011");
    CHECK_FALSE(normalise_crockford("7U3"));
}

TEST_CASE("UTF-8 without overlong forms and surrogates") {
    CHECK(is_utf8("Être aidé, العربية 😀"));
    for (const char* bad : {"\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE9", "a\x80"})
        CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("identifiers are lower case letters, digits and hyphens") {
    CHECK(CapsuleId::parse("mot-de-passe"));
    CHECK_FALSE(CapsuleId::parse("Mot"));
    CHECK_FALSE(CapsuleId::parse("../etc"));
    CHECK_FALSE(CapsuleId::parse(""));
    CHECK_FALSE(CapsuleId::parse(std::string(65, 'a')));
    CHECK(suggest_identifier("Accueil, en été !") == "accueil-en-ete");
}

TEST_CASE("a signature holds for its message and key alone") {
    const SecretKey key = SecretKey::generate();
    const std::string signature = key.sign("one");
    CHECK(verify(key.public_key(), "one", signature));
    CHECK_FALSE(verify(key.public_key(), "two", signature));
    CHECK_FALSE(verify(SecretKey::generate().public_key(), "one", signature));
    CHECK(SecretKey::from_seed_hex(key.seed_hex())->public_key() == key.public_key());
    CHECK(key.public_key().device_id().size() == 16);
}
