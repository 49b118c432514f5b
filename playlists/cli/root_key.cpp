#include "playlists/cli/root_key.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/lib/json/strict.hpp"
#include "content/lib/sodium/sealed_secret.hpp"
#include "content/qr/qr.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t seed_bytes = 32, checksum_bytes = 3, code_digits = 56; // 35 bytes are 56 digits exactly

std::string checksum(std::string_view seed) {
    const Digest digest = sha256("capsule root key " + std::string(seed));
    return std::string(reinterpret_cast<const char*>(digest.bytes.data()), checksum_bytes);
}

// Rows of two modules each, with the quiet zone; dark on light whatever the terminal's colours.
std::string in_blocks(const QrCode& code) {
    const int edge = code.modules() + qr_quiet_zone;
    const auto dark = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < code.modules() && y < code.modules() && code.dark(x, y);
    };
    std::string text;
    for (int y = -qr_quiet_zone; y < edge; y += 2) {
        for (int x = -qr_quiet_zone; x < edge; ++x) {
            const bool above = dark(x, y), below = dark(x, y + 1);
            text += above && below ? " " : above ? "▄" : below ? "▀" : "█"; // light modules are drawn
        }
        text += '\n';
    }
    return text;
}

} // namespace

Result<void> save_root_key(Disk& disk, const Path& file, const SecretKey& key, std::string_view passphrase) {
    if (disk.exists(file))
        return Error{Category::refused, file.string() + " is there already: a root key is never overwritten; name another file with --key"};
    CAPSULE_TRY(sealed, seal_secret(key.seed_hex(), passphrase));
    const nlohmann::ordered_json document = {{"format", 1},
                                             {"kind", "capsule-root-key"},
                                             {"public", key.public_key().hex()},
                                             {"kdf", "argon2id"},
                                             {"operations", sealed.operations},
                                             {"memory", sealed.memory},
                                             {"salt", to_hex(sealed.salt)},
                                             {"nonce", to_hex(sealed.nonce)},
                                             {"sealed", to_hex(sealed.sealed)}};
    if (!file.parent_path().empty())
        CAPSULE_CHECK(disk.make_directories(file.parent_path()));
    return write_durably(disk, file, document.dump(2) + "\n", 0600);
}

Result<SecretKey> load_root_key(Disk& disk, const Path& file, std::string_view passphrase) {
    const auto text = disk.read(file, 65536);
    if (!text && text.error().category == Category::missing)
        return Error{Category::missing, file.string() + " is not there: make a root key with `capsule keys create`, or bring it back with "
                                                        "`capsule keys restore`"};
    if (!text)
        return text.error();
    const Error bad{Category::invalid, file.string() + " is no root key: bring it back with `capsule keys restore`"};
    const auto document = json::parse_strict(*text, {.bytes = 65536, .depth = 4, .floats = false});
    if (!document || !document->is_object())
        return bad;
    const auto bytes = [&](const char* name) {
        const auto found = document->find(name);
        return found != document->end() && found->is_string() ? from_hex(found->get<std::string>()).value_or("") : std::string{};
    };
    const auto number = [&](const char* name) {
        const auto found = document->find(name);
        return found != document->end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
    };
    const auto seed = open_secret({number("operations"), number("memory"), bytes("salt"), bytes("nonce"), bytes("sealed")}, passphrase);
    if (!seed)
        return seed.error().category == Category::invalid ? bad : in_context(file.string(), seed.error());
    const auto key = SecretKey::from_seed_hex(*seed);
    return key ? Result<SecretKey>(*key) : bad;
}

std::string recovery_code(const SecretKey& key) {
    const std::string seed = *from_hex(key.seed_hex());
    const std::string bytes = seed + checksum(seed);
    std::string code;
    std::uint32_t held = 0;
    int bits = 0;
    std::size_t count = 0;
    for (const char c : bytes) {
        held = (held << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) {
            if (count > 0 && count % 4 == 0)
                code += '-';
            code += digits[(held >> (bits - 5)) & 31];
            ++count;
        }
    }
    return code;
}

Result<SecretKey> from_recovery_code(std::string_view code) {
    std::string plain;
    for (const char c : code)
        if (c != '-' && c != ' ' && c != '\n' && c != '\r')
            plain += c;
    const auto normal = normalise_crockford(plain);
    const Error bad{Category::invalid, "the recovery code is not right: 14 groups of four letters and digits, as on the sheet"};
    if (!normal || normal->size() != code_digits)
        return bad;
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : *normal) {
        held = (held << 5) | static_cast<std::uint32_t>(digits.find(c));
        if ((bits += 5) >= 8) {
            bits -= 8;
            bytes += static_cast<char>((held >> bits) & 255);
        }
    }
    const std::string seed = bytes.substr(0, seed_bytes);
    if (bytes.substr(seed_bytes) != checksum(seed))
        return bad;
    const auto key = SecretKey::from_seed_hex(to_hex(seed));
    return key ? Result<SecretKey>(*key) : bad;
}

Result<std::string> recovery_sheet(const SecretKey& key, const std::string& made_on) {
    const std::string code = recovery_code(key);
    CAPSULE_TRY(qr, QrCode::encode(code));
    return "CAPSULE — FICHE DE SECOURS DE LA CLÉ RACINE\n\n"
           "Faite le " + made_on + ". Clé publique : " + key.public_key().hex() + "\n\n"
           "Cette fiche permet de refaire la clé qui signe pour tous les écrans. Imprimez-la, gardez-la sous clé,\n"
           "et n’en gardez aucune copie sur un ordinateur. Qui la lit peut commander les écrans.\n\n"
           "Si la clé est perdue : capsule keys restore, puis tapez ce code :\n\n    " + code + "\n\n"
           "Si la clé ou cette fiche a pu être lue par d’autres : capsule keys rotate, puis détruisez cette fiche.\n\n" + in_blocks(qr);
}

} // namespace capsule::cli
