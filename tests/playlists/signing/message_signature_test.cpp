#include "content/base/encoding.hpp"
#include "playlists/signing/message_signature.hpp"
#include "playlists/signing/signature_base.hpp"
#include "tests/catch.hpp"

#include <array>

using namespace capsule;

namespace {

// The key pair test-key-ed25519 of RFC 9421, appendix B.1.4.
SecretKey rfc_key() {
    return *SecretKey::from_seed_hex("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5");
}

SignedHeaders signed_example() {
    return sign_request(rfc_key(), "POST", "/api/v1/state", R"({"programme":1})", 41, "a1b2c3");
}

Result<VerifiedRequest> check(const SignedHeaders& headers, std::string_view method = "POST",
                              std::string_view path = "/api/v1/state", std::string_view body = R"({"programme":1})") {
    return verify_request(rfc_key().public_key(), method, path, body, headers);
}

bool refused(const Result<VerifiedRequest>& result) {
    return !result.ok() && result.error().category == Category::refused && result.error().message.find('\n') == std::string::npos;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("the signature base and the signature are those of RFC 9421's Ed25519 example") {
    // Appendix B.2.6, "Signing a Request Using ed25519".
    const std::array<CoveredComponent, 6> components{{{"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
                                                      {"@method", "POST"},
                                                      {"@path", "/foo"},
                                                      {"@authority", "example.com"},
                                                      {"content-type", "application/json"},
                                                      {"content-length", "18"}}};
    const auto parameters = signature_parameters(components, R"(;created=1618884473;keyid="test-key-ed25519")");
    const auto base = signature_base(components, parameters);
    CHECK(base ==
          "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n"
          "\"content-type\": application/json\n\"content-length\": 18\n\"@signature-params\": (\"date\" \"@method\" \"@path\" "
          "\"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"");
    CHECK(rfc_key().public_key().hex() == to_hex(*from_base64("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")));
    CHECK(to_base64(rfc_key().sign(base)) ==
          "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
}

TEST_CASE("a device's headers have the documented form") {
    const auto headers = sign_request(rfc_key(), "GET", "/x", "", 7, "n0nce");
    // RFC 9530's digest of the empty content.
    CHECK(headers.content_digest == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    CHECK(headers.counter == "7");
    CHECK(headers.signature_input == "sig1=(\"@method\" \"@path\" \"content-digest\" \"capsule-counter\");keyid=\"" +
                                         rfc_key().public_key().device_id() + "\";alg=\"ed25519\";nonce=\"n0nce\"");
    CHECK(headers.signature.starts_with("sig1=:"));
    CHECK(headers.signature.ends_with("==:"));
    // What is signed, written out by hand.
    const std::string base =
        "\"@method\": GET\n\"@path\": /x\n"
        "\"content-digest\": sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\n\"capsule-counter\": 7\n"
        "\"@signature-params\": " +
        headers.signature_input.substr(5);
    CHECK(headers.signature == "sig1=:" + to_base64(rfc_key().sign(base)) + ":");
}

TEST_CASE("an unaltered request is taken, and tells device, counter and nonce") {
    const auto headers = signed_example();
    const auto verified = check(headers);
    REQUIRE(verified.ok());
    CHECK(verified->device == rfc_key().public_key().device_id());
    CHECK(verified->counter == 41);
    CHECK(verified->nonce == "a1b2c3");
    CHECK(*claimed_device(headers) == verified->device);

    SECTION("also with white space around field values") {
        auto padded = headers;
        padded.counter = " 41\t";
        padded.signature = " " + headers.signature + " ";
        padded.signature_input += "  ";
        padded.content_digest = "\t" + headers.content_digest;
        CHECK(check(padded).ok());
    }
    SECTION("and the empty path is the root") {
        const auto root = sign_request(rfc_key(), "GET", "", "", 1, "n");
        CHECK(verify_request(rfc_key().public_key(), "GET", "/", "", root).ok());
    }
}

TEST_CASE("a request altered in any part is refused") {
    const auto headers = signed_example();
    CHECK(refused(check(headers, "PUT")));
    CHECK(refused(check(headers, "post")));
    CHECK(refused(check(headers, "POST", "/api/v1/states")));
    CHECK(refused(check(headers, "POST", "/api/v1/state", R"({"programme":2})")));
    CHECK(refused(check(headers, "POST", "/api/v1/state", "")));

    auto other = headers;
    SECTION("another counter") {
        other.counter = "42";
    }
    SECTION("another nonce") {
        other.signature_input = replaced(headers.signature_input, "a1b2c3", "a1b2c4");
    }
    SECTION("another device") {
        other.signature_input = replaced(headers.signature_input, rfc_key().public_key().device_id(), "0123456789abcdef");
    }
    SECTION("the same parameters in another order") {
        const std::string nonce = ";nonce=\"a1b2c3\"";
        other.signature_input = replaced(replaced(headers.signature_input, nonce, ""), ";alg=", nonce + ";alg=");
    }
    SECTION("another digest") {
        other.content_digest = sign_request(rfc_key(), "POST", "/api/v1/state", "{}", 41, "a1b2c3").content_digest;
    }
    SECTION("another signature") {
        other.signature[10] = other.signature[10] == 'A' ? 'B' : 'A';
    }
    SECTION("a signature by another key") {
        other.signature = sign_request(*SecretKey::from_seed_hex(std::string(64, '7')), "POST", "/api/v1/state",
                                       R"({"programme":1})", 41, "a1b2c3")
                              .signature;
    }
    CHECK(refused(check(other)));
}

TEST_CASE("headers that are missing or malformed are refused") {
    const auto good = signed_example();
    auto headers = good;
    SECTION("no Signature-Input") {
        headers.signature_input.clear();
    }
    SECTION("no Signature") {
        headers.signature.clear();
    }
    SECTION("no Content-Digest") {
        headers.content_digest.clear();
    }
    SECTION("no counter") {
        headers.counter.clear();
    }
    SECTION("a counter with a sign") {
        headers.counter = "+41";
    }
    SECTION("a counter with a leading zero") {
        headers.counter = "041";
    }
    SECTION("a counter of sixteen digits") {
        headers.counter = "1000000000000000";
    }
    SECTION("another label") {
        headers.signature_input = replaced(good.signature_input, "sig1", "sig2");
    }
    SECTION("two signatures") {
        headers.signature_input += ", " + good.signature_input;
    }
    SECTION("fewer components") {
        headers.signature_input = replaced(good.signature_input, " \"capsule-counter\"", "");
    }
    SECTION("an unknown parameter") {
        headers.signature_input += ";expires=\"1\"";
    }
    SECTION("a parameter that is no string") {
        headers.signature_input += ";created=1";
    }
    SECTION("a parameter twice") {
        headers.signature_input += ";nonce=\"z\"";
    }
    SECTION("no nonce") {
        headers.signature_input = replaced(good.signature_input, ";nonce=\"a1b2c3\"", "");
    }
    SECTION("another algorithm") {
        headers.signature_input = replaced(good.signature_input, "ed25519", "hmac-sha256");
    }
    SECTION("an open string") {
        headers.signature_input.pop_back();
    }
    SECTION("a key id in capitals") {
        headers.signature_input = replaced(good.signature_input, "keyid=\"", "keyid=\"A");
    }
    SECTION("a signature without colons") {
        headers.signature = replaced(good.signature, ":", "");
    }
    SECTION("a signature that is too short") {
        headers.signature = "sig1=:AAAA:";
    }
    SECTION("a digest of another algorithm") {
        headers.content_digest = replaced(good.content_digest, "sha-256", "sha-512");
    }
    SECTION("an endless header") {
        headers.signature_input.append(10'000, ' ').append("x");
    }
    CHECK(refused(check(headers)));
}
